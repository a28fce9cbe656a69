using System.Text.Json;
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

    [Theory]
    [InlineData("True", "", "n0", true)]
    [InlineData("False", "", "n0", false)]
    [InlineData("True", ",\"deletionTimestamp\":\"2026-11-23T09:00:00Z\"", "n0", false)]
    [InlineData("True", "", "", false)]
    public void Only_pods_that_are_ready_on_a_node_and_stay_count(string ready, string metadata, string node, bool counts)
    {
        var pod = JsonSerializer.Deserialize<JsonElement>(
            $$$"""{"metadata":{"name":"p","namespace":"ns","labels":{"app":"app"}{{{metadata}}}},"spec":{"nodeName":"{{{node}}}"},"status":{"conditions":[{"type":"Ready","status":"{{{ready}}}"}]}}""");

        Assert.Equal(counts, KubernetesReader.ReadPlacement(pod) is { Namespace: "ns", NodeName: "n0" });
    }

    [Fact]
    public void A_pod_belongs_to_the_workload_of_its_namespace_that_selects_it()
    {
        var other = Pod("n1", app: "other");
        var elsewhere = Pod("n2", "elsewhere");

        var result = PodDistribution.Compute(new([Workload(1), Workload(1) with { Selector = LabelSelector.Parse("app notin (app)") }], [Pod("n0"), other, elsewhere, Pod("n3")], Zones));

        Assert.Equal(["n0", "n3"], result[0].PodsByNode.Keys);
        Assert.Equal(["n1"], result[1].PodsByNode.Keys);
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

    private static IReadOnlyDictionary<string, string?> Zones { get; } = Enumerable.Range(0, 6).ToDictionary(i => $"n{i}", string? (i) => $"z{i % 3}");

    private static PodDistribution Compute(int replicas, params string[] placement) =>
        Assert.Single(PodDistribution.Compute(new([Workload(replicas)], [.. placement.Select(node => Pod(node))], Zones)));

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

    private static ServingPods Pod(string node, string @namespace = "ns", string app = "app") =>
        new(new PodPlacement(@namespace, node, new Dictionary<string, string> { ["app"] = app }));
}
