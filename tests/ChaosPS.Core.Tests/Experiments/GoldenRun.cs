using System.Text.Json.Nodes;
using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

/// <summary>A run of the Chaos Toolkit 1.45.0: its experiment, its arguments, its journal and its exit code.</summary>
internal sealed record GoldenRun(string Scenario, string Arguments, int Exit, JsonObject? Journal, string? JournalName)
{
    /// <summary>Where they are.</summary>
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden");

    private static readonly GoldenRun[] s_all = [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "runs.json")))!.AsArray().Select(Read)];

    /// <summary>Scenario and arguments of each, with a space between.</summary>
    public static IEnumerable<string> All => s_all.Select(static run => $"{run.Scenario} {run.Arguments}");

    /// <summary>The names of their journals.</summary>
    public static IEnumerable<string?> Journals => s_all.Select(static run => run.JournalName);

    /// <summary>Scenario and arguments of the runs that have a journal, for theories.</summary>
    public static TheoryData<string, string> WithJournal => Rows(static run => run.Journal is not null);

    /// <summary>Scenario and arguments of the runs that died of a Python exception, for theories.</summary>
    public static TheoryData<string, string> WithoutJournal => Rows(static run => run.Journal is null);

    public static GoldenRun Get(string scenario, string arguments) => Array.Find(s_all, run => run.Scenario == scenario && run.Arguments == arguments)!;

    /// <summary>The experiment. What takes time there takes the clock's here, and what is Python's code is an http request that is refused.</summary>
    public string Experiment(string folder) => File.ReadAllText(Path.Combine(Folder, $"{Scenario}.experiment.json"))
        .Replace("@DIR@", folder, StringComparison.Ordinal)
        .Replace("\"timeout\": 1\n", "\"timeout\": 0.2\n", StringComparison.Ordinal)
        .Replace("1.5", "0", StringComparison.Ordinal);

    public RunOptions Options()
    {
        var options = new RunOptions { AllowExternal = true, Compatibility = RunCompatibility.ChaosToolkit };
        var words = Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            options = words[i] switch
            {
                "--rollback-strategy" => options with { RollbackStrategy = Enum.Parse<RollbackStrategy>(words[++i], ignoreCase: true) },
                "--hypothesis-strategy" => options with { HypothesisStrategy = Enum.Parse<HypothesisStrategy>(words[++i].Replace("-", "", StringComparison.Ordinal), ignoreCase: true) },
                "--hypothesis-frequency" => options with { HypothesisFrequency = TimeSpan.FromSeconds(double.Parse(words[++i], System.Globalization.CultureInfo.InvariantCulture)) },
                "--dry" => options with { Dry = Enum.Parse<DryMode>(words[++i], ignoreCase: true) },
                "--no-validation" => options with { SkipValidation = true },
                "--fail-fast" => options with { FailFast = true },
                var word => throw new ArgumentException($"The recorded run has the argument {word}, which this test does not know."),
            };
        }

        return options;
    }

    private static TheoryData<string, string> Rows(Func<GoldenRun, bool> where)
    {
        var data = new TheoryData<string, string>();
        foreach (var run in s_all.Where(where)) data.Add(run.Scenario, run.Arguments);
        return data;
    }

    private static GoldenRun Read(JsonNode? run) => new(
        (string)run!["scenario"]!, (string)run["args"]!, (int)run["exit"]!,
        run["golden"] is { } name ? JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, (string)name!)))!.AsObject() : null,
        (string?)run["golden"]);
}
