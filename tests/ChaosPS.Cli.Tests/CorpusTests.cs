using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Providers;
using Xunit.Abstractions;

namespace ChaosPS.Cli.Tests;

/// <summary>Experiments of public repositories, which lie beside the repository where they are at all: each loads, and is valid where the Chaos Toolkit says so.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    /// <summary>Where the verdicts differ, and why.</summary>
    private static readonly Dictionary<string, string> s_differences = new()
    {
        ["chaostoolkit-incubator__chaostoolkit-azure__README.md_6.json"] = "the original was asked without its extension for Azure",
    };

    private static readonly string s_folder = Path.Combine(Samples.RepositoryRoot, "..", "shared", "corpus");

    [Fact]
    public void Every_file_loads_and_is_valid_where_the_Chaos_Toolkit_says_so()
    {
        if (!File.Exists(Path.Combine(s_folder, "index.tsv")))
        {
            output.WriteLine($"There is no corpus at {Path.GetFullPath(s_folder)}: nothing was compared.");
            return;
        }

        var problems = new List<string>();
        foreach (var row in CorpusFile.All(s_folder))
        {
            var experiment = ExperimentFile.Read(row.Path, new Composition().Documents);
            var validation = ExperimentValidator.Validate(experiment, Everything(experiment.Document));
            var verdict = $"{row.Name}: {(row.IsValid ? "valid" : row.Message)} there; here {string.Join("; ", validation.Errors.Select(static finding => $"{finding.Code} {finding.Message}"))}";
            if (!row.IsMapped && !validation.Errors.Any(static finding => finding.Code is "UnknownModule" or "UnknownFunction" or "NotSupported"))
                problems.Add($"not said that a module is missing: {verdict}");
            var isDifferent = row.IsMapped && row.IsValid != validation.IsValid;
            if (isDifferent != s_differences.ContainsKey(row.Name)) problems.Add(isDifferent ? verdict : $"no longer a difference: {verdict}");
        }

        problems.AddRange(s_differences.Keys.Except(CorpusFile.All(s_folder).Select(static row => row.Name)).Select(static name => $"not in the corpus: {name}"));

        output.WriteLine($"{CorpusFile.All(s_folder).Count} files, of which {CorpusFile.All(s_folder).Count(static row => row.IsMapped)} use only what is mapped.");
        Assert.True(problems.Count == 0, string.Join("\n", problems));
    }

    /// <summary>An environment that has every variable that the document reads.</summary>
    private static EnvironmentVariables Everything(DocumentNode document) => new(
        Variables(document).Distinct().ToDictionary(static name => name, static _ => "1"), "test", new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" });

    private static IEnumerable<string> Variables(DocumentNode node) => node switch
    {
        DocumentMapping mapping => mapping.Entries.SelectMany(static entry => Variables(entry.Value)).Concat(
            mapping["type"] is DocumentScalar { Value: "env" } && mapping["key"] is DocumentScalar { Value: string name } ? [name] : []),
        DocumentSequence sequence => sequence.Items.SelectMany(Variables),
        _ => [],
    };
}
