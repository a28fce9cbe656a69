using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

public sealed class NodeLossTests
{
    private const string NoSchedule = "node.kubernetes.io/unreachable:NoSchedule";
    private const string NoExecute = "node.kubernetes.io/unreachable:NoExecute";

    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 20));

    private static ClusterSimulation Cluster(int seed, double before)
    {
        var simulation = TestCluster.WithNodes(3, i => $"westeurope-{i + 1}")
            .AddDeployment("api", ["node0", "node1"])
            .AddDeployment("search", ["node0", "node0"])
            .Simulate(seed);
        simulation.Run(before);
        return simulation;
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_stopped_node_is_found_out_after_40_to_55_seconds_and_evicted_300_seconds_after_the_taint(int seed)
    {
        var simulation = Cluster(seed, before: 30 + (seed * 0.73));
        var node = simulation.Node("node0");
        var stopped = simulation.Now;
        simulation.Begin(node, PowerAction.PowerOff);

        var unknown = simulation.RunUntil(() => !node.Ready);
        Assert.InRange((unknown - stopped).TotalSeconds, 40, 55.02);
        Assert.All(node.Conditions, condition =>
        {
            Assert.Equal("Unknown", condition.Status);
            Assert.Equal("NodeStatusUnknown", condition.Reason);
            Assert.Equal("Kubelet stopped posting node status.", condition.Message);
        });

        // The pods stay Running 1/1, but nothing is sent to them any more.
        var pods = node.Pods.ToList();
        Assert.Equal(4, pods.Count);
        Assert.All(pods, pod => Assert.Equal(("Running", 1, false), (pod.Phase, pod.ReadyContainers, pod.Ready)));
        Assert.Contains(simulation.Events, e => e is { Reason: "NodeNotReady", Component: "node-controller", InvolvedObject: SimulatedNode });
        Assert.Equal(4, simulation.Events.Count(e => e is { Reason: "NodeNotReady", Type: "Warning", Message: "Node is not ready" }));

        var noSchedule = simulation.RunUntil(() => node.HasTaint(NoSchedule));
        Assert.InRange((noSchedule - unknown).TotalMilliseconds, 0, 25);
        var noExecute = simulation.RunUntil(() => node.HasTaint(NoExecute));
        Assert.InRange((noExecute - unknown).TotalSeconds, 5, 5.2);

        var deleted = simulation.RunUntil(() => pods.Exists(pod => pod.Terminating));
        Assert.InRange((deleted - noExecute).TotalSeconds, 300, 300.1);
        simulation.Run(1);
        var evicted = pods.FindAll(pod => pod.OwnerKind == "ReplicaSet");
        Assert.All(evicted, pod =>
        {
            Assert.Equal(30, pod.DeletionGracePeriodSeconds);
            Assert.Equal("DeletionByTaintManager", pod.FindCondition("DisruptionTarget")!.Reason);
        });
        Assert.False(pods.Find(pod => pod.OwnerKind == "DaemonSet")!.Terminating);

        // The replacement comes with the mark, not with the end of the old pod: that never comes on a dead node.
        simulation.Run(10);
        Assert.All(evicted, pod => Assert.True(pod is { Terminating: true, Phase: "Running", ReadyContainers: 1 }));
        Assert.Equal(2, simulation.PodsOf("search").Count(pod => pod.Ready && pod.NodeName != "node0"));
        Assert.Equal(2, simulation.Deployment("search").AvailableReplicas);
        simulation.Run(600);
        Assert.All(evicted, pod => Assert.True(pod.Terminating));
    }

    [Fact]
    public void Detection_takes_different_times_with_different_seeds()
    {
        var times = Enumerable.Range(1, 20).Select(seed =>
        {
            var simulation = Cluster(seed, before: 30);
            var stopped = simulation.Now;
            simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
            return (simulation.RunUntil(() => !simulation.Node("node0").Ready) - stopped).TotalSeconds;
        }).ToList();
        Assert.True(times.Max() - times.Min() > 5, string.Join(" ", times));
    }

    [Fact]
    public void A_node_that_returns_after_the_eviction_becomes_ready_and_lets_its_old_pods_end()
    {
        var simulation = Cluster(7, before: 30);
        var node = simulation.Node("node0");
        simulation.Begin(node, PowerAction.PowerOff);
        simulation.Run(420);
        var old = node.Pods.Where(pod => pod.Terminating).ToList();
        var daemon = node.Pods.Single(pod => pod.OwnerKind == "DaemonSet");
        Assert.Equal(3, old.Count);
        Assert.Equal(PowerState.Stopped, node.Machine.PowerState);

        var operation = simulation.Begin(node, PowerAction.Start);
        Assert.Equal(PowerState.Starting, node.Machine.PowerState);
        simulation.AdvanceTo(operation.EndTime);
        Assert.Equal((MachineOperationStatus.Succeeded, PowerState.Running), (operation.Status, node.Machine.PowerState));
        Assert.InRange((operation.EndTime - operation.StartTime).TotalSeconds, 20, 30);

        var ready = simulation.RunUntil(() => node.Ready);
        Assert.InRange((ready - operation.EndTime).TotalSeconds, 4, 6);
        Assert.True(node.HasTaint(NoExecute));
        var noSchedule = simulation.RunUntil(() => !node.HasTaint(NoSchedule));
        Assert.InRange((noSchedule - ready).TotalMilliseconds, 0, 25);
        var noExecute = simulation.RunUntil(() => !node.HasTaint(NoExecute));
        Assert.InRange((noExecute - ready).TotalSeconds, 0, 5.1);

        simulation.RunUntil(() => old.TrueForAll(pod => simulation.FindPod(pod.Namespace, pod.Name) is null));
        Assert.InRange((simulation.Now - ready).TotalSeconds, 1, 5.1);
        Assert.All(old, pod => Assert.Equal(("Succeeded", 0L), (pod.Phase, pod.DeletionGracePeriodSeconds)));
        simulation.RunUntil(() => daemon.Ready);
        Assert.Equal(1, daemon.Containers[0].RestartCount);
        Assert.InRange((simulation.Now - ready).TotalSeconds, 2, 5);
    }

    [Fact]
    public void A_node_that_returns_before_the_eviction_keeps_its_pods_with_one_more_restart()
    {
        var simulation = Cluster(3, before: 30);
        var node = simulation.Node("node0");
        simulation.Begin(node, PowerAction.PowerOff);
        simulation.Run(120);
        var pods = node.Pods.ToList();
        simulation.Begin(node, PowerAction.Start);
        simulation.Run(60);
        Assert.Equal(pods, node.Pods);
        Assert.All(pods, pod => Assert.Equal((true, true, 1, false), (pod.Ready, pod.IsAlive, pod.Containers[0].RestartCount, pod.Terminating)));
        Assert.Empty(node.Taints);
        simulation.Run(400);
        Assert.All(pods, pod => Assert.False(pod.Terminating));
        Assert.Contains(simulation.Events, e => e.Message.StartsWith("Cancelling deletion of Pod", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pod_that_waits_to_go_on_a_dead_node_is_not_evicted_again_when_the_node_gets_a_pod()
    {
        var simulation = Cluster(3, before: 30);
        var node = simulation.Node("node0");
        simulation.Begin(node, PowerAction.PowerOff);
        simulation.Run(400);
        var marked = simulation.Events.Count(e => e.Reason == "TaintManagerEviction");
        simulation.Begin(node, PowerAction.Start);
        simulation.RunUntil(() => node.Ready);
        simulation.CreatePod(TestCluster.Namespace, "late", new Dictionary<string, string>(), TestCluster.Spec(), "node0");
        simulation.Run(30);

        // The new one was to go in five minutes, and is spared when the taint goes; the others' evictions are done.
        Assert.Equal(["Cancelling deletion of Pod contactsapp/late"], simulation.Events.Where(e => e.Reason == "TaintManagerEviction").Skip(marked).Select(e => e.Message));
    }

    [Fact]
    public void A_node_whose_instance_is_deleted_disappears_and_its_pods_are_collected()
    {
        var simulation = Cluster(5, before: 30);
        var node = simulation.Node("node0");
        var pods = node.Pods.ToList();
        simulation.Begin(node, PowerAction.Delete);
        var gone = simulation.RunUntil(() => simulation.FindNode("node0") is null);
        Assert.Contains(simulation.Events, e => e.Reason == "DeletingNode");
        Assert.DoesNotContain(simulation.Machines, machine => machine.NodeName == "node0");
        var collected = simulation.RunUntil(() => pods.TrueForAll(pod => simulation.FindPod(pod.Namespace, pod.Name) is null));
        Assert.InRange((collected - gone).TotalSeconds, 40, 81);
        Assert.All(pods, pod => Assert.Equal("DeletionByPodGC", pod.FindCondition("DisruptionTarget")!.Reason));
        simulation.Run(10);
        Assert.Equal(2, simulation.PodsOf("search").Count(pod => pod.Ready));
    }

    [Fact]
    public void The_status_of_a_daemon_set_follows_its_pods()
    {
        var simulation = TestCluster.WithNodes(3).AddIngressDaemonSet().Simulate(1);
        var daemonSet = Assert.Single(simulation.OtherWorkloads);
        Assert.Equal((3, 3, 0), (daemonSet.CurrentReplicas, daemonSet.ReadyReplicas, daemonSet.UnavailableReplicas));
        simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
        simulation.Run(600);

        // A node that does not take new pods of the set is not one of those that it wants to be on.
        Assert.Equal(2, daemonSet.Spec.Replicas);
        Assert.Equal((2, 2, 0, 1), (daemonSet.CurrentReplicas, daemonSet.ReadyReplicas, daemonSet.UnavailableReplicas, daemonSet.MisscheduledReplicas));
        simulation.Begin(simulation.Node("node0"), PowerAction.Start);
        simulation.Run(60);
        Assert.Equal((3, 3, 0, 0), (daemonSet.CurrentReplicas, daemonSet.ReadyReplicas, daemonSet.UnavailableReplicas, daemonSet.MisscheduledReplicas));
    }
}
