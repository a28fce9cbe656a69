using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Core.Tests.Simulation.Replay;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

/// <summary>What depends on the version, on AKS, and on what is known of nodes and pods.</summary>
public sealed class VersionTests
{
    /// <summary>kubernetes/kubernetes#126287 changed the default of the grace period in 1.32.</summary>
    [Theory]
    [InlineData("v1.31.9", 31, 40)]
    [InlineData("v1.32.13", 32, 50)]
    [InlineData("1.33", 33, 50)]
    [InlineData("unknown", 32, 50)]
    public void A_silent_node_has_the_grace_of_its_version(string version, int minor, int seconds)
    {
        var options = SimulationOptions.For(version);
        Assert.Equal((minor, seconds), (options.KubernetesMinor, (int)options.NodeMonitorGracePeriod.TotalSeconds));
    }

    [Fact]
    public void Aks_notices_machines_that_are_off_and_spreads_over_zones_from_1_33_on()
    {
        Assert.True(SimulationOptions.ForAks("v1.32.9").ShutdownTaints);
        Assert.Equal(2, SimulationOptions.ForAks("v1.32.9").DefaultTopologySpread.Count);
        Assert.Equal([("topology.kubernetes.io/zone", 1)], SimulationOptions.ForAks("v1.33.1").DefaultTopologySpread);
    }

    [Fact]
    public void A_taint_in_the_way_is_told_in_the_words_of_the_version()
    {
        var simulation = TestCluster.WithNodes(1).Simulate(1, options => options with { KubernetesMinor = 36 });
        simulation.Apply(simulation.Node("node0").Spec with { Taints = [new Taint("gpu", "yes", TaintEffect.NoSchedule)] });
        simulation.Apply(TestCluster.MakeWorkload("api", 1));
        simulation.Run(5);
        Assert.StartsWith(
            "0/1 nodes are available: 1 node(s) had untolerated taint(s).",
            Assert.Single(simulation.PodsOf("api")).FindCondition("PodScheduled")!.Message, StringComparison.Ordinal);
    }

    /// <summary>The recorded answer for the fourth pod of a Deployment whose pods keep apart, on three nodes.</summary>
    [Fact]
    public void The_pod_that_anti_affinity_leaves_no_node_says_what_was_recorded()
    {
        using var recorded = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recordings", "pod-unschedulable.json")));
        var expected = KubernetesReader.ReadPod(recorded.RootElement.GetProperty("items")[0], new ClusterIdentity("r", "https://r.invalid", "r"), DateTimeOffset.UtcNow).UnschedulableReason;
        var simulation = new ClusterSimulation(RecordedCluster.TakeEmpty(TestCluster.Start), new SimulationOptions());
        RecordedCluster.Apply(simulation, "antiaffinity.yaml", "Deployment", "spread");
        simulation.Run(30);
        var pods = simulation.Pods.Where(pod => pod.Namespace == RecordedCluster.Namespace).ToList();
        Assert.Equal(3, pods.Where(pod => pod.Ready).Select(pod => pod.NodeName).Distinct().Count());
        Assert.Equal(expected, Assert.Single(pods, pod => pod.NodeName is null).FindCondition("PodScheduled")!.Message);
    }

    [Fact]
    public void A_priority_class_says_who_pushes_out_whom()
    {
        var simulation = TestCluster.WithNodes(1, milliCpu: 1000).Simulate(1);
        simulation.Apply(new PriorityClass("high", 1000));
        simulation.Apply(TestCluster.MakeWorkload("low", 1) with { PodSpec = TestCluster.Spec(800) });
        simulation.Run(20);
        simulation.Apply(TestCluster.MakeWorkload("important", 1) with { PodSpec = TestCluster.Spec(800) with { PriorityClassName = "high" } });
        simulation.Run(30);
        Assert.True(Assert.Single(simulation.PodsOf("important")).Ready);
        Assert.Null(Assert.Single(simulation.PodsOf("low")).NodeName);
    }

