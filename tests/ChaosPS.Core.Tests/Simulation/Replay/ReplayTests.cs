namespace ChaosPS.Core.Tests.Simulation.Replay;

/// <summary>What a real control plane was recorded doing, the simulation does: the same changes at the same times.</summary>
public sealed class ReplayTests
{
    [Fact]
    public void A_deployment_of_everything_goes_as_recorded() => Check(Recordings.Deploy);

    [Fact]
    public void Deleting_a_pod_and_scaling_go_as_recorded() => Check(Recordings.DeleteAndScale);

    [Fact]
    public void A_rollout_restart_goes_as_recorded() => Check(Recordings.RolloutRestart);

    [Fact]
    public void A_node_that_stops_and_returns_goes_as_recorded() => Check(Recordings.NodeStop);

    [Fact]
    public void A_node_that_stops_and_whose_object_is_deleted_goes_as_recorded() => Check(Recordings.NodeDelete);

    [Fact]
    public void A_drain_goes_as_recorded() => Check(Recordings.Drain);

    private static void Check(Recording recording)
    {
        var unexplained = recording.Replay(new SimulationRig(recording));
        Assert.True(unexplained.Count == 0, string.Join('\n', unexplained.Prepend($"{unexplained.Count} differences:")));
    }
}
