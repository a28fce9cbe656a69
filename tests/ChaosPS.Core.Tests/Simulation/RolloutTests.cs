using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

public sealed class RolloutTests
{
    private static Workload NewTemplate(SimulatedDeployment deployment, string image = "demo:2") => deployment.Spec with
    {
        PodSpec = deployment.Spec.PodSpec with
        {
            Containers = [.. deployment.Spec.PodSpec.Containers.Select(container => container with { Image = image })],
        },
    };

    [Fact]
    public void A_cluster_taken_over_from_a_snapshot_stays_as_it_is()
    {
        var simulation = TestCluster.WithNodes(3).AddDeployment("api", ["node0", "node1"]).Simulate(1);
        var pods = simulation.Pods.Select(pod => (pod.Name, pod.NodeName, pod.PodIP)).ToList();
        simulation.Run(3600);
        Assert.Equal(pods, simulation.Pods.Select(pod => (pod.Name, pod.NodeName, pod.PodIP)));
        Assert.Empty(simulation.Events);
        var deployment = simulation.Deployment("api");
        Assert.Equal((2, 2, 2, 2), (deployment.CurrentReplicas, deployment.UpdatedReplicas, deployment.ReadyReplicas, deployment.AvailableReplicas));
        Assert.Equal("NewReplicaSetAvailable", deployment.FindCondition("Progressing")!.Reason);
        Assert.Equal("True", deployment.FindCondition("Available")!.Status);
        Assert.Equal("api-7d9c5b6f4", Assert.Single(deployment.ReplicaSets).Name);
    }

    [Fact]
    public void Scaling_up_makes_pods_that_start_in_seconds()
    {
        var simulation = TestCluster.WithNodes(3).AddDeployment("api", ["node0"]).Simulate(1);
        var deployment = simulation.Deployment("api");
        simulation.Apply(deployment.Spec with { Replicas = 3 });
        Assert.Equal(2, deployment.Generation);
        var done = simulation.RunUntil(() => deployment.AvailableReplicas == 3);
        Assert.InRange((done - TestCluster.Start).TotalSeconds, 2.5, 5);
        Assert.Equal(2, deployment.ObservedGeneration);
        Assert.Contains(simulation.Events, e => e is
        {
            Reason: "ScalingReplicaSet", Component: "deployment-controller", Message: "Scaled up replica set api-7d9c5b6f4 from 1 to 3",
        });
        Assert.Equal(2, simulation.Events.Count(e => e is { Reason: "SuccessfulCreate", Component: "replicaset-controller" }));
        Assert.Equal(2, simulation.Events.Count(e => e is { Reason: "Scheduled", Component: "default-scheduler", Action: "Binding" }));
        var made = simulation.PodsOf("api");
        Assert.Equal(3, made.Select(pod => pod.NodeName).Distinct().Count());
        Assert.Equal(3, made.Select(pod => pod.PodIP).Distinct().Count());
        Assert.All(made, pod =>
        {
            Assert.Matches("^api-7d9c5b6f4-[b-z2-9]{5}$", pod.Name);
            Assert.Equal("7d9c5b6f4", pod.Labels["pod-template-hash"]);
            Assert.Equal([300L, 300L], pod.Tolerations.Select(toleration => toleration.TolerationSeconds ?? 0));
            Assert.NotNull(pod.HostIP);
        });
    }

    [Fact]
    public void Scaling_down_takes_the_crowded_and_the_unready_first()
    {
        var simulation = TestCluster.WithNodes(3).AddDeployment("api", ["node0", "node1", "node1"]).Simulate(1);
        simulation.Apply(simulation.Deployment("api").Spec with { Replicas = 2 });
        simulation.Run(10);
        Assert.Equal(["node0", "node1"], simulation.PodsOf("api").Select(pod => pod.NodeName!).Order());
        simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
        simulation.RunUntil(() => !simulation.Node("node0").Ready);
        simulation.Apply(simulation.Deployment("api").Spec with { Replicas = 1 });
        simulation.Run(10);
        Assert.Equal("node1", Assert.Single(simulation.PodsOf("api")).NodeName);
    }

