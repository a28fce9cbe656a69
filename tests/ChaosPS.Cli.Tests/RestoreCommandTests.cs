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

    [Fact]
    public async Task What_a_run_of_another_machine_left_is_put_back_by_its_lease()
    {
        await using var sandbox = await ServingSandbox.StartAsync("--speed", "100");
        using var kubernetes = new HttpClient { BaseAddress = new Uri(sandbox.Address) };
        await MarkAsync(kubernetes, "20260101T000000-dead", "2026-01-01T00:00:00.000000Z");
        await MarkAsync(kubernetes, "20260101T000000-busy", "2099-01-01T00:00:00.000000Z");

        var asked = await RestoreAsync("--lease", "--sandbox", sandbox.Address);
        Assert.Equal(7, asked.ExitCode);
        Assert.Contains("The run 20260101T000000-dead () is known by its Lease alone: laptop has written it", asked.Output, StringComparison.Ordinal);
        Assert.Contains("--force", asked.Output, StringComparison.Ordinal);

        var run = await RestoreAsync("--lease", "--force", "--sandbox", sandbox.Address);
        var left = await kubernetes.GetStringAsync(new Uri("/apis/coordination.k8s.io/v1/namespaces/default/leases", UriKind.Relative));

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("20260101T000000-dead", run.Output, StringComparison.Ordinal);
        Assert.Contains("complete", run.Output, StringComparison.Ordinal);
        Assert.Contains("20260101T000000-busy is left alone", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("-dead", left, StringComparison.Ordinal);
        Assert.Contains("-busy", left, StringComparison.Ordinal);
    }

    private static async Task MarkAsync(HttpClient kubernetes, string runId, string renewed)
    {
        var lease = new JsonObject
        {
            ["apiVersion"] = "coordination.k8s.io/v1",
            ["kind"] = "Lease",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"chaosps-run-{runId}".ToLowerInvariant(),
                ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "chaosps" },
                ["annotations"] = new JsonObject { ["chaosps.dev/run"] = runId, ["chaosps.dev/recovery"] = "{\"sequence\":0,\"type\":\"run\",\"machine\":\"laptop\"}\n" },
            },
            ["spec"] = new JsonObject { ["renewTime"] = renewed },
        };
        using var body = new StringContent(lease.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var made = await kubernetes.PostAsync(new Uri("/apis/coordination.k8s.io/v1/namespaces/default/leases", UriKind.Relative), body);
        made.EnsureSuccessStatusCode();
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
