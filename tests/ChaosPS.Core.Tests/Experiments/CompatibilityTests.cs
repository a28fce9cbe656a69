using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Safety;

namespace ChaosPS.Tests.Experiments;

/// <summary>Judged as the Chaos Toolkit judges, a run ends as its did.</summary>
public sealed class CompatibilityTests : IDisposable
{
    private static readonly string[] s_ours = ["expected", "got", "reason", "dry", "start", "end", "duration", "exception", "error_id"];

    private readonly ExperimentWorld _world = new();
    private readonly UndoControl _undo = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("chaosps-golden-").FullName;

    public static TheoryData<string, string> Runs => GoldenRun.WithJournal;

    public static TheoryData<string, string> Deaths => GoldenRun.WithoutJournal;

    public void Dispose()
    {
        _world.Dispose();
        _undo.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task A_run_ends_as_the_Chaos_Toolkits_did(string scenario, string arguments)
    {
        var golden = GoldenRun.Get(scenario, arguments);
        var experiment = JsonNode.Parse(golden.Experiment(_folder))!;
        using var interruption = new CancellationTokenSource();
        _world.Answer = static request => request.RequestUri!.Host == "app.invalid"
            ? new HttpResponseMessage(HttpStatusCode.OK)
            : throw new HttpRequestException("Connection refused");
        switch (scenario)
        {
            case "hyp-ok":
                experiment["method"]![0]!["provider"] = Http("http://app.invalid/slow");
                break;
            case "python-interrupt-in-activity":
                experiment["method"]![0]!["provider"] = Http("http://127.0.0.1:9/");
                break;
            case "sigint" or "sigusr1" or "sigusr2":
                _world.Log.OnMessage = message =>
                {
                    if (message != "Action: m2") return;
                    if (scenario == "sigusr2") _undo.SkipRollbacks();
                    interruption.Cancel();
                };
                break;
        }

        var run = await _world.RunAsync(experiment.ToJsonString(), golden.Options() with { Undo = _undo }, interruption.Token);

        Assert.Equal((golden.Exit, (string)golden.Journal!["status"]!, (bool)golden.Journal["deviated"]!), (run.ExitCode, run.Status, run.Deviated));
        Assert.Equal(golden.Exit, (int)run.Journal["exit_code"]!);
        foreach (var part in (string[])["steady_states", "run", "rollbacks"])
            Assert.Equal(Comparable(golden.Journal[part], golden), Comparable(run.Journal[part], golden));
        Assert.Equal(golden.Journal["experiment"]!["dry"]?.ToString(), run.Journal["experiment"]!["dry"]?.ToString());
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task A_run_that_died_there_without_a_journal_has_an_error_here_and_a_finished_journal(string scenario, string arguments)
    {
        var golden = GoldenRun.Get(scenario, arguments);
        var options = golden.Options();
        const string Rest = """
            "title": "t", "description": "d", "method": [{"type": "action", "name": "m1", "provider": {"type": "http", "url": "http://app.invalid/"}}]
            """;
        if (scenario == "runtime-bad")
        {
            // It is seen before there is a run.
            var refusal = await Assert.ThrowsAsync<ChaosException>(() => _world.RunAsync($$$"""{{{{Rest}}} , "runtime": {"hypothesis": {"strategy": "sometimes"} } }""", options));
            Assert.Contains("UnknownStrategy", refusal.Message, StringComparison.Ordinal);
            return;
        }

        var first = scenario == "rollback-missing-ref" ? """{"ref": "nope"}""" : """{"type": "action", "name": "r1", "provider": {"type": "http", "url": "not a url"}}""";
        var run = await _world.RunAsync(
            $$$"""{{{{Rest}}}, "rollbacks": [{{{first}}}, {"type": "action", "name": "r2", "provider": {"type": "http", "url": "http://app.invalid/"}}]}""", options);

        Assert.Equal((golden.Exit, "aborted"), (run.ExitCode, run.Status));
        Assert.Equal(["m1", scenario == "rollback-missing-ref" ? "nope" : "r1"], run.Activities.Select(static activity => activity.Name));
        Assert.Equal(scenario == "rollback-missing-ref" ? "ActivityInvalid" : "HttpUrlInvalid", (string?)run.Journal["error_id"]);
        Assert.NotNull(run.Journal["end"]);
    }

    [Fact]
    public async Task A_tolerance_that_crashes_there_ends_the_run_without_rollbacks()
    {
        var run = await _world.RunAsync(
            """
            {"title": "t", "description": "d",
             "steady-state-hypothesis": {"title": "h", "probes": [{"type": "probe", "name": "p", "tolerance": {"type": "regex", "pattern": "ok"},
              "provider": {"type": "http", "url": "http://app.invalid/"}}]},
             "method": [], "rollbacks": [{"type": "action", "name": "r", "provider": {"type": "http", "url": "http://app.invalid/"}}]}
            """,
            new RunOptions { Compatibility = RunCompatibility.ChaosToolkit, RollbackStrategy = RollbackStrategy.Always });

        Assert.Equal((1, "aborted"), (run.ExitCode, run.Status));
        Assert.DoesNotContain(run.Activities, static activity => activity.Phase == RunPhase.Rollbacks);
        Assert.Contains("the tolerance of 'p' cannot be evaluated", run.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunCompatibility.ChaosToolkit, "completed", 0, "GET /")]
    [InlineData(RunCompatibility.None, "failed", 5, "GET /, GET /")]
    public async Task Nobody_looks_there_at_what_crashes_in_the_background_and_an_unknown_strategy_plays_no_rollbacks(
        RunCompatibility compatibility, string status, int exitCode, string requests)
    {
        var run = await _world.RunAsync(
            """
            {"title": "t", "description": "d", "runtime": {"rollbacks": {"strategy": "sometimes"}},
             "method": [{"type": "action", "name": "b", "background": true, "provider": {"type": "http", "url": "not a url"}},
                        {"type": "action", "name": "a", "provider": {"type": "http", "url": "http://app.invalid/"}}],
             "rollbacks": [{"type": "action", "name": "r", "provider": {"type": "http", "url": "http://app.invalid/"}}]}
            """,
            new RunOptions { Compatibility = compatibility });

        Assert.Equal((status, exitCode), (run.Status, run.ExitCode));
        Assert.Equal(requests, string.Join(", ", _world.Requests));
        Assert.Equal(compatibility == RunCompatibility.None ? "failed" : null, (string?)run.Journal["run"]!.AsArray().Single(static entry => entry!["error_id"] is not null)!["status"]);
    }

    [Fact]
    public async Task What_the_run_has_changed_is_put_back_even_where_the_Chaos_Toolkit_would_leave_it()
    {
        var run = await _world.RunAsync(Workshop.Corrected, new RunOptions { Compatibility = RunCompatibility.ChaosToolkit, RollbackStrategy = RollbackStrategy.Never });

        Assert.Equal((0, "completed"), (run.ExitCode, run.Status));
        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
    }

    private static JsonObject Http(string url) => new() { ["type"] = "http", ["url"] = url };

    /// <summary>Without times and words, and without what the test has put in the place of programs.</summary>
    private string Comparable(JsonNode? node, GoldenRun golden)
    {
        var copy = node?.DeepClone();
        Clean(copy);
        return (copy?.ToJsonString() ?? "null").Replace(_folder, "@DIR@", StringComparison.Ordinal).Replace("\"1.5\"", "\"0\"", StringComparison.Ordinal);

        void Clean(JsonNode? part)
        {
            switch (part)
            {
                case JsonArray array:
                    foreach (var item in array) Clean(item);
                    break;
                case JsonObject entry:
                    if (entry["activity"] is JsonObject activity)
                    {
                        if (golden.Scenario is "hyp-ok" or "python-interrupt-in-activity" && (string)activity["name"]! == "m1")
                            (entry["activity"], entry["output"]) = (null, null);
                        else if (activity["provider"] is JsonObject provider) provider.Remove("timeout");
                        foreach (var key in s_ours) entry.Remove(key);
                    }

                    foreach (var (_, value) in entry.ToArray()) Clean(value);
                    break;
            }
        }
    }
}
