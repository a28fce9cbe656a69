using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

/// <summary>AKS's shortcut: what happens once the cloud provider has noticed that a machine is off.</summary>
public sealed class ShutdownTaintTests
{
    private const string Shutdown = "node.cloudprovider.kubernetes.io/shutdown:NoSchedule";
    private const string OutOfService = "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute";

    private static ClusterSimulation Cluster(double cachePhase, int seed = 1) => TestCluster.WithNodes(3)
        .AddIngressDaemonSet()
        .AddDeployment("api", ["node0", "node1"])
        .Simulate(seed, options => options with { ShutdownTaints = true, InstanceCachePhase = TimeSpan.FromSeconds(cachePhase) });

    [Fact]
    public void Pods_of_a_stopped_machine_are_replaced_when_the_list_of_machines_is_read_anew()
    {
        var simulation = Cluster(cachePhase: 120);
        simulation.Apply(TestCluster.MakeWorkload("db", 1) with
        {
            Kind = "StatefulSet",
            PodSpec = TestCluster.Spec() with
            {
                Affinity = new Affinity { PreferredNodes = [new NodeAffinityTerm([new("kubernetes.io/hostname", SelectorOperator.In, ["node0"])], [], 100)] },
            },
        });
        simulation.Run(10);
        var node = simulation.Node("node0");
        Assert.Equal("node0", simulation.FindPod(TestCluster.Namespace, "db-0")!.NodeName);
        simulation.Begin(node, PowerAction.PowerOff);
        simulation.AdvanceTo(TestCluster.Start.AddSeconds(119));
        Assert.False(node.HasTaint(Shutdown));

        simulation.AdvanceTo(TestCluster.Start.AddSeconds(126));
        Assert.True(node.HasTaint(Shutdown) && node.HasTaint(OutOfService));
        Assert.All(node.Pods, pod => Assert.True(pod.Terminating));
        Assert.Equal(2, simulation.PodsOf("api").Count);

        // The garbage collector frees the stateful pod's name; nothing tolerates the taint, not even a DaemonSet.
        simulation.AdvanceTo(TestCluster.Start.AddSeconds(155));
        Assert.Empty(node.Pods);
        Assert.True(simulation.FindPod(TestCluster.Namespace, "db-0")!.Ready);
        Assert.Equal(2, simulation.PodsOf("api").Count(pod => pod.Ready));
    }

    [Fact]
    public void A_node_that_returns_loses_the_taints_and_gets_its_daemon_pod_back()
    {
        var simulation = Cluster(cachePhase: 100);
        var node = simulation.Node("node0");
        simulation.Begin(node, PowerAction.Deallocate);
        simulation.Run(300);
        Assert.Empty(node.Pods);
        simulation.Begin(node, PowerAction.Start);
        simulation.RunUntil(() => node.Ready);
        simulation.Run(12);
        Assert.Empty(node.Taints);
        simulation.Run(5);
        Assert.Equal("DaemonSet", Assert.Single(node.Pods, pod => pod.Ready).OwnerKind);
    }

    [Fact]
    public void Without_the_shortcut_and_where_the_list_comes_late_tolerations_decide()
    {
        var late = Cluster(cachePhase: 599);
        var upstream = TestCluster.WithNodes(3).AddDeployment("api", ["node0", "node1"]).Simulate(1);
        foreach (var simulation in new[] { late, upstream })
        {
            simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
            var at = simulation.RunUntil(() => simulation.PodsOf("api").Count(pod => pod.NodeName != "node0") == 2);
            Assert.InRange((at - TestCluster.Start).TotalSeconds, 340, 362);
        }
    }

    [Fact]
    public void The_phase_is_chance_unless_it_is_given()
    {
        List<double> times = [];
        for (var seed = 0; seed < 60; seed++)
        {
            var simulation = TestCluster.WithNodes(3).AddDeployment("api", ["node0", "node1"]).Simulate(seed, options => options with { ShutdownTaints = true });
            simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
            times.Add((simulation.RunUntil(() => simulation.PodsOf("api").Count(pod => pod.NodeName != "node0") == 2) - TestCluster.Start).TotalSeconds);
        }

        // With an even phase over ten minutes, more than half of the runs are earlier than the tolerations, and none later.
        Assert.InRange(times.Count(seconds => seconds < 340), 25, 45);
        Assert.InRange(times.Max(), 340, 362);
        Assert.True(times.Min() < 120);
    }
}
