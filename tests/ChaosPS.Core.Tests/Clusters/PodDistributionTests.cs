using ChaosPS.Clusters;
using ChaosPS.Tests.Fakes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ChaosPS.Tests.Clusters;

public sealed class PodDistributionTests
{
    private static readonly PodSpec s_spec = new() { Containers = [new ContainerSpec("c", "i", default, true)] };

    [Fact]
    public void Two_replicas_on_one_node_do_not_survive_it()
    {
        var result = Compute(2, "n0", "n0");

        Assert.Equal((2, 2, 1, 1, 2), (result.Replicas, result.Ready, result.Nodes, result.Zones, result.MostOnOneNode));
        Assert.False(result.SurvivesNodeLoss);
        Assert.False(result.SurvivesZoneLoss);
        Assert.Equal("n0", result.WorstNode);
    }

    [Fact]
    public void Two_replicas_on_two_nodes_of_one_zone_survive_a_node_and_not_the_zone()
    {
        var result = Compute(2, "n0", "n3");

        Assert.True(result.SurvivesNodeLoss);
        Assert.False(result.SurvivesZoneLoss);
    }

    [Fact]
    public void Of_equally_bad_nodes_the_first_by_name_is_the_worst()
    {
        Assert.Equal("n1", Compute(4, "n2", "n1", "n2", "n1").WorstNode);
    }

    [Fact]
    public void A_workload_that_wants_no_pods_has_nothing_to_lose()
    {
        var result = Compute(0);

        Assert.True(result.SurvivesNodeLoss);
        Assert.Null(result.WorstNode);
    }

    [Fact]
    public void Only_ready_pods_count()
    {
        var pods = new[] { Pod(0, "n0"), Pod(1, "n1") with { Ready = false }, Pod(2, "n2") with { Terminating = true } };

        var result = Assert.Single(PodDistribution.Compute([Workload(3)], pods, Nodes));

        Assert.Equal(1, result.Ready);
        Assert.False(result.SurvivesNodeLoss);
    }

    [Property]
    public Property It_survives_node_loss_exactly_when_each_node_leaves_a_pod_behind() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<int>().Select(i => $"n{Math.Abs(i % 6)}").ArrayOf().ToArbitrary(),
        placement =>
        {
            var result = Compute(placement.Length, placement);
            var byHand = placement.Length == 0 || placement.Distinct().All(node => placement.Any(other => other != node));
            return result.SurvivesNodeLoss == byHand && result.PodsByNode.Values.Sum() == placement.Length;
        });

    private static IReadOnlyList<ClusterNode> Nodes { get; } =
        [.. Enumerable.Range(0, 6).Select(i => new ClusterNode { Name = $"n{i}", Cluster = FakeCluster.Identity, Ready = true, Zone = $"z{i % 3}" })];

    private static PodDistribution Compute(int replicas, params string[] placement) =>
        Assert.Single(PodDistribution.Compute([Workload(replicas)], [.. placement.Select((node, i) => Pod(i, node))], Nodes));

    private static Workload Workload(int replicas) => new()
    {
        Kind = "Deployment",
        Name = "app",
        Namespace = "ns",
        Cluster = FakeCluster.Identity,
        Replicas = replicas,
        Selector = LabelSelector.FromLabels([new("app", "app")]),
        PodSpec = s_spec,
    };

    private static ClusterPod Pod(int number, string node) => new()
    {
        Name = $"app-{number}",
        Namespace = "ns",
        Cluster = FakeCluster.Identity,
        NodeName = node,
        Ready = true,
        Labels = new Dictionary<string, string> { ["app"] = "app" },
        Spec = s_spec,
    };
}
