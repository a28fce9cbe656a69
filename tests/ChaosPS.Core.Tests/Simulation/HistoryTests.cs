using ChaosPS.Clusters;
using ChaosPS.Simulation;
using FsCheck.Xunit;

namespace ChaosPS.Core.Tests.Simulation;

public sealed class HistoryTests
{
    private static ClusterSimulation Cluster(int seed) => TestCluster.WithNodes(5, i => $"westeurope-{(i % 3) + 1}")
        .AddDeployment("api", ["node0", "node1", "node0"])
        .AddDeployment("search", ["node0", "node0"])
        .Simulate(seed);

    /// <summary>A story with every kind of change; <paramref name="step"/> says how time passes.</summary>
    private static List<string> Tell(int seed, Action<ClusterSimulation, DateTimeOffset> step)
    {
        var simulation = Cluster(seed);
        var history = simulation.Record();
        simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
        step(simulation, TestCluster.Start.AddSeconds(100));
        simulation.Apply(simulation.Deployment("search").Spec with
        {
            Replicas = 4,
            PodSpec = TestCluster.Spec(70) with { Affinity = SchedulingTests.ApartOnHostname("search") },
        });
        step(simulation, TestCluster.Start.AddSeconds(120));
        simulation.SetUnschedulable(simulation.Node("node2"), true);
        simulation.DeletePod(simulation.PodsOf("api")[1]);
        step(simulation, TestCluster.Start.AddSeconds(420));
        simulation.Begin(simulation.Node("node0"), PowerAction.Start);
        step(simulation, TestCluster.Start.AddSeconds(700));
        simulation.Begin(simulation.Node("node1"), PowerAction.Delete);
        step(simulation, TestCluster.Start.AddSeconds(1000));
        return history;
    }

    [Property(MaxTest = 10)]
    public void One_jump_and_many_small_steps_give_the_same_history(int seed, int stepSeed)
    {
        var jump = Tell(seed, (simulation, end) => simulation.AdvanceTo(end));
        var chance = new Random(stepSeed);
        var steps = Tell(seed, (simulation, end) =>
        {
            while (simulation.Now < end)
            {
                var next = simulation.Now.AddSeconds(chance.NextDouble() * chance.NextDouble() * 3);
                simulation.AdvanceTo(next < end ? next : end);
            }
        });
        Assert.Equal(jump, steps);
    }

    [Fact]
    public void One_seed_is_one_history_and_another_seed_another()
    {
        var first = Tell(42, (simulation, end) => simulation.AdvanceTo(end));
        Assert.Equal(first, Tell(42, (simulation, end) => simulation.AdvanceTo(end)));
        Assert.NotEqual(first, Tell(43, (simulation, end) => simulation.AdvanceTo(end)));
        Assert.True(first.Count > 150, $"{first.Count} changes");
    }

    [Fact]
    public void Every_change_takes_the_next_resource_version()
    {
        var simulation = Cluster(1);
        var last = simulation.ResourceVersion;
        simulation.Changed += change =>
        {
            Assert.Equal(++last, change.Target.ResourceVersion);
            Assert.Equal(last, simulation.ResourceVersion);
        };
        simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
        simulation.Run(600);
    }

    [Fact]
    public void The_past_cannot_be_changed()
    {
        var simulation = Cluster(1);
        simulation.Run(10);
        var now = simulation.Now;
        simulation.AdvanceTo(now.AddSeconds(-5));
        Assert.Equal(now, simulation.Now);
    }

    [Fact]
    public void A_quiet_cluster_of_many_nodes_costs_little()
    {
        var simulation = TestCluster.WithNodes(500).Simulate(1);
        var history = simulation.Record();
        simulation.Run(600);
        Assert.Empty(history);
    }
}