    [Fact]
    public void Two_pods_cannot_have_one_port_of_a_node()
    {
        var simulation = TestCluster.WithNodes(2).Simulate(1);
        simulation.Apply(TestCluster.MakeWorkload("edge", 3) with { PodSpec = TestCluster.Spec() with { HostPorts = ["80/TCP"] } });
        simulation.Run(20);
        Assert.Equal(2, simulation.PodsOf("edge").Where(pod => pod.Ready).Select(pod => pod.NodeName).Distinct().Count());
        Assert.StartsWith(
            "0/2 nodes are available: 2 node(s) didn't have free ports for the requested pod ports.",
            Assert.Single(simulation.PodsOf("edge"), pod => pod.NodeName is null).FindCondition("PodScheduled")!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replacement_takes_as_long_to_start_as_its_workloads_pods_took()
    {
        var cluster = TestCluster.WithNodes(2).AddDeployment("slow", ["node0", "node1"]).Simulate(1).Snapshot;
        var simulation = new ClusterSimulation(
            cluster with { Pods = [.. cluster.Pods.Select(pod => pod with { StartupTime = TimeSpan.FromSeconds(pod.Name.EndsWith('z') ? 90 : 2) })] },
            new SimulationOptions());
        simulation.DeletePod(simulation.PodsOf("slow")[0]);
        var replacement = simulation.RunUntil(() => simulation.PodsOf("slow").Exists(pod => pod.NodeName is not null && !pod.Ready));
        simulation.RunUntil(() => simulation.PodsOf("slow").Count(pod => pod.Ready) == 2);
        Assert.InRange((simulation.Now - replacement).TotalSeconds, 88, 92);
    }

    [Fact]
    public void What_a_snapshot_needs_of_nodes_pods_and_volumes_is_read()
    {
        var identity = new ClusterIdentity("r", "https://r.invalid", "r");
        Assert.Equal(8, KubernetesReader.ReadVolumeLimit(Json("""{"spec":{"drivers":[{"name":"disk.csi.azure.com","allocatable":{"count":8}},{"name":"file"}]}}""")));
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero), KubernetesReader.ReadLeaseRenewTime(Json("""{"spec":{"renewTime":"2026-11-23T09:00:00.000000Z"}}""")));
        var claim = KubernetesReader.ReadVolumeClaim(
            Json("""{"metadata":{"name":"data","namespace":"a"},"spec":{"accessModes":["ReadWriteOnce"],"volumeName":"pv"}}"""),
            Json("""{"spec":{"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"z","operator":"In","values":["1"]}]}]}}}}"""), identity);
        Assert.Equal(("pv", true, "z"), (claim.VolumeName, claim.IsDisk, claim.NodeAffinity[0].Requirements[0].Key));
        var pod = KubernetesReader.ReadPod(
            Json("""
                {"metadata":{"name":"p"},"spec":{"priorityClassName":"high","volumes":[{"persistentVolumeClaim":{"claimName":"data"}}],
                 "containers":[{"name":"c","ports":[{"containerPort":1,"hostPort":80}]}]},
                 "status":{"conditions":[{"type":"PodScheduled","status":"True","lastTransitionTime":"2026-11-23T09:00:00Z"},
                 {"type":"Ready","status":"True","lastTransitionTime":"2026-11-23T09:00:42Z"}]}}
                """), identity, TestCluster.Start);
        Assert.Equal(("high", "data", "80/TCP", 42.0), (pod.Spec.PriorityClassName, pod.Spec.Claims[0], pod.Spec.HostPorts[0], pod.StartupTime!.Value.TotalSeconds));
        Assert.Equal(7, KubernetesReader.ReadNode(Json("""{"metadata":{"name":"n"},"status":{"images":[{"names":["i:1"],"sizeBytes":7}]}}"""), identity, TestCluster.Start).Images["i:1"]);
        Assert.Equal(new PriorityClass("high", 5, NeverPreempts: true), KubernetesReader.ReadPriorityClass(Json("""{"metadata":{"name":"high"},"value":5,"preemptionPolicy":"Never"}"""), identity));

        static JsonElement Json(string text)
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
    }
}
