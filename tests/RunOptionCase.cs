using System.Globalization;
using System.Text.Json.Nodes;

namespace ChaosPS.Tests;

/// <summary>An option of <c>chaos run</c> that <c>chaosps run</c> and Invoke-ChaosExperiment have too, and what it makes of a run: the same through both.</summary>
/// <param name="Line">The options of the command line; <c>@</c> stands for the folder of the test's files.</param>
/// <param name="Cmdlet">The parameters of the cmdlet.</param>
/// <param name="Expected">What is in the journal, by its place: the JSON there, or with a # in front the number of items.</param>
internal sealed record RunOptionCase(string Line, string Cmdlet, IReadOnlyDictionary<string, string> Expected)
{
    /// <summary>An experiment of which every option makes something else.</summary>
    public const string Experiment = """
        {"title": "of the ${word}", "description": "d", "configuration": {"word": "file", "state": "true"},
         "steady-state-hypothesis": {"title": "h", "probes": [
          {"type": "probe", "name": "p", "tolerance": true, "provider": {"type": "python", "module": "json", "func": "loads", "arguments": {"s": "${state}"}}}]},
         "method": [{"type": "action", "name": "m", "provider": {"type": "python", "module": "time", "func": "sleep", "arguments": {"secs": 3.5}}}],
         "rollbacks": [{"type": "action", "name": "r", "provider": {"type": "python", "module": "time", "func": "sleep", "arguments": {"secs": 0}}}]}
        """;

    /// <summary>The same with an activity that cannot be carried out.</summary>
    public static readonly string Invalid = Experiment.Replace("\"method\": [", "\"method\": [{\"name\": \"x\"}, ", StringComparison.Ordinal);

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, RunOptionCase> All { get; } = new Dictionary<string, RunOptionCase>
    {
        ["none"] = Of("", "", ("experiment.title", "\"of the file\""), ("status", "\"completed\""), ("steady_states.before.steady_state_met", "true"), ("#run", "1"), ("#rollbacks", "1"), ("#steady_states.during", "0")),
        ["--dry"] = Of("--dry actions", "-Dry Actions", ("experiment.dry", "\"actions\""), ("run.0.dry", "true"), ("run.0.duration", "0.0")),
        ["--no-validation"] = Of("--no-validation", "-SkipValidation", ("outcome", "\"ActivityFailed\""), ("run.0.status", "\"failed\""), ("run.1.status", "\"succeeded\"")),
        ["--rollback-strategy"] = Of("--rollback-strategy never", "-RollbackStrategy Never", ("strategies.rollbacks", "\"Never\""), ("#rollbacks", "0")),
        ["--var"] = Of("--var word=line", "-Variable @{ word = 'line' }", ("experiment.title", "\"of the line\"")),
        ["--var-file"] = Of("--var-file @/values.json", "-VariableFile '@/values.json'", ("experiment.title", "\"of the values\"")),
        ["--control-file"] = Of("--control-file @/controls.json", "-ControlFile '@/controls.json'", ("controls.0.name", "\"leave-out\""), ("run.0.dry", "true")),
        ["--settings"] = Of(
            "--settings @/settings.yaml", "-SettingsFile '@/settings.yaml'",
            ("controls.0.name", "\"leave-out\""), ("run.0.dry", "true"), ("strategies.hypothesis", "\"AfterMethodOnly\""), ("strategies.rollbacks", "\"Never\""),
            ("#rollbacks", "0")),
        ["--settings and options"] = Of(
            "--settings @/settings.yaml --rollback-strategy always", "-SettingsFile '@/settings.yaml' -RollbackStrategy Always",
            ("strategies.hypothesis", "\"AfterMethodOnly\""), ("strategies.rollbacks", "\"Always\""), ("#rollbacks", "1")),
        ["--hypothesis-strategy"] = Of("--hypothesis-strategy after-method-only", "-HypothesisStrategy AfterMethodOnly", ("steady_states.before", "null"), ("steady_states.after.steady_state_met", "true")),
        ["--hypothesis-frequency"] = Of(
            "--hypothesis-strategy during-method-only --hypothesis-frequency 2", "-HypothesisStrategy DuringMethodOnly -HypothesisFrequency 2",
            ("#steady_states.during", "2"), ("steady_states.after", "null")),
        ["--fail-fast"] = Of(
            "--hypothesis-strategy during-method-only --fail-fast --var state=false", "-HypothesisStrategy DuringMethodOnly -FailFast -Variable @{ state = 'false' }",
            ("outcome", "\"Deviated\""), ("#steady_states.during", "1"), ("run.0.status", "null")),
        ["--compatibility"] = Of(
            "--compatibility chaostoolkit --var state=false", "-Compatibility ChaosToolkit -Variable @{ state = 'false' }",
            ("status", "\"completed\""), ("exit_code", "0"), ("steady_states.before.steady_state_met", "false"), ("#run", "0"), ("#rollbacks", "1")),
    };

    /// <summary>Writes the experiment, and the files that options name.</summary>
    /// <returns>The experiment's path.</returns>
    public static string Prepare(string folder, string name)
    {
        File.WriteAllText(Path.Combine(folder, "values.json"), """{"configuration": {"word": "values"}}""");
        File.WriteAllText(Path.Combine(folder, "controls.json"), """
            {"leave-out": {"provider": {"type": "python", "module": "chaosaddons.controls.bypass", "arguments": {"target_names": ["m"]}}}}
            """);
        File.WriteAllText(Path.Combine(folder, "settings.yaml"), """
            controls:
              leave-out: {provider: {type: python, module: chaosaddons.controls.bypass, arguments: {target_names: [m]}}}
            runtime:
              hypothesis: {strategy: after-method-only}
              rollbacks: {strategy: never}
            vendor: {any: thing}
            """);
        var path = Path.Combine(folder, "experiment.json");
        File.WriteAllText(path, name == "--no-validation" ? Invalid : Experiment);
        return path;
    }

    /// <summary>What is otherwise in a journal than expected.</summary>
    public IEnumerable<string> Differences(JsonNode journal)
    {
        foreach (var (place, expected) in Expected)
        {
            var node = journal;
            foreach (var part in place.TrimStart('#').Split('.'))
                node = int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? node![index] : node?[part];
            var got = place[0] == '#' ? node!.AsArray().Count.ToString(CultureInfo.InvariantCulture) : node?.ToJsonString() ?? "null";
            if (got != expected) yield return $"{place}: {got}, and not {expected}";
        }
    }

    private static RunOptionCase Of(string line, string cmdlet, params (string Place, string Json)[] expected) =>
        new(line, cmdlet, expected.ToDictionary(static fact => fact.Place, static fact => fact.Json));
}
