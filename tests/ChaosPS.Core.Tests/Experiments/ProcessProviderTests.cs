using System.Text.Json.Nodes;
using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

public sealed class ProcessProviderTests : IDisposable
{
    private readonly ExperimentWorld _world = new();

    /// <summary>Those of which the time-out is real time and the environment the process's are left to their own tests.</summary>
    public static TheoryData<string> Cases => RecordedCase.Ids("process", static recorded => recorded.Environment.Count == 0 && recorded.Id != "process-013");

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_program_has_the_result_that_the_Chaos_Toolkit_got(string id)
    {
        // The recordings are of Linux.
        if (OperatingSystem.IsWindows()) return;
        var recorded = RecordedCase.Get(id);
        var configuration = recorded.Input.TryGetProperty("configuration", out var block) ? block.GetRawText() : "{}";
        var experiment = Experiment(recorded.Input.GetProperty("provider").GetRawText(), configuration);

        if (recorded.IsError || IsNotFound(recorded))
        {
            // What fails there at run time is refused here before anything runs.
            await Assert.ThrowsAsync<ChaosPS.Errors.ChaosException>(() => _world.RunAsync(experiment));
            return;
        }

        var run = (await _world.RunAsync(experiment)).Activities.Single();
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(recorded.Expected.GetProperty("value").GetRawText()), JsonNode.Parse(run.Output!.ToJsonString())));
    }

    [Fact]
    public async Task A_program_that_takes_too_long_is_killed()
    {
        if (OperatingSystem.IsWindows()) return;

        var run = (await _world.RunAsync(Experiment("""{"type": "process", "path": "sleep", "arguments": "600", "timeout": 0.05}"""))).Activities.Single();

        Assert.Equal(ActivityStatus.Failed, run.Status);
        Assert.StartsWith("process activity took too long to complete", run.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_leaves_another_behind_on_its_output_does_not_outlast_its_time_out()
    {
        if (OperatingSystem.IsWindows()) return;

        var run = (await _world.RunAsync(Experiment(
            """{"type": "process", "path": "sh", "arguments": ["-c", "sleep 5 & exit 0"], "timeout": 0.2}"""))).Activities.Single();

        Assert.Equal(ActivityStatus.Failed, run.Status);
        Assert.StartsWith("process activity took too long to complete", run.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1e300")]
    [InlineData("9999999999")]
    public async Task A_time_out_that_no_timer_takes_is_refused(string timeout)
    {
        var exception = await Assert.ThrowsAsync<ChaosPS.Errors.ChaosException>(
            () => _world.RunAsync(Experiment($$"""{"type": "process", "path": "sh", "timeout": {{timeout}}}""")));

        Assert.Contains("24 days", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_sees_the_variables_of_the_connection()
    {
        if (OperatingSystem.IsWindows()) return;

        var run = (await _world.RunAsync(Experiment("""{"type": "process", "path": "sh", "arguments": ["-c", "echo $AZURE_CLUSTER_VMSS_NAME"]}"""))).Activities.Single();

        Assert.Equal("aks-nodepool1-vmss\n", (string?)run.Output!["stdout"]);
    }

    private static bool IsNotFound(RecordedCase recorded) =>
        recorded.Input.GetProperty("provider").GetProperty("path").GetString() == "no-such-cmd";

    private static string Experiment(string provider, string configuration = "{}") =>
        """{"title": "t", "description": "d", "configuration": """ + configuration
        + """, "method": [{"type": "action", "name": "a", "provider": """ + provider + "}]}";
}
