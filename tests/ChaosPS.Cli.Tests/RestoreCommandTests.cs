using System.Text.Json.Nodes;

namespace ChaosPS.Cli.Tests;

public sealed class RestoreCommandTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("chaosps-test-").FullName;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public async Task Nothing_to_put_back_is_said_and_is_no_failure()
    {
        var run = await RestoreAsync();

        Assert.Equal((0, "Nothing is left to put back.\n"), (run.ExitCode, run.Output.ReplaceLineEndings("\n")));
        Assert.Equal("[]", (await RestoreAsync("--output", "json")).Output.Trim());
    }

    [Fact]
    public async Task A_log_that_cannot_be_opened_is_told_and_hides_no_other()
    {
        Directory.CreateDirectory(Path.Combine(_state, "runs", "1-bad", "recovery.jsonl")); // a folder where the log should be
        var other = Directory.CreateDirectory(Path.Combine(_state, "runs", "2-good")).FullName;
        File.WriteAllText(Path.Combine(other, "recovery.jsonl"), """
            {"sequence":0,"type":"run","cluster":"gone","clusterId":"x","origin":{"context":"no-such-context","kubeConfig":"/no/such/file"}}
            {"sequence":1,"type":"intent","intent":{"kind":"replicas","workloadKind":"Deployment","namespace":"a","name":"b","replicasBefore":1,"replicas":2,"held":false}}

            """);

        var run = await RestoreAsync("--output", "json");

        Assert.Equal(7, run.ExitCode);
        Assert.Contains("RecoveryLogUnreadable", run.Error, StringComparison.Ordinal);
        var tried = Assert.Single(JsonNode.Parse(run.Output)!.AsArray())!;
        Assert.Equal(("2-good", false), ((string?)tried["runId"], (bool)tried["complete"]!));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("1e300")]
    [InlineData("soon")]
    public async Task A_timeout_that_is_none_is_a_usage_error(string timeout)
    {
        var run = await RestoreAsync("--timeout", timeout);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--timeout", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_an_error() => Assert.Contains("RunNotFound", (await RestoreAsync("20260101T000000-00000000")).Error, StringComparison.Ordinal);

    private Task<CommandLineRun> RestoreAsync(params string[] arguments) => CommandLineRun.InvokeAsync(["restore", "--state-path", _state, .. arguments]);
}
