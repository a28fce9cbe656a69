using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Reads an experiment from YAML or JSON.</summary>
public static class ExperimentReader
{
    private static readonly string[] s_keys =
    [
        "version", "title", "description", "tags", "contributions", "configuration", "secrets", "steady-state-hypothesis", "method", "rollbacks",
        "controls", "extensions", "runtime", "dry",
    ];

    /// <summary>Reads an experiment. What is wrong with its content is for <see cref="ExperimentValidator"/> to say.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="documents">Reads YAML and JSON.</param>
    /// <exception cref="ChaosException">The text is no document: id <c>DocumentInvalid</c>, with line and column.</exception>
    public static Experiment Read(string text, string source, IDocumentReader documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        return Read(documents.Read(text, source), source, documents);
    }

    /// <summary>Reads an experiment from a document.</summary>
    /// <param name="root">The document.</param>
    /// <param name="source">What it is called, for messages.</param>
    /// <param name="documents">Reads the files that the experiment names.</param>
    internal static Experiment Read(DocumentNode root, string source, IDocumentReader documents)
    {
        var findings = new FindingList(source);
        if (root is not DocumentMapping document)
        {
            findings.Error("WrongType", root, "An experiment must be a mapping with a title, a description and a method.");
            return new Experiment { Source = source, Document = root, Findings = findings.InOrder };
        }

        findings.UnknownKeys(document, "an experiment", s_keys);
        CheckBlocks(document, findings);
        var before = findings.Count;
        CheckLabels(document, findings);
        var (title, description) = (Required(document, "title", findings), Required(document, "description", findings));
        findings.Bear(before);
        var activities = new ActivityReader(document, findings);
        return new Experiment
        {
            Source = source,
            Documents = documents,
            Document = document,
            Title = title,
            Description = description,
            Hypothesis = ReadHypothesis(document, activities, findings),
            Method = ReadMethod(document, activities, findings),
            Rollbacks = document["rollbacks"] is { } rollbacks ? activities.ReadList(rollbacks, "rollbacks") : [],
            Controls = activities.Controls.ReadOfExperiment(document),
            DynamicConfiguration = activities.ReadConfiguration(document["configuration"] as DocumentMapping),
            HypothesisStrategy = RuntimeBlock.Hypothesis(document, findings),
            NamedRollbackStrategy = RuntimeBlock.Rollbacks(document, findings),
            Findings = findings.InOrder,
        };
    }

    private static string Required(DocumentMapping document, string key, FindingList findings)
    {
        var value = document[key] is { } node ? DocumentValues.ToValue(node) : null;
        if (PythonValue.IsTrue(value)) return PythonValue.Text(value);
        findings.Error("MissingKey", document[key] ?? document, $"An experiment must have a {key}.", $"Add {key}: …");
        return "";
    }

    private static void CheckBlocks(DocumentMapping document, FindingList findings)
    {
        foreach (var key in (string[])["configuration", "secrets", "runtime"])
        {
            if (document[key] is { } node and not DocumentMapping && !(key == "runtime" && !PythonValue.IsTrue(DocumentValues.ToValue(node))))
            {
                Action<string, DocumentNode, string, string?> report = key == "runtime" ? findings.BreaksRun : findings.Error;
                report("WrongType", node, $"'{key}' must be a mapping.", null);
            }
        }

        foreach (var scope in (document["secrets"] as DocumentMapping)?.Entries ?? [])
        {
            if (scope.Value is not DocumentMapping)
            {
                findings.Error(
                    "WrongType", scope.Value, $"The scope '{DocumentValues.Key(scope)}' of secrets must be a mapping.",
                    "Put the secret one level deeper: scope, then name.");
            }
        }
    }

    /// <summary>What is for readers only, and changes nothing in a run.</summary>
    private static void CheckLabels(DocumentMapping document, FindingList findings)
    {
        foreach (var tag in Items("tags", "a list of texts"))
        {
            if (tag is not DocumentScalar { Value: string { Length: > 0 } }) findings.Error("WrongType", tag, "A tag must be a text that is not empty.");
        }

        foreach (var extension in Items("extensions", "a list of mappings with a name each"))
        {
            if (extension is not DocumentMapping mapping || mapping["name"] is not DocumentScalar { Value: string name } || string.IsNullOrWhiteSpace(name))
                findings.Error("MissingKey", extension, "An extension must have a name.");
        }

        if (document["dry"] is { } dry) findings.Warning("KeyIgnored", dry, "'dry' in a file has no effect, here as in the Chaos Toolkit.", "Remove it.");

        // A text or a mapping of tags is taken by the original for a list of letters or keys: that is a slip, but no error.
        IReadOnlyList<DocumentNode> Items(string key, string what)
        {
            if (document[key] is not { } node || !PythonValue.IsTrue(DocumentValues.ToValue(node))) return [];
            if (node is DocumentSequence sequence) return sequence.Items;
            var report = key == "tags" && node is DocumentMapping or DocumentScalar { Value: string } ? (Action<string, DocumentNode, string, string?>)findings.Warning : findings.Error;
            report("WrongType", node, $"'{key}' must be {what}.", null);
            return [];
        }
    }

    private static ExperimentHypothesis? ReadHypothesis(DocumentMapping document, ActivityReader activities, FindingList findings)
    {
        const string Key = "steady-state-hypothesis";
        if (document[Key] is not { } node) return null;
        if (node is not DocumentMapping hypothesis)
        {
            findings.Error("WrongType", node, "The steady-state hypothesis must be a mapping with a title and probes.");
            return null;
        }

        findings.UnknownKeys(hypothesis, "a steady-state hypothesis", ["title", "probes", "controls"]);
        var controls = activities.Controls.ReadOfHypothesis(hypothesis);
        var title = DocumentValues.ToMap(hypothesis).GetValueOrDefault("title");
        var before = findings.Count;
        if (!PythonValue.IsTrue(title)) findings.Error("MissingKey", hypothesis["title"] ?? hypothesis, "A steady-state hypothesis must have a title.", "Add title: …");
        findings.Bear(before);
        var probes = hypothesis["probes"] is { } list ? activities.ReadList(list, "probes") : [];
        before = findings.Count;
        foreach (var probe in probes) activities.CheckTolerance(probe, "the hypothesis");
        findings.Bear(before);
        return probes.Count == 0 ? null : new ExperimentHypothesis(PythonValue.Text(title), probes) { Controls = controls };
    }

    private static IReadOnlyList<ExperimentActivity> ReadMethod(DocumentMapping document, ActivityReader activities, FindingList findings)
    {
        if (document["method"] is { } method) return activities.ReadList(method, "method");
        findings.Error("MissingKey", document, "An experiment must have a method, which may be empty: [].", "Add method: …");
        return [];
    }
}
