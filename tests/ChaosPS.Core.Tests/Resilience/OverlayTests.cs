using ChaosPS.Clusters;
using ChaosPS.Core.Tests.Simulation;
using ChaosPS.Resilience;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Resilience;

/// <summary>Changes that nobody has made.</summary>
public sealed class OverlayTests
{
    private static readonly ClusterSnapshot s_snapshot = TestCluster.WithNodes(3).AddDeployment("api", ["node0", "node0"]).AddDeployment("web", ["node1"]).TakeSnapshot();

    private static ClusterSnapshot Apply(params WorkloadOverlay[] workloads) =>
        new ClusterOverlay { Workloads = workloads }.Apply(s_snapshot, new SimulationOptions(), default);

    private static WorkloadOverlay Of(string name) => new("Deployment", TestCluster.Namespace, name);

    private static ClusterPod[] PodsOf(ClusterSnapshot snapshot, string name) => [.. snapshot.Pods.Where(pod => pod.Labels.GetValueOrDefault("service") == name)];

    [Fact]
    public void More_replicas_get_places_and_everything_else_stays_where_it_is()
    {
        var changed = Apply(Of("web") with { Replicas = 3 });
        Assert.All(PodsOf(changed, "web"), static pod => Assert.True(pod is { Ready: true, NodeName: not null }));
        Assert.Equal(3, PodsOf(changed, "web").Length);
        Assert.Equal(PodsOf(s_snapshot, "api"), PodsOf(changed, "api"));
        Assert.Equal(3, changed.Workloads.Single(static it => it.Name == "web").Replicas);
        Assert.Equal(s_snapshot.TakenAt, changed.TakenAt);
    }

    [Fact]
    public void Rules_move_pods_apart()
    {
        Assert.Single(PodsOf(s_snapshot, "api").Select(static pod => pod.NodeName).Distinct());
        var changed = Apply(Of("api") with { Affinity = SchedulingTests.ApartOnHostname("api") });
        Assert.Equal(2, PodsOf(changed, "api").Select(static pod => pod.NodeName).Distinct().Count());
        Assert.Equal(2, PodsOf(changed, "api").Length);
    }

    [Fact]
    public void Bounds_of_updates_and_readiness_probes_are_changed_and_everything_else_stays()
    {
        var before = s_snapshot.Workloads.Single(static it => it.Name == "web");
        before = before with { PodSpec = before.PodSpec with { Containers = [before.PodSpec.Containers[0] with { HasReadinessProbe = false }, new("other", "demo:1", default, false)] } };
        var after = (Of("web") with { MaxSurge = "2", MaxUnavailable = "0", ReadinessProbes = [new ReadinessProbe("c", "80")] }).Apply(before);
        Assert.Equal(("2", "0"), (after.MaxSurge, after.MaxUnavailable));
        Assert.Equal([true, false], after.PodSpec.Containers.Select(static it => it.HasReadinessProbe));
        Assert.Equal((before.Replicas, before.PodSpec.Affinity, before.PodSpec.Tolerations), (after.Replicas, after.PodSpec.Affinity, after.PodSpec.Tolerations));
    }

    [Fact]
    public void Shorter_tolerations_shorten_the_outage()
    {
        var changed = Apply(Of("web") with { TolerationSeconds = 30 });
        var node = Assert.Single(PodsOf(changed, "web")).NodeName!;
        var it = Assert.Single(new NodeLossPredictor(changed, new PredictionOptions()).Predict([new NodeLoss(node, NodeLossKind.Node, [node])], null, default), static it => it.Name == "web");
        Assert.InRange(it.WorstOutage.TotalSeconds, 70, 100);
    }

    [Fact]
    public void Nodes_of_a_pool_are_added_and_nothing_changes_without_changes()
    {
        var snapshot = s_snapshot with { Nodes = [.. s_snapshot.Nodes.Select(static node => node with { NodePoolName = "pool" })] };
        var changed = new ClusterOverlay { PoolSizes = new Dictionary<string, int> { ["pool"] = 5 } }.Apply(snapshot, new SimulationOptions(), default);
        Assert.Equal(["node0", "node1", "node2", "pool-new-1", "pool-new-2"], changed.Nodes.Select(static node => node.Name));
        Assert.Same(snapshot, new ClusterOverlay().Apply(snapshot, new SimulationOptions(), default));
    }
}
