using ChaosPS.Clusters;
using ChaosPS.Faults;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

/// <summary>Faults inside machines, as the simulation plays them.</summary>
public sealed class MachineFaultTests
{
    private static readonly TimeSpan s_twoMinutes = TimeSpan.FromMinutes(2);

    private readonly ClusterSimulation _simulation = TestCluster.WithNodes(3).AddDeployment("api", ["node0"]).AddDeployment("web", ["node1", "node2"]).Simulate(1);

    private SimulatedNode Node => _simulation.Node("node0");

    [Fact]
    public void A_stopped_kubelet_makes_its_node_unknown_while_machine_and_containers_go_on()
    {
        Begin(FaultSpec.Kubelet(s_twoMinutes));
        Assert.True(Node.Ready, "Kubernetes knows nothing yet.");
        Assert.Equal(200, _simulation.Route("/api").StatusCode);

        _simulation.Run(60);

        Assert.False(Node.Ready);
        Assert.Equal("Unknown", Node.Conditions.Single(static condition => condition.Type == "Ready").Status);
        Assert.Equal(PowerState.Running, Node.Machine.PowerState);
        Assert.All(Node.Pods, static pod => Assert.Equal((true, false), (pod.IsAlive, pod.Ready)));
        Assert.Equal(503, _simulation.Route("/api").StatusCode);
    }

    [Fact]
    public void The_machine_starts_its_kubelet_again_by_itself_and_no_container_was_restarted()
    {
        Begin(FaultSpec.Kubelet(s_twoMinutes));
        _simulation.Run(119);
        Assert.False(Node.KubeletRuns);

        _simulation.Run(15);

        Assert.True(Node.Ready);
        Assert.All(Node.Pods, static pod => Assert.True(pod.Ready));
        Assert.All(Node.Pods, static pod => Assert.Equal(0, pod.Containers.Sum(static container => container.RestartCount)));
        Assert.DoesNotContain(_simulation.Events, static e => e.Reason == "Rebooted");
        Assert.Equal(200, _simulation.Route("/api").StatusCode);
    }

    [Fact]
    public void A_stopped_kubelet_is_not_put_out_of_service_as_a_machine_that_is_off_is()
    {
        var simulation = TestCluster.WithNodes(3).AddDeployment("api", ["node0"]).Simulate(1, static options => options with { ShutdownTaints = true });
        simulation.Run(simulation.Node("node0"), FaultSpec.Kubelet(TimeSpan.FromMinutes(4)));

        simulation.Run(230);

        Assert.DoesNotContain(simulation.Node("node0").Taints, static taint => taint.Key is "node.cloudprovider.kubernetes.io/shutdown");
    }

