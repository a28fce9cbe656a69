using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

/// <summary>Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ (algorithm, tolerance, default behaviour).</summary>
public sealed class AutoscalerTests
{
    private static readonly ClusterIdentity s_identity = new("test", "https://test.invalid", "test");

    /// <summary>Two pods that request 100m each, to be used to the half.</summary>
    private static (ClusterSimulation Simulation, SimulatedAutoscaler Autoscaler) Cluster(int min = 1, int max = 10)
    {
        var simulation = TestCluster.WithNodes(3)
            .AddDeployment("api", ["node0", "node1"], workload => workload with { PodSpec = TestCluster.Spec(100) })
            .Simulate(1);
        return (simulation, simulation.Apply(new Autoscaler
        {
            Name = "api",
            Namespace = TestCluster.Namespace,
            Cluster = s_identity,
            TargetKind = "Deployment",
            TargetName = "api",
            MinReplicas = min,
            MaxReplicas = max,
            CpuUtilization = 50,
        }));
    }

    private static PodCondition Condition(SimulatedAutoscaler autoscaler, string type) => autoscaler.Conditions.Single(condition => condition.Type == type);

    [Fact]
    public void Without_a_stated_use_it_keeps_the_replicas_and_says_that_it_cannot_measure()
    {
        var (simulation, autoscaler) = Cluster();
        simulation.Run(60);
        Assert.Equal((2, 2, (int?)null), (autoscaler.CurrentReplicas, autoscaler.DesiredReplicas, autoscaler.CurrentCpuUtilization));
        Assert.Equal(("False", "FailedGetResourceMetric"), (Condition(autoscaler, "ScalingActive").Status, Condition(autoscaler, "ScalingActive").Reason));
    }

    [Theory]
    [InlineData(4, 10, 4, "Current number of replicas below Spec.MinReplicas")]
    [InlineData(1, 1, 1, "Current number of replicas above Spec.MaxReplicas")]
    public void Its_bounds_hold_whatever_is_used(int min, int max, int expected, string reason)
    {
        var (simulation, autoscaler) = Cluster(min, max);
        simulation.Run(30);
        Assert.Equal(expected, simulation.Deployment("api").Spec.Replicas);
        Assert.Equal(expected, simulation.PodsOf("api").Count);
        Assert.Contains(simulation.Events, e => e.InvolvedObject == autoscaler && e.Message == $"New size: {expected}; reason: {reason}");
    }

    [Fact]
    public void Replicas_follow_the_use_up_at_once_and_down_after_five_minutes()
    {
        var (simulation, autoscaler) = Cluster();
        autoscaler.CpuUse = 240;
        simulation.Run(120);

        // 240m of 2 × 100m are 120 %; ceil(2 × 120 / 50) = 5, and then 48 % is near enough.
        Assert.Equal((5, 48), (simulation.Deployment("api").AvailableReplicas, autoscaler.CurrentCpuUtilization));
        autoscaler.CpuUse = 60;
        simulation.Run(270);
        Assert.Equal(5, simulation.Deployment("api").Spec.Replicas);
        simulation.Run(60);
        Assert.Equal(2, simulation.Deployment("api").Spec.Replicas);
    }

    [Fact]
    public void More_than_the_most_is_not_given()
    {
        var (simulation, autoscaler) = Cluster(max: 3);
        autoscaler.CpuUse = 1000;
        simulation.Run(60);
        Assert.Equal(3, simulation.Deployment("api").Spec.Replicas);
        Assert.Equal("TooManyReplicas", Condition(autoscaler, "ScalingLimited").Reason);
    }

    [Fact]
    public void A_target_that_is_not_there_is_named()
    {
        var (simulation, autoscaler) = Cluster();
        simulation.Delete(simulation.Deployment("api"));
        simulation.Run(30);
        Assert.Equal(
            "the HPA controller was unable to get the target's current scale: deployments.apps \"api\" not found", Condition(autoscaler, "AbleToScale").Message);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":5}}""", 1, 80)]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"minReplicas":2,"maxReplicas":5,"targetCPUUtilizationPercentage":60}}""", 2, 60)]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":5,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70}}}]}}""", 1, 70)]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":5,"metrics":[{"type":"External"}]}}""", 1, null)]
    public void Both_versions_are_read(string text, int min, int? utilization)
    {
        using var json = JsonDocument.Parse(text);
        var read = KubernetesReader.ReadAutoscaler(json.RootElement, s_identity);
        Assert.Equal((min, 5, utilization), (read.MinReplicas, read.MaxReplicas, read.CpuUtilization));
    }
}
