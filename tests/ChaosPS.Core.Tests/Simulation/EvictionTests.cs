using ChaosPS.Clusters;
using ChaosPS.Simulation;
using FsCheck.Xunit;

namespace ChaosPS.Core.Tests.Simulation;

public sealed class EvictionTests
{
    private static DisruptionBudget Budget(string name = "api", string? min = null, string? max = null) => new()
    {
        Name = name,
        Namespace = TestCluster.Namespace,
        Cluster = new ClusterIdentity("test", "https://test.invalid", "test"),
        Selector = LabelSelector.FromLabels([new("service", "api")]),
        MinAvailable = min,
        MaxUnavailable = max,
    };

    private static ClusterSimulation Cluster(int seed = 1) =>
        TestCluster.WithNodes(3).AddDeployment("api", ["node0", "node1", "node2", "node0"]).Simulate(seed);

    [Theory]
    [InlineData("2", null, 2, 4, 2)]
    [InlineData("51%", null, 3, 4, 1)]
    [InlineData("100%", null, 4, 4, 0)]
    [InlineData(null, "1", 3, 4, 1)]
    [InlineData(null, "26%", 2, 4, 2)]
    public void A_budget_counts_and_rounds_up(string? min, string? max, int desired, int expected, int allowed)
    {
        var simulation = Cluster();
        var budget = simulation.Apply(Budget(min: min, max: max));
        Assert.Equal(0, budget.ObservedGeneration);
        simulation.Run(1);
        Assert.Equal((desired, expected, 4, allowed), (budget.DesiredHealthy, budget.ExpectedPods, budget.CurrentHealthy, budget.DisruptionsAllowed));
    }

    [Fact]
    public void A_budget_that_nobody_has_looked_at_yet_asks_to_come_again()
    {
        var simulation = Cluster();
        simulation.Apply(Budget(min: "1"));
        var outcome = simulation.Evict(simulation.PodsOf("api")[0]);
        Assert.Equal((429, 10), (outcome.StatusCode, outcome.RetryAfterSeconds));
        Assert.Equal("The disruption budget api is still being processed by the server.", outcome.Cause);
    }

    [Fact]
    public void Two_budgets_for_one_pod_are_an_error()
    {
        var simulation = Cluster();
        simulation.Apply(Budget(min: "1"));
        simulation.Apply(Budget("second", min: "1"));
        simulation.Run(1);
        Assert.Equal(500, simulation.Evict(simulation.PodsOf("api")[0]).StatusCode);
    }

    [Fact]
    public void A_dry_run_changes_nothing()
    {
        var simulation = Cluster();
        var budget = simulation.Apply(Budget(min: "3"));
        simulation.Run(1);
        var version = simulation.ResourceVersion;
        Assert.True(simulation.Evict(simulation.PodsOf("api")[0], dryRun: true).Evicted);
        Assert.Equal((1, version), (budget.DisruptionsAllowed, simulation.ResourceVersion));
    }

    [Fact]
    public void A_granted_eviction_uses_the_budget_up_at_once()
    {
        var simulation = Cluster();
        var budget = simulation.Apply(Budget(min: "3"));
        simulation.Run(1);
        var pods = simulation.PodsOf("api");
        Assert.True(simulation.Evict(pods[0]).Evicted);
        Assert.Equal("EvictionByEvictionAPI", pods[0].FindCondition("DisruptionTarget")!.Reason);
        Assert.Equal([pods[0].Name], budget.DisruptedPods.Keys);
        Assert.Equal(429, simulation.Evict(pods[1]).StatusCode);

        // What is on its way out does not ask again.
        Assert.True(simulation.Evict(pods[0]).Evicted);
        simulation.Run(20);
        Assert.Equal((1, 4), (budget.DisruptionsAllowed, budget.CurrentHealthy));
        Assert.Empty(budget.DisruptedPods);
    }

    [Fact]
    public void Taints_do_not_ask_budgets()
    {
        var simulation = Cluster();
        simulation.Apply(Budget(min: "4"));
        var node = simulation.Node("node0");
        simulation.Begin(node, PowerAction.PowerOff);
        simulation.Run(420);
        Assert.All(node.Pods.Where(pod => pod.OwnerKind == "ReplicaSet"), pod => Assert.True(pod.Terminating));
    }

    [Property(MaxTest = 20)]
    public void Evictions_never_break_a_budget(int seed)
    {
        var simulation = Cluster(seed);
        var budget = simulation.Apply(Budget(min: "3"));
        simulation.Run(1);
        var chance = new Random(seed);
        for (var i = 0; i < 100; i++)
        {
            var pods = simulation.PodsOf("api");
            simulation.Evict(pods[chance.Next(pods.Count)]);
            Assert.True(simulation.PodsOf("api").Count(pod => pod.Ready) >= 3, $"seed {seed}, step {i}");
            simulation.Run(chance.NextDouble() * 3);
        }

        simulation.Run(30);
        Assert.Equal((4, 1), (budget.CurrentHealthy, budget.DisruptionsAllowed));
    }
}