    [Theory]
    [InlineData(4, "25%", "25%", 0, 5, 3)]
    [InlineData(4, "1", "0", 0, 5, 4)]
    [InlineData(4, "0", "1", 5, 4, 3)]
    [InlineData(10, "25%", "25%", 0, 13, 8)]
    [InlineData(3, "0%", "0%", 0, 3, 2)]
    [InlineData(1, "25%", "25%", 0, 2, 1)]
    public void A_rollout_keeps_within_surge_and_unavailable(
        int replicas, string maxSurge, string maxUnavailable, int minReadySeconds, int most, int fewest)
    {
        var nodes = Enumerable.Range(0, replicas).Select(i => $"node{i % 3}").ToArray();
        for (var seed = 1; seed <= 5; seed++)
        {
            var simulation = TestCluster.WithNodes(3).AddDeployment("api", nodes, workload => workload with
            {
                MaxSurge = maxSurge,
                MaxUnavailable = maxUnavailable,
                MinReadySeconds = minReadySeconds,
            }).Simulate(seed);
            simulation.Run(10);
            var deployment = simulation.Deployment("api");
            var old = simulation.PodsOf("api");
            simulation.Changed += _ =>
            {
                // As upstream, the bound is on what the replica sets want: a new pod may come milliseconds before an old one is marked.
                var wanted = deployment.ReplicaSets.Sum(replicaSet => replicaSet.Replicas);
                Assert.True(wanted <= most, $"seed {seed}: {wanted} pods at {simulation.Now:O}");
                var ready = simulation.PodsOf("api").Count(pod => pod.Ready);
                Assert.True(ready >= fewest, $"seed {seed}: {ready} ready at {simulation.Now:O}");
            };
            simulation.Apply(NewTemplate(deployment));
            simulation.Run(0.05);
            simulation.RunUntil(() => deployment.FindCondition("Progressing")!.Reason == "NewReplicaSetAvailable" && deployment.UpdatedReplicas == replicas);
            simulation.Run(5);

            Assert.Equal(2, deployment.ReplicaSets.Count);
            Assert.Equal((replicas, replicas, replicas), (deployment.CurrentReplicas, deployment.UpdatedReplicas, deployment.AvailableReplicas));
            Assert.Equal(2, deployment.Revision);
            Assert.Empty(simulation.PodsOf("api").Intersect(old));
            Assert.All(simulation.PodsOf("api"), pod => Assert.Equal("demo:2", pod.Containers[0].Image));
        }
    }

    [Fact]
    public void Going_back_to_an_earlier_template_takes_its_replica_set_again()
    {
        var simulation = TestCluster.WithNodes(3).AddDeployment("api", ["node0", "node1"]).Simulate(1);
        var deployment = simulation.Deployment("api");
        var first = deployment.Spec;
        simulation.Apply(NewTemplate(deployment));
        simulation.Run(60);
        simulation.Apply(first);
        simulation.Run(60);
        Assert.Equal(2, deployment.ReplicaSets.Count);
        Assert.Equal((2, 3), (deployment.ReplicaSets[0].Replicas, deployment.ReplicaSets[0].Revision));
        Assert.Equal(0, deployment.ReplicaSets[1].Replicas);
        Assert.All(simulation.PodsOf("api"), pod => Assert.Equal("7d9c5b6f4", pod.Labels["pod-template-hash"]));
    }

