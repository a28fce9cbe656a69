using ChaosPS.Core.Tests.Simulation.Replay;

namespace ChaosPS.Sandbox.Tests.Replay;

/// <summary>What a real control plane was recorded doing, a sandbox is seen doing by those who watch it through the API.</summary>
public sealed class WatchedReplayTests
{
    private static readonly KnownDifference s_seenBefore = new("successful is x2, and here x1", "The event before it is older than the snapshot.");

    [Fact]
    public void A_deployment_of_everything_goes_as_recorded() => Check(Recordings.Deploy);

    [Fact]
    public void Deleting_a_pod_and_scaling_go_as_recorded() =>
        Check(Recordings.DeleteAndScale, new KnownDifference("from 0 to 1 is x2, and here x1", "The event before it is older than the snapshot."));

    // Reading a cluster from a snapshot takes other draws than making one of the same parts, so another seed draws as recorded.
    [Fact]
    public void A_rollout_restart_goes_as_recorded() => Check(
        Recordings.RolloutRestart with { Seed = 1 },
        new KnownDifference("detail: 11:42:49.424 deploy contactsapi cond.Progressing", "Snapshots do not say when a rollout began that is over."),
        new KnownDifference("detail: 11:42:57.579 deploy contactsapi cond.Progressing", "For the same reason."));

    [Fact]
    public void A_node_that_stops_and_returns_goes_as_recorded() => Check(Recordings.NodeStop, s_seenBefore);

    [Fact]
    public void A_node_that_stops_and_whose_object_is_deleted_goes_as_recorded() => Check(Recordings.NodeDelete, s_seenBefore);

    [Fact]
    public void A_drain_goes_as_recorded() => Check(Recordings.Drain);

    private static void Check(Recording recording, params KnownDifference[] known)
    {
        using var rig = new ApiRig(recording);
        var unexplained = (recording with { Known = [.. recording.Known, .. known] }).Replay(rig);
        Assert.True(unexplained.Count == 0, string.Join('\n', unexplained.Prepend($"{unexplained.Count} differences:")));
    }
}
