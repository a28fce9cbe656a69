using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

/// <summary>Nodes that come back by themselves, or are brought back. Source for repair: https://learn.microsoft.com/azure/aks/node-auto-repair .</summary>
public sealed class RepairTests
{
    private static ClusterSimulation Cluster(int seed, Func<SimulationOptions, SimulationOptions>? configure = null) =>
        TestCluster.WithNodes(3).AddDeployment("api", ["node0", "node1"]).Simulate(seed, configure);

    private static string[] Repairs(ClusterSimulation simulation) =>
        [.. simulation.Events.Where(e => e.Component == "aks-auto-repair").Select(e => e.Reason)];

    [Fact]
    public void A_machine_that_is_off_cannot_be_rebooted_and_is_installed_anew()
    {
        var simulation = Cluster(1, options => options with { AutoRepair = true });
        var node = simulation.Node("node0");
        simulation.Begin(node, PowerAction.PowerOff);
        var unknown = simulation.RunUntil(() => !node.Ready);
        simulation.RunUntil(() => Repairs(simulation).Length > 0);
        Assert.InRange((simulation.Now - unknown).TotalMinutes, 5, 6);
        Assert.Equal(["NodeRebootStart", "NodeRebootError"], Repairs(simulation));
        simulation.RunUntil(() => node.Ready);
        Assert.InRange((simulation.Now - unknown).TotalMinutes, 10, 13);
        simulation.Run(3600);
        Assert.Equal(["NodeRebootStart", "NodeRebootError", "NodeReimageStart", "NodeReimageEnd"], Repairs(simulation));
    }

    [Fact]
    public void A_machine_that_is_known_to_be_off_is_left_alone()
    {
        var simulation = Cluster(1, options => options with { AutoRepair = true, ShutdownTaints = true, InstanceCachePhase = TimeSpan.FromSeconds(100) });
        simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
        simulation.Run(3600);
        Assert.Empty(Repairs(simulation));
        Assert.False(simulation.Node("node0").Ready);
    }

    [Fact]
    public void Without_the_option_nothing_is_repaired()
    {
        var simulation = Cluster(1);
        simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
        simulation.Run(3600);
        Assert.False(simulation.Node("node0").Ready);
    }

    /// <summary>A node that is silent for less than the grace period is never Unknown, though its pods have died; it can do so again and again.</summary>
    [Fact]
    public void A_node_that_goes_and_comes_within_the_grace_period_is_never_not_ready()
    {
        var simulation = Cluster(3, options => options with { Start = DurationRange.FromSeconds(5, 6), PowerOffSkippingShutdown = DurationRange.FromSeconds(4, 5) });
        var node = simulation.Node("node0");
        var pods = node.Pods.ToList();
        var seen = 0;
        simulation.Changed += change => seen += change.Target == node && !node.Ready ? 1 : 0;
        for (var i = 0; i < 3; i++)
        {
            simulation.Run(30);
            simulation.Begin(node, PowerAction.PowerOff, skipShutdown: true);
            simulation.Run(10);
            Assert.All(pods, pod => Assert.True(pod is { Ready: true, IsAlive: false }));
            simulation.Begin(node, PowerAction.Start);
            simulation.Run(30);
        }

        Assert.Equal(0, seen);
        Assert.Empty(node.Taints);
        Assert.Equal(pods, node.Pods);
        Assert.All(pods, pod => Assert.Equal((true, true, 3), (pod.Ready, pod.IsAlive, pod.Containers[0].RestartCount)));
        Assert.Equal(3, Assert.Single(simulation.Events, e => e.Reason == "Rebooted").Count);
    }
}
