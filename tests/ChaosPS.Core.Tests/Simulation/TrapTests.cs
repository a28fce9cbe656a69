using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

/// <summary>Settings that look safe and stop an application from healing.</summary>
public sealed class TrapTests
{
    private static readonly string[] s_all = ["node0", "node1", "node2"];

    private static ClusterSimulation Rollout(Func<Workload, Workload> configure)
    {
        var simulation = TestCluster.WithNodes(3)
            .AddDeployment("api", s_all, workload => configure(workload with
            {
                PodSpec = workload.PodSpec with { Affinity = SchedulingTests.ApartOnHostname("api") },
            }))
            .Simulate(1);
        var deployment = simulation.Deployment("api");
        simulation.Apply(deployment.Spec with { PodSpec = deployment.Spec.PodSpec with { TemplateMark = "new" } });
        simulation.Run(700);
        return simulation;
    }

    [Fact]
    public void Hard_anti_affinity_with_as_many_replicas_as_nodes_locks_every_rollout()
    {
        // 25 % of 3 are 0 pods that may be missing, and the extra one has no node.
        var simulation = Rollout(workload => workload);
        var deployment = simulation.Deployment("api");
        Assert.Equal("ProgressDeadlineExceeded", deployment.FindCondition("Progressing")!.Reason);
        Assert.Equal((1, 3), (deployment.UpdatedReplicas, deployment.AvailableReplicas));
        Assert.Contains(
            "didn't match pod anti-affinity rules", Assert.Single(simulation.PodsOf("api"), pod => pod.NodeName is null).FindCondition("PodScheduled")!.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void One_pod_that_may_be_missing_unlocks_it()
    {
        var deployment = Rollout(workload => workload with { MaxUnavailable = "1" }).Deployment("api");
        Assert.Equal((3, 3), (deployment.UpdatedReplicas, deployment.AvailableReplicas));
    }

    private static ClusterSimulation LoseZone(Func<TopologySpread, TopologySpread> configure)
    {
        var rule = configure(new TopologySpread("topology.kubernetes.io/zone", 1, LabelSelector.FromLabels([new("service", "api")]), IsRequired: true));
        var simulation = TestCluster.WithNodes(6, i => $"westeurope-{(i % 3) + 1}")
            .AddDeployment("api", ["node0", "node1", "node2", "node3", "node4", "node5"], workload => workload with
            {
                PodSpec = workload.PodSpec with { TopologySpread = [rule] },
            })
            .Simulate(1);
        simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
        simulation.Begin(simulation.Node("node3"), PowerAction.PowerOff);
        simulation.Run(900);
        return simulation;
    }

    [Fact]
    public void After_the_loss_of_a_zone_hard_spread_over_zones_stops_every_replacement()
    {
        var simulation = LoseZone(rule => rule);
        Assert.Equal(4, simulation.Deployment("api").AvailableReplicas);
        Assert.All(simulation.PodsOf("api").Where(pod => pod.NodeName is null), pod => Assert.StartsWith(
            "0/6 nodes are available: 2 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, " +
            "4 node(s) didn't match pod topology spread constraints.",
            pod.FindCondition("PodScheduled")!.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Honouring_taints_or_asking_softly_lets_them_start()
    {
        Assert.Equal(6, LoseZone(rule => rule with { HonorsTaints = true }).Deployment("api").AvailableReplicas);
        Assert.Equal(6, LoseZone(rule => rule with { IsRequired = false }).Deployment("api").AvailableReplicas);
    }
}
