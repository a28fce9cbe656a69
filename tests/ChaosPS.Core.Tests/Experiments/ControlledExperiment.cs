using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

/// <summary>An experiment with controls wherever a test wants them.</summary>
internal static class ControlledExperiment
{
    public const string First = "http://app.invalid/first";

    public const string Rollback = """{"type": "action", "name": "back", "provider": {"type": "http", "url": "http://app.invalid/back"}}""";

    public static EnvironmentVariables Environment { get; } = new(new Dictionary<string, string>(), "test", new Dictionary<string, string>());

    public static string Control(string module, string arguments) =>
        $$"""{"name": "c", "provider": {"type": "python", "module": "{{module}}", "arguments": { {{arguments}} } } }""";

    public static string Controls(string list) => $"\"controls\": [{list}],";

    public static string Wait(int timeout, int frequency) => Control("chaosps.controls.wait_until", $""" "timeout": {timeout}, "frequency": {frequency} """);

    public static string Safeguards(string probes) => Control("chaosaddons.controls.safeguards", $""" "probes": [{probes}] """);

    public static string Guard(string more, string path = "/alert") =>
        """{"type": "probe", "name": "no-alert", "tolerance": 200, """ + more + (more.Length == 0 ? "" : ",")
        + $$""" "provider": {"type": "http", "url": "http://app.invalid{{path}}"} }""";

    /// <summary>
    /// A hypothesis, two activities and a rollback. Without a control of its own the first activity is an action with a pause of ten seconds; with a tolerance it is a probe.
    /// </summary>
    public static string Text(
        string controls = "", string ofFirst = "", string ofHypothesis = "", string tolerance = "", string url = First, string rollbacks = Rollback) =>
        $$"""
        {"title": "t", "description": "d", "tags": ["${left_out}"], "configuration": {"left_out": ["first"]},
         {{Controls(controls)}}
         "steady-state-hypothesis": {"title": "h", "probes": [
          {"type": "probe", "name": "up", "tolerance": 200, {{Controls(ofHypothesis)}} "provider": {"type": "http", "url": "http://app.invalid/"} }]},
         "method": [
          {"type": "{{(tolerance.Length > 0 ? "probe" : "action")}}", "name": "first", {{Controls(ofFirst)}} {{(tolerance.Length > 0 ? $"\"tolerance\": {tolerance}," : "")}}
           "pauses": {"after": {{(tolerance.Length > 0 || ofFirst.Length > 0 ? 0 : 10)}} }, "provider": {"type": "http", "url": "{{url}}"} },
          {"type": "action", "name": "second", "provider": {"type": "http", "url": "http://app.invalid/second"} }],
         "rollbacks": [{{rollbacks}}]}
        """;

    public static Experiment Read(string json) => ExperimentReader.Read(json, "e.json", JsonDocuments.Instance);

    public static ExperimentValidation Validate(string json) => ExperimentValidator.Validate(Read(json), Environment);
}
