using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

/// <summary>
/// Disks. Sources: https://kubernetes.io/docs/concepts/storage/ (volume node affinity, node-specific limits),
/// https://kubernetes.io/docs/concepts/cluster-administration/node-shutdown/ (six minutes, out-of-service), and
/// kubernetes/pkg/controller/volume/attachdetach.
/// </summary>
public sealed class VolumeTests
{
    private static readonly ClusterIdentity s_identity = new("test", "https://test.invalid", "test");

    private static VolumeClaim Claim(string name, string? zone = null) => new()
    {
        Name = name,
        Namespace = TestCluster.Namespace,
        Cluster = s_identity,
        VolumeName = zone is null ? null : $"pv-{name}",
        NodeAffinity = zone is null ? [] : [new NodeAffinityTerm([new LabelRequirement("topology.kubernetes.io/zone", SelectorOperator.In, [zone])], [])],
    };

    private static Workload WithClaim(string name, string claim, int replicas = 1)
    {
        var workload = TestCluster.MakeWorkload(name, replicas);
        return workload with { PodSpec = workload.PodSpec with { Claims = [claim] } };
    }

    private static ClusterSimulation Database(Func<SimulationOptions, SimulationOptions>? configure = null)
    {
        var simulation = TestCluster.WithNodes(3, i => $"westeurope-{(i < 2 ? 1 : 2)}").Simulate(1, configure);
        simulation.Apply(Claim("data", "westeurope-1"));
        simulation.Apply(WithClaim("db", "data"));
        simulation.Run(60);
        return simulation;
    }

    [Fact]
    public void A_pod_starts_in_the_zone_of_its_disk_after_that_is_attached()
    {
        var simulation = Database();
        var pod = Assert.Single(simulation.PodsOf("db"));
        Assert.NotEqual("node2", pod.NodeName);
        Assert.Equal(pod.NodeName, simulation.FindVolumeClaim(TestCluster.Namespace, "data")!.AttachedTo);
        Assert.InRange((pod.FindCondition("Ready")!.LastTransitionTime - pod.CreationTimestamp).TotalSeconds, 7, 20);
        Assert.Contains(simulation.Events, e => e is { Reason: "SuccessfulAttachVolume", Component: "attachdetach-controller" });
    }

    [Fact]
    public void After_the_loss_of_its_zone_a_pod_with_a_disk_waits()
    {
        var simulation = Database();
        simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
        simulation.Begin(simulation.Node("node1"), PowerAction.PowerOff);
        simulation.Run(600);
        var pod = Assert.Single(simulation.PodsOf("db"));
        Assert.Null(pod.NodeName);
        Assert.Equal(
            "0/3 nodes are available: 1 node(s) had volume node affinity conflict, 2 node(s) had untolerated taint {node.kubernetes.io/unreachable: }. " +
            "preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
            pod.FindCondition("PodScheduled")!.Message);
    }

    [Fact]
    public void The_disk_of_a_dead_node_is_not_given_away_while_the_old_pod_is_there_and_then_after_six_minutes()
    {
        var simulation = Database();
        var old = Assert.Single(simulation.PodsOf("db"));
        simulation.Begin(simulation.Node(old.NodeName!), PowerAction.PowerOff);
        simulation.Run(1200);
        var replacement = Assert.Single(simulation.PodsOf("db"));
        Assert.NotEqual(old.NodeName, replacement.NodeName);
        Assert.Equal(("Pending", 0), (replacement.Phase, replacement.Containers.Count));
        Assert.Contains(simulation.Events, e => e.Reason == "FailedAttachVolume" && e.InvolvedObject == replacement &&
            e.Message == $"Multi-Attach error for volume \"pv-data\" Volume is already used by pod(s) {old.Name}");

        simulation.DeletePod(old, gracePeriodSeconds: 0);
        var forced = simulation.Now;
        simulation.RunUntil(() => replacement.Ready);
        Assert.InRange((simulation.Now - forced).TotalSeconds, 360 + 10 + 2, 360 + 30 + 6);
    }

    [Fact]
    public void Out_of_service_gives_it_away_at_once()
    {
        var simulation = Database(options => options with { ShutdownTaints = true, InstanceCachePhase = TimeSpan.FromSeconds(150) });
        var old = Assert.Single(simulation.PodsOf("db"));
        simulation.Begin(simulation.Node(old.NodeName!), PowerAction.PowerOff);
        simulation.Run(180);
        Assert.True(Assert.Single(simulation.PodsOf("db")).Ready);
    }

    [Fact]
    public void A_pod_that_moves_from_a_living_node_takes_its_disk_along()
    {
        var simulation = Database();
        var old = Assert.Single(simulation.PodsOf("db"));
        simulation.SetUnschedulable(simulation.Node(old.NodeName!), true);
        simulation.DeletePod(old);
        simulation.Run(60);
        var moved = Assert.Single(simulation.PodsOf("db"));
        Assert.True(moved.Ready);
        Assert.NotEqual(old.NodeName, moved.NodeName);
    }

    [Fact]
    public void A_node_takes_so_many_disks()
    {
        var simulation = TestCluster.WithNodes(1).Simulate(1);
        simulation.Apply(simulation.Node("node0").Spec with { MaxVolumes = 2 });
        for (var i = 0; i < 3; i++)
        {
            simulation.Apply(Claim($"data{i}"));
            simulation.Apply(WithClaim($"db{i}", $"data{i}"));
            simulation.Run(30);
        }

        var waiting = Assert.Single(simulation.PodsOf("db2"));
        Assert.StartsWith("0/1 nodes are available: 1 node(s) exceed max volume count.", waiting.FindCondition("PodScheduled")!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_pod_of_a_stateful_set_has_its_own_claim_which_outlives_it()
    {
        var simulation = TestCluster.WithNodes(3, i => $"westeurope-{i + 1}").Simulate(1);
        var spec = TestCluster.MakeWorkload("db", 2) with { Kind = "StatefulSet", ClaimTemplates = ["data"] };
        simulation.Apply(spec);
        simulation.Run(120);
        Assert.Equal(["data-db-0", "data-db-1"], simulation.VolumeClaims.Select(claim => claim.Name));
        var zones = simulation.PodsOf("db").ToDictionary(pod => pod.Name, pod => pod.NodeName);
        Assert.All(simulation.VolumeClaims, claim => Assert.Equal("Bound", claim.Phase));
        simulation.Apply(spec with { Replicas = 0 });
        simulation.Run(60);
        simulation.Apply(spec);
        simulation.Run(120);
        Assert.Equal(2, simulation.VolumeClaims.Count);
        Assert.Equal(zones, simulation.PodsOf("db").ToDictionary(pod => pod.Name, pod => pod.NodeName));
        Assert.All(simulation.PodsOf("db"), pod => Assert.True(pod.Ready));
    }
}