    [Fact]
    public void A_change_of_replicas_in_the_middle_of_a_rollout_ends_well()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var simulation = TestCluster.WithNodes(3).AddDeployment("api", ["node0", "node1", "node2", "node0", "node1", "node2"]).Simulate(seed);
            var deployment = simulation.Deployment("api");
            simulation.Apply(NewTemplate(deployment));
            simulation.Run(2 + (seed * 0.4));
            simulation.Apply(deployment.Spec with { Replicas = seed % 2 == 0 ? 12 : 2 });
            simulation.Run(120);
            var wanted = seed % 2 == 0 ? 12 : 2;
            Assert.Equal((wanted, wanted, wanted), (deployment.CurrentReplicas, deployment.UpdatedReplicas, deployment.AvailableReplicas));
        }
    }

    [Fact]
    public void Nothing_counts_as_available_before_it_was_ready_for_min_ready_seconds()
    {
        var simulation = TestCluster.WithNodes(3).AddDeployment("api", ["node0"], workload => workload with { MinReadySeconds = 5 }).Simulate(1);
        var deployment = simulation.Deployment("api");
        simulation.Apply(deployment.Spec with { Replicas = 2 });
        var ready = simulation.RunUntil(() => deployment.ReadyReplicas == 2);
        var available = simulation.RunUntil(() => deployment.AvailableReplicas == 2);
        Assert.InRange((available - ready).TotalSeconds, 4.9, 5.1);
    }

    [Fact]
    public void A_rollout_without_room_stops_at_its_deadline_and_says_so()
    {
        // One replica a node, as many nodes as replicas, and no replica may be missing: the surge pod has nowhere to go.
        var simulation = TestCluster.WithNodes(2).AddDeployment("api", ["node0", "node1"], workload => workload with
        {
            MaxUnavailable = "0",
            PodSpec = workload.PodSpec with { Affinity = SchedulingTests.ApartOnHostname("api") },
        }).Simulate(1);
        var deployment = simulation.Deployment("api");
        simulation.Apply(NewTemplate(deployment));
        simulation.Run(30);
        var pending = Assert.Single(simulation.PodsOf("api"), pod => pod.NodeName is null);
        Assert.Equal("True", deployment.FindCondition("Progressing")!.Status);
        simulation.Run(600);
        var progressing = deployment.FindCondition("Progressing")!;
        Assert.Equal(("False", "ProgressDeadlineExceeded"), (progressing.Status, progressing.Reason));
        Assert.Equal("Pending", pending.Phase);
        Assert.Equal(2, deployment.AvailableReplicas);
    }

    [Fact]
    public void A_deleted_pod_is_replaced_at_once_and_ends_within_seconds()
    {
        var simulation = TestCluster.WithNodes(3).AddDeployment("api", ["node0"]).Simulate(1);
        var pod = simulation.PodsOf("api")[0];
        simulation.DeletePod(pod);
        Assert.Equal((30L, simulation.Now.AddSeconds(30)), (pod.DeletionGracePeriodSeconds, pod.DeletionTimestamp));
        simulation.Run(0.2);
        Assert.NotEqual(pod, Assert.Single(simulation.PodsOf("api")));
        simulation.RunUntil(() => simulation.FindPod(pod.Namespace, pod.Name) is null);
        Assert.InRange((simulation.Now - TestCluster.Start).TotalSeconds, 1, 2.1);

        // The last delete moves the time back to the first one and takes the grace away.
        Assert.Equal((0L, TestCluster.Start), (pod.DeletionGracePeriodSeconds, pod.DeletionTimestamp));
        Assert.Equal(("Succeeded", 0), (pod.Phase, pod.ReadyContainers));
    }

    [Fact]
    public void A_new_deployment_gets_its_replica_set_and_pods()
    {
        var simulation = TestCluster.WithNodes(3).Simulate(1);
        var deployment = Assert.IsType<SimulatedDeployment>(simulation.Apply(TestCluster.MakeWorkload("web", 3)));
        simulation.Run(10);
        Assert.Equal((3, 3), (deployment.AvailableReplicas, deployment.UpdatedReplicas));
        Assert.Matches("^web-[b-z2-9]{6,10}$", Assert.Single(deployment.ReplicaSets).Name);
        Assert.Equal(1, deployment.Revision);
    }
}
