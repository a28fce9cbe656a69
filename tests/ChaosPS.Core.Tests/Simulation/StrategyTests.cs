using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

/// <summary>Update strategies. Source: https://kubernetes.io/docs/concepts/workloads/controllers/ (deployment, statefulset, daemonset).</summary>
public sealed class StrategyTests
{
    private static readonly string[] s_all = ["node0", "node1", "node2"];

    private static ClusterSimulation Deployment(Func<Workload, Workload> configure) => TestCluster.WithNodes(3).AddDeployment("api", s_all, configure).Simulate(1);

    private static ClusterSimulation Set(string kind, Func<Workload, Workload> configure)
    {
        var simulation = TestCluster.WithNodes(3).Simulate(1);
        simulation.Apply(configure(TestCluster.MakeWorkload("api", 3) with { Kind = kind, MaxSurge = "0", MaxUnavailable = "1" }));
        simulation.Run(60);
        return simulation;
    }

    private static void Change(ClusterSimulation simulation, SimulatedWorkload workload, Func<Workload, Workload>? also = null)
    {
        var spec = workload.Spec with { PodSpec = workload.Spec.PodSpec with { TemplateMark = "new" } };
        simulation.Apply(also?.Invoke(spec) ?? spec);
    }

    [Fact]
    public void Recreate_waits_until_every_old_pod_is_gone()
    {
        var simulation = Deployment(workload => workload with { IsRecreate = true });
        var old = simulation.PodsOf("api");
        Change(simulation, simulation.Deployment("api"));
        simulation.RunUntil(() => simulation.PodsOf("api").Count > 0 && simulation.PodsOf("api").TrueForAll(pod => !old.Contains(pod)));
        Assert.All(old, pod => Assert.Null(simulation.FindPod(pod.Namespace, pod.Name)));
        simulation.Run(20);
        Assert.Equal((3, 3), (simulation.Deployment("api").UpdatedReplicas, simulation.Deployment("api").AvailableReplicas));
    }

    [Fact]
    public void A_paused_deployment_scales_but_does_not_roll_out()
    {
        var simulation = Deployment(workload => workload);
        var deployment = simulation.Deployment("api");
        Change(simulation, deployment, spec => spec with { IsPaused = true, Replicas = 4 });
        simulation.Run(60);
        Assert.Equal((0, 4), (deployment.UpdatedReplicas, deployment.AvailableReplicas));
        Assert.Equal("DeploymentPaused", deployment.FindCondition("Progressing")!.Reason);
        simulation.Apply(deployment.Spec with { IsPaused = false });
        simulation.Run(60);
        Assert.Equal((4, 4), (deployment.UpdatedReplicas, deployment.AvailableReplicas));
        Assert.Equal("NewReplicaSetAvailable", deployment.FindCondition("Progressing")!.Reason);
    }

    [Fact]
    public void A_deployments_own_deadline_counts()
    {
        var simulation = Deployment(workload => workload with { ProgressDeadlineSeconds = 30, PodSpec = workload.PodSpec with { Affinity = SchedulingTests.ApartOnHostname("api") } });
        Change(simulation, simulation.Deployment("api"));
        simulation.Run(40);
        Assert.Equal("ProgressDeadlineExceeded", simulation.Deployment("api").FindCondition("Progressing")!.Reason);
    }

    [Fact]
    public void A_partition_keeps_the_lower_numbers_old()
    {
        var simulation = Set("StatefulSet", workload => workload with { UpdatePartition = 2 });
        var set = simulation.FindWorkload(TestCluster.Namespace, "StatefulSet", "api")!;
        Change(simulation, set);
        simulation.Run(60);
        Assert.Equal(["api-2"], simulation.PodsOf("api").Where(pod => pod.Spec.TemplateMark == "new").Select(pod => pod.Name));
        Assert.Equal((1, 3), (set.UpdatedReplicas, set.ReadyReplicas));
    }

    [Theory]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    public void On_delete_changes_a_pod_when_somebody_deletes_it(string kind)
    {
        var simulation = Set(kind, workload => workload with { IsOnDelete = true });
        Change(simulation, simulation.FindWorkload(TestCluster.Namespace, kind, "api")!);
        simulation.Run(60);
        Assert.DoesNotContain(simulation.PodsOf("api"), pod => pod.Spec.TemplateMark == "new");
        simulation.DeletePod(simulation.PodsOf("api")[0]);
        simulation.Run(60);
        Assert.Equal(1, simulation.PodsOf("api").Count(pod => pod.Spec.TemplateMark == "new"));
    }
}
