using System.Management.Automation;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Runs that left a record, and putting back what they changed.</summary>
public sealed class ChaosRunTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("chaosps-test-").FullName;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public void A_stop_at_the_prompt_is_held_and_its_run_can_be_restored()
    {
        using var engine = Engine.WithSandbox();
        engine.Invoke($"$stopped = Stop-ClusterNode *000000 -PassThru -StatePath '{_state}'");

        var run = engine.Invoke($"Get-ChaosRun -StatePath '{_state}'").Single();
        Assert.Equal(("Held", 1), (Text(run, "State"), (int)run.Properties["Remaining"].Value));
        Assert.Empty(engine.Invoke($"Get-ChaosRun -Unfinished -StatePath '{_state}'"));

        var restored = engine.Invoke($"Get-ChaosRun -StatePath '{_state}' | Restore-ChaosRun").Single();
        Assert.Equal(true, restored.Properties["Complete"].Value);
        Assert.Equal("Running", Text(engine.Invoke("Get-ClusterNode *000000 -PowerState").Single(), "PowerState"));
        Assert.Equal("Ended", Text(engine.Invoke($"Get-ChaosRun -StatePath '{_state}'").Single(), "State"));
    }

    [Fact]
    public void A_start_at_the_prompt_ends_the_run_that_held_the_node()
    {
        using var engine = Engine.WithSandbox();

        engine.Invoke($"$stopped = Stop-ClusterNode *000000 -PassThru -StatePath '{_state}'; $stopped | Start-ClusterNode -StatePath '{_state}'");

        Assert.Equal("Ended", Text(engine.Invoke($"Get-ChaosRun $stopped.Change.RunId -StatePath '{_state}'").Single(), "State"));
    }

    [Fact]
    public void Replicas_and_anti_affinity_are_put_back_too()
    {
        using var engine = Engine.WithSandbox();
        engine.Invoke($"Set-WorkloadReplica frontend-deploy -Replicas 3 -StatePath '{_state}'; Add-PodAntiAffinity frontend-deploy -StatePath '{_state}'");

        // The newest first, as whoever undoes things does it.
        engine.Invoke($"$runs = @(Get-ChaosRun -StatePath '{_state}'); [array]::Reverse($runs); $runs | Restore-ChaosRun");

        var workload = engine.Invoke("Get-PodDistribution frontend-deploy").Single();
        Assert.Equal(1, workload.Properties["Replicas"].Value);
        Assert.Equal(
            ["Ended", "Ended"], engine.Invoke($"Get-ChaosRun -StatePath '{_state}'").Select(static run => Text(run, "State")));
    }

    [Fact]
    public void A_run_is_found_by_what_an_experiment_writes()
    {
        using var engine = Engine.WithSandbox();

        var run = engine.Invoke($"Invoke-ChaosExperiment '{Places.Sample("stop-node.yaml")}' -StatePath '{_state}' | Get-ChaosRun -StatePath '{_state}'").Single();

        Assert.Equal(("Ended", "Deviated"), (Text(run, "State"), Text(run, "Outcome")));
    }

    [Theory]
    [InlineData("Get-ChaosRun nobody", "RunNotFound,ChaosPS.Commands.GetChaosRunCommand")]
    [InlineData("Restore-ChaosRun nobody", "RunNotFound,ChaosPS.Commands.RestoreChaosRunCommand")]
    public void An_unknown_run_is_an_error(string command, string id)
    {
        using var engine = Engine.WithSandbox();

        Assert.Equal(id, engine.Run($"{command} -StatePath '{_state}'").Errors.Single().FullyQualifiedErrorId);
    }

    [Fact]
    public void A_policy_file_upward_from_the_current_location_counts()
    {
        File.WriteAllText(Path.Combine(_state, "chaosps.policy.yaml"), "lastReadyReplica: refuse\n");
        using var engine = Engine.WithSandbox();

        var error = engine.Run($"$null = $ExecutionContext.SessionState.Path.SetLocation('{_state}'); Stop-ClusterNode *000000").Errors.Single();

        Assert.Equal("LastReadyReplica,ChaosPS.Commands.StopClusterNodeCommand", error.FullyQualifiedErrorId);
        Assert.Contains("chaosps.policy.yaml) refuses that", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_that_cannot_be_read_is_not_passed_over()
    {
        File.WriteAllText(Path.Combine(_state, "chaosps.policy.yaml"), "maxNodesDwon: 1\n");
        using var engine = Engine.WithSandbox();

        var error = engine.Run($"$null = $ExecutionContext.SessionState.Path.SetLocation('{_state}'); Stop-ClusterNode *000000").Errors.Single();

        Assert.Equal("PolicyInvalid,ChaosPS.Commands.StopClusterNodeCommand", error.FullyQualifiedErrorId);
        Assert.Contains("Did you mean 'maxNodesDown'?", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_warns_of_the_last_ready_replicas_that_it_takes()
    {
        using var engine = Engine.WithSandbox();
        using var shell = engine.Create("Stop-ClusterNode *000000");

        shell.Invoke();

        Assert.Contains("has the last ready replica of", Assert.Single(shell.Streams.Warning).Message, StringComparison.Ordinal);
    }

    private static string Text(PSObject item, string property) => item.Properties[property].Value?.ToString() ?? "";
}
