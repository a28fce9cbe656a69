using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

public sealed class ControllerTests
{
    private static Workload Set(int replicas, bool parallel = false) =>
        TestCluster.MakeWorkload("db", replicas) with { Kind = "StatefulSet", IsParallel = parallel };

    private static List<string> Names(ClusterSimulation simulation) => [.. simulation.PodsOf("db").Select(pod => pod.Name).Order()];

    [Fact]
    public void A_stateful_set_makes_its_pods_one_after_the_other()
    {
        var simulation = TestCluster.WithNodes(3).Simulate(1);
        simulation.Apply(Set(3));
        simulation.Run(1);
        Assert.Equal(["db-0"], Names(simulation));
        simulation.RunUntil(() => Names(simulation).Count == 2);
        Assert.True(simulation.FindPod(TestCluster.Namespace, "db-0")!.Ready);
        simulation.Run(20);
        Assert.Equal(["db-0", "db-1", "db-2"], Names(simulation));
        var set = simulation.FindWorkload(TestCluster.Namespace, "StatefulSet", "db")!;
        Assert.Equal((3, 3, 3, 0), (set.CurrentReplicas, set.UpdatedReplicas, set.AvailableReplicas, set.UnavailableReplicas));
    }

    [Fact]
    public void A_parallel_stateful_set_makes_them_at_once()
    {
        var simulation = TestCluster.WithNodes(3).Simulate(1);
        simulation.Apply(Set(3, parallel: true));
        simulation.Run(1);
        Assert.Equal(["db-0", "db-1", "db-2"], Names(simulation));
    }

    [Fact]
    public void A_pod_of_a_stateful_set_counts_until_it_is_gone()
    {
        var simulation = TestCluster.WithNodes(3).Simulate(1);
        var set = simulation.Apply(Set(1));
        simulation.Run(30);
        var pod = simulation.FindPod(TestCluster.Namespace, "db-0")!;
        simulation.Begin(simulation.Node(pod.NodeName!), PowerAction.PowerOff);
        simulation.RunUntil(() => pod.Terminating);
        simulation.Run(1);
        Assert.Equal((1, 0, 0), (set.CurrentReplicas, set.UpdatedReplicas, set.ReadyReplicas));
    }

    [Fact]
    public void A_stateful_set_shrinks_from_the_highest_number()
    {
        var simulation = TestCluster.WithNodes(3).Simulate(1);
        var set = simulation.Apply(Set(3));
        simulation.Run(30);
        simulation.Apply(set.Spec with { Replicas = 1 });
        simulation.Run(1);
        Assert.Equal(["db-0", "db-1"], Names(simulation));
        simulation.Run(20);
        Assert.Equal(["db-0"], Names(simulation));
    }

    [Fact]
    public void A_new_template_replaces_the_pods_of_a_stateful_set_from_the_highest_number()
    {
        var simulation = TestCluster.WithNodes(3).Simulate(1);
        var set = simulation.Apply(Set(2));
        simulation.Run(30);
        var old = simulation.PodsOf("db").ToDictionary(pod => pod.Name, pod => pod.Uid);
        simulation.Apply(set.Spec with { PodSpec = TestCluster.Spec(70) });
        simulation.RunUntil(() => simulation.FindPod(TestCluster.Namespace, "db-1") is { } pod && pod.Uid != old["db-1"]);
        Assert.Equal(old["db-0"], simulation.FindPod(TestCluster.Namespace, "db-0")!.Uid);
        simulation.Run(30);
        Assert.All(simulation.PodsOf("db"), pod => Assert.Equal(70, pod.Spec.Requests.MilliCpu));
        Assert.Equal(2, set.UpdatedReplicas);
    }

    [Fact]
    public void On_a_dead_node_a_stateful_pod_is_not_replaced_until_the_node_object_is_gone()
    {
        var simulation = TestCluster.WithNodes(3).Simulate(3);
        simulation.Apply(Set(1));
        simulation.Run(10);
        var pod = simulation.FindPod(TestCluster.Namespace, "db-0")!;
        var node = simulation.Node(pod.NodeName!);
        simulation.Begin(node, PowerAction.PowerOff);
        simulation.Run(1200);
        Assert.True(pod.Terminating);
        Assert.Same(pod, simulation.FindPod(TestCluster.Namespace, "db-0"));

        var at = simulation.Now;
        simulation.DeleteNode(node);
        var gone = simulation.RunUntil(() => simulation.FindPod(TestCluster.Namespace, "db-0") is { Ready: true });
        Assert.InRange((gone - at).TotalSeconds, 40, 66);
    }

    [Fact]
    public void A_node_that_comes_back_without_an_object_makes_one_and_gets_its_daemon_pod()
    {
        var simulation = TestCluster.WithNodes(3).AddIngressDaemonSet().Simulate(3);
        var node = simulation.Node("node1");
        simulation.Begin(node, PowerAction.PowerOff);
        simulation.Run(60);
        simulation.DeleteNode(node);
        simulation.Run(120);
        Assert.DoesNotContain(simulation.Pods, pod => pod.NodeName == "node1");
        simulation.Begin(node.Machine, PowerAction.Start);
        simulation.RunUntil(() => simulation.FindNode("node1") is { Ready: true });
        simulation.Run(10);
        Assert.Equal("DaemonSet", Assert.Single(simulation.Node("node1").Pods, pod => pod.Ready).OwnerKind);
        Assert.Empty(simulation.Node("node1").Taints);
        Assert.Contains(simulation.Events, it => it.Reason == "RegisteredNode");
    }

    [Fact]
    public void A_daemon_set_keeps_to_nodes_that_its_template_fits()
    {
        var simulation = TestCluster.WithNodes(4, i => $"westeurope-{(i % 2) + 1}").Simulate(1);
        simulation.SetUnschedulable(simulation.Node("node2"), true);
        simulation.Run(1);
        simulation.Apply(TestCluster.MakeWorkload("agent", 0) with
        {
            Kind = "DaemonSet",
            MaxUnavailable = "1",
            PodSpec = TestCluster.Spec() with { NodeSelector = new Dictionary<string, string> { ["topology.kubernetes.io/zone"] = "westeurope-1" } },
        });
        simulation.Run(10);

        // They tolerate a cordon.
        Assert.Equal(["node0", "node2"], simulation.PodsOf("agent").Select(pod => pod.NodeName).Order());
        var set = simulation.FindWorkload(TestCluster.Namespace, "DaemonSet", "agent")!;
        Assert.Equal((2, 2), (set.Spec.Replicas, set.AvailableReplicas));

        simulation.Apply(set.Spec with { PodSpec = set.Spec.PodSpec with { TemplateMark = "new" } });
        var fewest = 2;
        simulation.Changed += _ => fewest = Math.Min(fewest, simulation.PodsOf("agent").Count(pod => pod.Ready));
        simulation.Run(60);
        Assert.Equal((2, 2, 1), (set.UpdatedReplicas, set.AvailableReplicas, fewest));
    }
}
