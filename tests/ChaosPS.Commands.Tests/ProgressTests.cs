using System.Management.Automation;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What is shown while a cmdlet waits: what for, and how far it is where that can be known.</summary>
public sealed class ProgressTests
{
    private const string FirstNode = "aks-nodepool1-36421985-vmss000000";

    [Fact]
    public void Several_machines_are_counted()
    {
        var all = Progress("Restart-ClusterNode *").ToArray();

        var shown = all.Where(static record => record.Activity.StartsWith("Restart ", StringComparison.Ordinal)).ToArray();
        Assert.Contains(all, static record => record.Activity == $"Waiting for {FirstNode}"); // the next one waits until it is Ready

        Assert.Equal([0, 33, 66], shown.Where(static record => record.RecordType == ProgressRecordType.Processing).Select(static record => record.PercentComplete));
        Assert.Equal(3, shown.Count(static record => record.RecordType == ProgressRecordType.Completed));
        Assert.Equal($"Restart {FirstNode}", shown[0].Activity);
        Assert.Equal("Waiting until Azure has done it", shown[0].StatusDescription);
    }

    [Fact]
    public void Several_machines_at_once_are_one_thing_to_wait_for()
    {
        var shown = Progress("Stop-ClusterNode *0, *9 -MaxNodesDown 2 -SkipShutdown");

        Assert.All(shown, static record => Assert.Equal("Cut the power of 2 nodes", record.Activity));
        Assert.Equal([0, 50, 100, 100], shown.Select(static record => record.PercentComplete));
        Assert.Equal(ProgressRecordType.Completed, shown[^1].RecordType);
    }

    [Fact]
    public void Of_one_machine_nothing_is_known_until_Azure_has_done_it()
    {
        var shown = Progress("Stop-ClusterNode *000000 -NoWait");

        Assert.Equal(-1, shown[0].PercentComplete);
        Assert.Equal("Waiting until Azure accepts it", shown[0].StatusDescription);
        Assert.Equal(ProgressRecordType.Completed, shown[^1].RecordType);
    }

    [Fact]
    public void A_wait_shows_how_much_of_its_time_has_passed()
    {
        var shown = Progress("Stop-ClusterNode *000000 -PassThru | Wait-ClusterNode -State NotReady -Timeout 2m")
            .Where(static record => record.Activity == $"Waiting for {FirstNode}").ToArray();

        Assert.Equal("Ready, waiting for NotReady (0 s of 2 min 0 s)", shown[0].StatusDescription);
        Assert.Equal(shown.Select(static record => record.PercentComplete).Order(), shown.Select(static record => record.PercentComplete));
        Assert.Contains(shown, static record => record.PercentComplete is > 10 and < 60);
    }

    [Fact]
    public void A_rollout_shows_how_many_replicas_are_available()
    {
        var shown = Progress("Set-WorkloadReplica search-deploy -Replicas 4");

        Assert.Equal("Rolling out search-deploy", shown[0].Activity);
        Assert.StartsWith("2 of 4 available", shown[0].StatusDescription, StringComparison.Ordinal);
        Assert.Equal(50, shown[0].PercentComplete);
    }

    [Fact]
    public void A_run_shows_the_activity_it_is_at()
    {
        var shown = Progress($"Invoke-ChaosExperiment '{Places.Sample("stop-node.yaml")}'")
            .Where(static record => record.Activity == "Validate pod distribution over k8s nodes").ToArray();

        // Ten may be played: four probes twice, one action, one rollback. The second check ends with the second probe, which deviates; then the steady state is waited for.
        Assert.Equal([0, 10, 20, 30, 40, 50, 50, 60, 70, 70, 100], shown.Select(static record => record.PercentComplete));
        Assert.Equal("stop-instance", shown[4].StatusDescription);
        Assert.Equal("Pausing 15 s after 'stop-instance'", shown[5].StatusDescription);
    }

    private static List<ProgressRecord> Progress(string script)
    {
        using var engine = Engine.WithSandbox();
        using var shell = engine.Create(script);
        shell.Invoke();
        Assert.Empty(shell.Streams.Error);
        return [.. shell.Streams.Progress];
    }
}
