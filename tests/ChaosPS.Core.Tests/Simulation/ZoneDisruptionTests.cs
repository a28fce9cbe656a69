using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

public sealed class ZoneDisruptionTests
{
    private const string NoExecute = "node.kubernetes.io/unreachable:NoExecute";

    private static ClusterSimulation WithDeadNodes(int nodes, int dead, Func<int, string>? zone = null)
    {
        var simulation = TestCluster.WithNodes(nodes, zone).Simulate(nodes + dead);
        simulation.Run(30);
        for (var i = 0; i < dead; i++) simulation.Begin(simulation.Node($"node{i}"), PowerAction.PowerOff);
        return simulation;
    }

    private static int Tainted(ClusterSimulation simulation) => simulation.Nodes.Count(node => node.HasTaint(NoExecute));

    /// <summary>
    /// One zone. From more than two nodes and 55 % on it is partly disrupted, and then evicts nothing when it is small. Nodes that die
    /// together are found out up to 15 s apart, so one or two may be tainted before.
    /// </summary>
    [Theory]
    [InlineData(3, 1, 1, 1)]
    [InlineData(3, 2, 2, 2)]
    [InlineData(5, 2, 2, 2)]
    [InlineData(5, 3, 0, 2)]
    [InlineData(5, 4, 0, 2)]
    [InlineData(7, 3, 3, 3)]
    [InlineData(7, 4, 0, 2)]
    [InlineData(3, 3, 0, 0)]
    [InlineData(1, 1, 0, 0)]
    public void How_many_dead_nodes_of_one_zone_are_evicted(int nodes, int dead, int fewest, int most)
    {
        var simulation = WithDeadNodes(nodes, dead);
        simulation.Run(120);
        Assert.Equal(dead, simulation.Nodes.Count(node => node.HasTaint("node.kubernetes.io/unreachable:NoSchedule")));
        var tainted = Tainted(simulation);
        Assert.InRange(tainted, fewest, most);
        simulation.Run(1200);
        Assert.Equal(tainted, Tainted(simulation));
    }

    [Fact]
    public void Further_nodes_of_a_zone_are_tainted_ten_seconds_apart()
    {
        var simulation = WithDeadNodes(10, 4);
        List<DateTimeOffset> times = [];
        for (var i = 1; i <= 4; i++) times.Add(simulation.RunUntil(() => Tainted(simulation) == i));
        for (var i = 1; i < 4; i++) Assert.InRange((times[i] - times[i - 1]).TotalSeconds, 10, 10.2);
    }

    [Fact]
    public void A_large_zone_that_is_partly_disrupted_evicts_slowly()
    {
        var simulation = WithDeadNodes(60, 40);
        simulation.Run(100);
        var first = Tainted(simulation);
        simulation.Run(1000);
        Assert.InRange(Tainted(simulation) - first, 9, 11);
    }

    [Fact]
    public void A_zone_that_is_wholly_down_is_evicted_while_another_one_lives()
    {
        var simulation = WithDeadNodes(6, 2, i => i < 2 ? "westeurope-1" : "westeurope-2");
        simulation.Run(120);
        Assert.Equal(2, Tainted(simulation));
    }

    [Fact]
    public void With_all_zones_down_taints_are_taken_back_and_come_again_when_one_lives()
    {
        var simulation = TestCluster.WithNodes(3, i => $"westeurope-{i + 1}").Simulate(9);
        simulation.Run(30);
        simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
        simulation.Run(120);
        Assert.Equal(1, Tainted(simulation));
        simulation.Begin(simulation.Node("node1"), PowerAction.PowerOff);
        simulation.Begin(simulation.Node("node2"), PowerAction.PowerOff);
        simulation.RunUntil(() => simulation.Nodes.All(node => !node.Ready));
        simulation.Run(1);
        Assert.Equal(0, Tainted(simulation));
        simulation.Run(1200);
        Assert.Equal(0, Tainted(simulation));

        simulation.Begin(simulation.Node("node2"), PowerAction.Start);
        simulation.Run(120);
        Assert.Equal(2, Tainted(simulation));
        Assert.False(simulation.Node("node2").HasTaint(NoExecute));
    }
}
