using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Resilience;

namespace ChaosPS.Manifests;

/// <summary>How files would be changed.</summary>
internal sealed class ManifestEditPlan
{
    private ManifestEditPlan(ManifestObject target, IReadOnlyList<ManifestFileEdit> files) => (Target, Files) = (target, files);

    /// <summary>The workload.</summary>
    public ManifestObject Target { get; }

    /// <summary>The files, the workload's first; none where they say all of it already.</summary>
    public IReadOnlyList<ManifestFileEdit> Files { get; }

    /// <summary>Makes the plan of a change of a workload and of the disruption budgets that go with it.</summary>
    /// <exception cref="ChaosException">Id <c>ManifestEditImpossible</c>.</exception>
    public static ManifestEditPlan Make(ManifestObject target, ClusterOverlay change, ManifestSet set, IDocumentReader reader, IDocumentEditor editor)
    {
        var edits = new Dictionary<ManifestFile, List<FieldEdit>>();
        var wanted = new Dictionary<ManifestFile, JsonArray>();
        Say(target, change.Workloads.Aggregate(target.Json, WorkloadManifest.Apply));
        foreach (var budget in change.DisruptionBudgets)
        {
            if (set.FindBudget(budget, target) is { } present)
            {
                Say(present, WorkloadManifest.Apply(present.Json, budget, withNamespace: false));
                continue;
            }

            var made = WorkloadManifest.Apply(null, budget, withNamespace: target.Namespace is not null);
            var documents = Wanted(target.File);
            if (target.Path.Count > 0)
            {
                object[] list = [.. target.Path.SkipLast(1)];
                var items = (JsonArray)At(documents[target.Document]!, list)!;
                Edits(target.File).Add(new FieldEdit(FieldEditKind.Insert, target.Document, [.. list, items.Count], made));
                items.Add(made.DeepClone());
            }
            else
            {
                Edits(target.File).Add(new FieldEdit(FieldEditKind.AddDocument, target.Document, [], made));
                documents.Insert(target.Document + 1, made.DeepClone());
            }
        }

        return new ManifestEditPlan(target, [.. edits.Where(static pair => pair.Value.Count > 0).Select(pair => Edit(pair.Key, pair.Value))]);

        List<FieldEdit> Edits(ManifestFile file) => edits.TryGetValue(file, out var known) ? known : edits[file] = [];

        JsonArray Wanted(ManifestFile file) => wanted.TryGetValue(file, out var known) ? known : wanted[file] = Documents(reader, file.Text, file.Source);

        void Say(ManifestObject item, JsonObject after)
        {
            Edits(item.File).AddRange(FieldDifference.Of(item.Document, item.Path, item.Json, JsonNode.Parse(after.ToJsonString())));
            var documents = Wanted(item.File);
            if (item.Path.Count == 0) documents[item.Document] = after;
            else ((JsonArray)At(documents[item.Document]!, item.Path.SkipLast(1))!)[(int)item.Path[^1]] = after;
        }

        ManifestFileEdit Edit(ManifestFile file, List<FieldEdit> fields)
        {
            var splices = editor.Edit(file.Text, file.Source, fields);
            var text = TextSplice.Apply(file.Text, splices);

            // Whatever the layout of a file, it is not written unless it says afterwards what it is to say, and nothing else.
            var now = Documents(reader, text, file.Source);
            return JsonNode.DeepEquals(now, JsonNode.Parse(Wanted(file).ToJsonString()))
                ? new ManifestFileEdit(file, splices, text)
                : throw ChaosErrors.ManifestEditImpossible(file.Source, target.Node.Line, target.Node.Column, "the change would alter more than it is to, by the way this file is written");
        }
    }

    /// <summary>What the documents of a text say.</summary>
    internal static JsonArray Documents(IDocumentReader reader, string text, string source) => (JsonArray)JsonNode.Parse(
        new JsonArray([.. reader.ReadAll(text, source).Select(static document => JsonValues.ToJson(DocumentValues.ToValue(document)))]).ToJsonString())!;

    private static JsonNode? At(JsonNode node, IEnumerable<object> path) => path.Aggregate((JsonNode?)node, static (at, step) => step is int index ? at![index] : at![(string)step]);
}

/// <summary>How one file would be changed.</summary>
/// <param name="File">The file as it is.</param>
/// <param name="Splices">What is replaced in its text.</param>
/// <param name="Text">The text as it will be.</param>
internal sealed record ManifestFileEdit(ManifestFile File, IReadOnlyList<TextSplice> Splices, string Text)
{
    /// <summary>The changed lines, as <c>diff -u</c> shows them.</summary>
    public IReadOnlyList<string> Diff => UnifiedDiff.Of(File.Source, File.Text, Splices);
}