    [Theory]
    [InlineData(100, 8)]
    [InlineData(50, 6)]
    public void Busy_processors_make_answers_of_that_node_take_longer(int percent, int milliseconds)
    {
        var simulation = Steady();
        simulation.Run(simulation.Node("node0"), FaultSpec.Cpu(s_twoMinutes, percent));

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), simulation.Route("/api").Latency);
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(TimeSpan.FromMilliseconds(4), simulation.Route("/web").Latency));
        simulation.Run(121);
        Assert.Equal(TimeSpan.FromMilliseconds(4), simulation.Route("/api").Latency);
    }

    [Fact]
    public void Delayed_packets_make_what_goes_through_that_node_late_once_for_each_time_that_it_sends()
    {
        var simulation = Steady();
        simulation.Run(simulation.Node("node0"), FaultSpec.Network(s_twoMinutes, 200, 0));

        // To the pod on node0: through node0 its answer goes to the user; through another node it goes to that one. Either way node0 sends once.
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(204, simulation.Route("/api").Latency.TotalMilliseconds));

        // To pods on others: through node0 the request and the answer leave it.
        var others = Enumerable.Range(0, 60).Select(_ => simulation.Route("/web").Latency.TotalMilliseconds).Distinct().Order();
        Assert.Equal([4, 404], others);
    }

    [Fact]
    public void Delays_vary_by_the_jitter()
    {
        var simulation = Steady();
        simulation.Run(simulation.Node("node0"), FaultSpec.Network(s_twoMinutes, 200, 50));

        var delays = Enumerable.Range(0, 200).Select(_ => simulation.Route("/api").Latency.TotalMilliseconds - 4).ToArray();

        Assert.All(delays, static delay => Assert.InRange(delay, 150, 250));
        Assert.True(delays.Distinct().Count() > 20);
    }

    [Fact]
    public void A_full_disk_puts_the_node_under_pressure_and_its_pods_away_until_five_minutes_after()
    {
        Begin(FaultSpec.Disk(s_twoMinutes, 95, FaultSpec.KubeletPath));

        _simulation.Run(60);

        Assert.Equal("True", Condition("DiskPressure"));
        Assert.Contains(Node.Taints, static taint => taint.Key == "node.kubernetes.io/disk-pressure");
        Assert.Contains(_simulation.Events, static e => e.Reason == "Evicted" && e.Message == "The node was low on resource: ephemeral-storage.");
        var moved = _simulation.Pods.Single(static pod => pod.Labels.GetValueOrDefault("service") == "api" && pod.IsActive);
        Assert.NotEqual("node0", moved.NodeName);
        Assert.True(moved.Ready);
        Assert.Contains(Node.Pods, static pod => pod.OwnerKind == "DaemonSet" && pod.IsAlive);
        Assert.True(Node.Ready);

        _simulation.Run(300);
        Assert.Equal("True", Condition("DiskPressure"));
        _simulation.Run(90);
        Assert.Equal("False", Condition("DiskPressure"));
        Assert.Empty(Node.Taints);
    }

    [Fact]
    public void Memory_that_is_full_to_the_last_does_the_same()
    {
        Begin(FaultSpec.Memory(s_twoMinutes, 100));

        _simulation.Run(60);

        Assert.Equal("True", Condition("MemoryPressure"));
        Assert.Contains(_simulation.Events, static e => e.Reason == "Evicted" && e.Message == "The node was low on resource: memory.");
    }

    [Fact]
    public void A_node_with_enough_left_is_under_no_pressure()
    {
        Begin(FaultSpec.Memory(s_twoMinutes, 98));
        _simulation.Run(_simulation.Node("node1"), FaultSpec.Disk(s_twoMinutes, 90, FaultSpec.KubeletPath));

        _simulation.Run(60);

        Assert.All(_simulation.Nodes, static node => Assert.DoesNotContain(node.Conditions, static condition => condition.Type.EndsWith("Pressure", StringComparison.Ordinal) && condition.Status != "False"));
    }

    [Fact]
    public void A_busy_disk_makes_pods_start_later()
    {
        var simulation = Steady();
        foreach (var node in simulation.Nodes) simulation.Run(node, FaultSpec.DiskIO(s_twoMinutes, "/"));
        var began = simulation.Now;
        simulation.DeletePod(simulation.Pods.Single(static pod => pod.Labels.GetValueOrDefault("service") == "api"));

        simulation.Run(30);

        var made = simulation.Pods.Single(static pod => pod.Labels.GetValueOrDefault("service") == "api");
        Assert.InRange((made.StartTime!.Value - began).TotalSeconds, 4, 5);
    }

    [Fact]
    public void No_fault_outlives_its_machines_power()
    {
        Begin(FaultSpec.Cpu(s_twoMinutes, 100));
        Begin(FaultSpec.Kubelet(s_twoMinutes));
        _simulation.AdvanceTo(_simulation.Begin(Node, PowerAction.Restart).EndTime);

        _simulation.Run(20);

        Assert.Empty(Node.Machine.Faults);
        Assert.True(Node.Ready);
        Assert.True(Node.KubeletRuns);
    }

    [Fact]
    public void A_script_is_lost_with_its_machines_power()
    {
        var script = _simulation.Run(Node.Machine, new FaultScript("a-1", FaultSpec.Cpu(s_twoMinutes, 100)));
        _simulation.Begin(Node, PowerAction.PowerOff);

        _simulation.Run(60);

        Assert.True(script.IsLost);
        Assert.Null(script.Result);
        Assert.Empty(Node.Machine.Faults);
    }

    private string Condition(string type) => Node.Conditions.Single(condition => condition.Type == type).Status;

    private void Begin(FaultSpec fault) => _simulation.Run(Node, fault);

    /// <summary>A cluster whose answers all take 4 ms.</summary>
    private static ClusterSimulation Steady() => TestCluster.WithNodes(3).AddDeployment("api", ["node0"]).AddDeployment("web", ["node1", "node2"])
        .Simulate(1, static options => options with { RequestLatency = DurationRange.FromMilliseconds(4, 4), ContainerStart = DurationRange.FromSeconds(2, 2.2) });
}
