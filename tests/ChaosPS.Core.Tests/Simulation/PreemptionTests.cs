using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

public sealed class PreemptionTests
{
    private static Workload Important(int replicas = 1, int milliCpu = 2000) =>
        TestCluster.MakeWorkload("important", replicas) with { PodSpec = TestCluster.Spec(milliCpu) with { Priority = 1000 } };

    /// <summary>Two nodes of 3860m, each full of pods of 900m.</summary>
    private static ClusterSimulation Full(int seed = 1) => TestCluster.WithNodes(2)
        .AddDeployment("small", ["node0", "node0", "node0", "node0", "node1", "node1", "node1", "node1"], workload => workload with
        {
            PodSpec = TestCluster.Spec(900),
        })
        .Simulate(seed);

    [Fact]
    public void An_important_pod_pushes_out_as_few_as_it_needs()
    {
        var simulation = Full();
        simulation.Apply(Important());
        simulation.Run(0.5);
        var pod = Assert.Single(simulation.PodsOf("important"));
        var node = simulation.Node(pod.NominatedNodeName!);
        var victims = node.Pods.Where(other => other.Terminating).ToList();
        Assert.Equal(2, victims.Count);
        Assert.All(victims, victim => Assert.Equal("PreemptionByScheduler", victim.FindCondition("DisruptionTarget")!.Reason));
        Assert.Equal(2, simulation.Events.Count(it => it.Reason == "Preempted"));

        // The room is promised: the replacements of those that had to go do not take it.
        simulation.Run(30);
        Assert.Equal((node.Name, true), (pod.NodeName, pod.Ready));
        Assert.Null(pod.NominatedNodeName);
        Assert.Equal(2, simulation.PodsOf("small").Count(small => small.NodeName is null));
    }

    [Fact]
    public void One_that_is_not_to_preempt_waits()
    {
        var simulation = Full();
        var workload = Important();
        simulation.Apply(workload with { PodSpec = workload.PodSpec with { NeverPreempts = true } });
        simulation.Run(60);
        Assert.Null(Assert.Single(simulation.PodsOf("important")).NodeName);
        Assert.Equal(8, simulation.PodsOf("small").Count(pod => pod.Ready));
    }

    [Fact]
    public void Pods_of_the_same_priority_are_left_alone()
    {
        var simulation = Full();
        simulation.Apply(TestCluster.MakeWorkload("other", 1) with { PodSpec = TestCluster.Spec(900) });
        simulation.Run(60);
        Assert.Equal(8, simulation.PodsOf("small").Count(pod => pod.Ready));
    }

    [Fact]
    public void Where_a_budget_can_spare_the_victims_they_go()
    {
        var cluster = TestCluster.WithNodes(2)
            .AddDeployment("guarded", ["node0", "node0"], workload => workload with { PodSpec = TestCluster.Spec(1800) })
            .AddDeployment("free", ["node1", "node1"], workload => workload with { PodSpec = TestCluster.Spec(1800) });
        for (var seed = 0; seed < 5; seed++)
        {
            var simulation = cluster.Simulate(seed);
            simulation.Apply(new DisruptionBudget
            {
                Name = "guarded",
                Namespace = TestCluster.Namespace,
                Cluster = new ClusterIdentity("test", "https://test.invalid", "test"),
                Selector = LabelSelector.FromLabels([new("service", "guarded")]),
                MinAvailable = "2",
            });
            simulation.Run(1);
            simulation.Apply(Important());
            simulation.Run(30);
            Assert.Equal("node1", Assert.Single(simulation.PodsOf("important")).NodeName);
            Assert.Equal(2, simulation.PodsOf("guarded").Count(pod => pod.Ready));
        }
    }

    [Fact]
    public void The_important_are_placed_first()
    {
        var simulation = TestCluster.WithNodes(1).Simulate(1);
        simulation.Apply(TestCluster.MakeWorkload("plain", 20) with { PodSpec = TestCluster.Spec(300) });
        simulation.Apply(Important(replicas: 1, milliCpu: 1500));
        simulation.Run(60);
        Assert.True(Assert.Single(simulation.PodsOf("important")).Ready);
    }
}
