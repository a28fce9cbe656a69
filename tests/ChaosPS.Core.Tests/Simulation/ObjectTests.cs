using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

/// <summary>
/// What users do to objects through the API. Sources: https://kubernetes.io/docs/concepts/architecture/garbage-collection/ ,
/// https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/ (acquisition, isolation of pods), and
/// https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ .
/// </summary>
public sealed class ObjectTests
{
    private static Dictionary<string, string> Labels(string service) => new() { ["service"] = service };

    private static ClusterSimulation Cluster() =>
        TestCluster.WithNodes(3).AddDeployment("api", ["node0", "node1", "node2"]).Simulate(1);

    private static SimulatedReplicaSet ApplyReplicaSet(ClusterSimulation simulation, int replicas) =>
        simulation.ApplyReplicaSet(TestCluster.MakeWorkload("alone", replicas) with { Kind = "ReplicaSet" });

    [Fact]
    public void A_replica_set_without_a_deployment_keeps_its_replicas()
    {
        var simulation = Cluster();
        var set = ApplyReplicaSet(simulation, 3);
        simulation.Run(10);
        Assert.Equal((3, 3, 3), (set.CurrentReplicas, set.ReadyReplicas, simulation.PodsOf("alone").Count));
        Assert.All(simulation.PodsOf("alone"), pod => Assert.Equal(("ReplicaSet", "alone", set.Uid), (pod.OwnerKind, pod.OwnerName, pod.OwnerUid)));
        ApplyReplicaSet(simulation, 1);
        simulation.Run(10);
        Assert.Equal((1, 2L, 2L), (set.CurrentReplicas, set.Generation, set.ObservedGeneration));
    }

    [Fact]
    public void Deleting_a_deployment_deletes_its_replica_sets_and_pods_after_it()
    {
        var simulation = Cluster();
        simulation.Delete(simulation.Deployment("api"));
        Assert.Null(simulation.FindDeployment(TestCluster.Namespace, "api"));
        Assert.Equal(3, simulation.PodsOf("api").Count);
        simulation.Run(0.2);
        Assert.Empty(simulation.ReplicaSets);
        Assert.Empty(simulation.PodsOf("api"));
        simulation.Run(5);
        Assert.DoesNotContain(simulation.Pods, pod => pod.Namespace == TestCluster.Namespace);
        Assert.Empty(simulation.Services[0].Endpoints);
    }

    [Fact]
    public void Deleting_in_the_foreground_keeps_the_owner_until_its_pods_are_gone()
    {
        var simulation = Cluster();
        var deployment = simulation.Deployment("api");
        var history = simulation.Record();
        simulation.Delete(deployment, DeletionPropagation.Foreground);
        simulation.Run(0.5);
        Assert.Same(deployment, simulation.Deployment("api"));
        Assert.True(deployment.Terminating && simulation.ReplicaSets[0].Terminating);
        Assert.All(simulation.Pods.Where(pod => pod.Namespace == TestCluster.Namespace), pod => Assert.True(pod.Terminating));
        simulation.Run(5);
        Assert.Null(simulation.FindDeployment(TestCluster.Namespace, "api"));
        string[] gone = [.. history.Where(line => line.Contains(" Deleted ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2].Split('/')[0])];
        Assert.Equal(["Pod", "Pod", "Pod", "ReplicaSet", "Deployment"], gone);
    }

    [Fact]
    public void Orphans_live_on_and_a_new_deployment_of_the_same_template_takes_them()
    {
        var simulation = Cluster();
        var spec = simulation.Deployment("api").Spec;
        var pods = simulation.PodsOf("api");
        simulation.Delete(simulation.Deployment("api"), DeletionPropagation.Orphan);
        simulation.Run(5);
        var set = Assert.Single(simulation.ReplicaSets);
        Assert.Null(set.Deployment);
        simulation.Apply(spec);
        simulation.Run(5);
        Assert.Same(simulation.Deployment("api"), set.Deployment);
        Assert.Equal(pods, simulation.PodsOf("api"));
        Assert.Equal(3, simulation.Deployment("api").AvailableReplicas);
    }

    [Fact]
    public void A_pod_that_gets_other_labels_is_let_go_and_replaced()
    {
        var simulation = Cluster();
        var pod = simulation.PodsOf("api")[0];
        simulation.SetLabels(pod, Labels("quarantine"));
        simulation.Run(10);
        Assert.Null(pod.OwnerKind);
        Assert.True(pod.Ready);
        Assert.Equal(3, simulation.PodsOf("api").Count(it => it.Ready));
        Assert.DoesNotContain(simulation.Services[0].Endpoints, endpoint => endpoint.Pod == pod);

        // Given its labels back, there is one too many.
        simulation.SetLabels(pod, simulation.PodsOf("api")[0].Labels);
        simulation.Run(10);
        Assert.Equal(3, simulation.PodsOf("api").Count(it => it is { Ready: true, OwnerKind: "ReplicaSet" }));
    }

    [Fact]
    public void A_bare_pod_that_a_selector_matches_is_taken_and_may_have_to_go()
    {
        var simulation = Cluster();
        ApplyReplicaSet(simulation, 2);
        simulation.Run(10);
        simulation.CreatePod(TestCluster.Namespace, "stray", Labels("alone"), TestCluster.Spec());
        simulation.Run(10);
        Assert.Equal(2, simulation.PodsOf("alone").Count);
        Assert.Null(simulation.FindPod(TestCluster.Namespace, "stray"));
    }

    [Fact]
    public void A_taint_NoExecute_of_a_user_evicts_as_any_other_does()
    {
        var simulation = Cluster();
        var node = simulation.Node("node0");
        simulation.Apply(node.Spec with { Taints = [new Taint("maintenance", "", TaintEffect.NoExecute)] });
        simulation.Run(10);
        Assert.DoesNotContain(node.Pods, pod => pod.OwnerKind == "ReplicaSet");
        Assert.Equal(3, simulation.PodsOf("api").Count(pod => pod.Ready && pod.NodeName != "node0"));
    }

    [Fact]
    public void A_label_brings_the_pods_that_waited_for_it()
    {
        var simulation = Cluster();
        var workload = TestCluster.MakeWorkload("picky", 1);
        simulation.Apply(workload with { PodSpec = workload.PodSpec with { NodeSelector = new Dictionary<string, string> { ["disk"] = "ssd" } } });
        simulation.Run(60);
        Assert.Null(Assert.Single(simulation.PodsOf("picky")).NodeName);
        var node = simulation.Node("node1");
        simulation.Apply(node.Spec with { Labels = new Dictionary<string, string>(node.Labels) { ["disk"] = "ssd" } });
        simulation.Run(20);
        Assert.Equal("node1", Assert.Single(simulation.PodsOf("picky")).NodeName);
    }

    [Fact]
    public void A_new_node_becomes_ready_and_takes_pods()
    {
        var simulation = TestCluster.WithNodes(1, milliCpu: 1000).AddIngressDaemonSet().Simulate(1);
        simulation.Apply(TestCluster.MakeWorkload("api", 2) with { PodSpec = TestCluster.Spec(800) });
        simulation.Run(30);
        Assert.Equal(1, simulation.PodsOf("api").Count(pod => pod.Ready));
        var spec = simulation.Node("node0").Spec;
        var node = simulation.Apply(spec with
        {
            Name = "node1",
            ResourceId = $"{spec.ResourceId}9",
            Labels = new Dictionary<string, string>(spec.Labels) { ["kubernetes.io/hostname"] = "node1" },
        });
        simulation.Run(20);
        Assert.True(node.Ready);
        Assert.Empty(node.Taints);
        Assert.Equal(2, simulation.PodsOf("api").Count(pod => pod.Ready));
        Assert.Single(node.Pods, pod => pod.OwnerKind == "DaemonSet");
        Assert.Equal(node.Pods.Count, node.Pods.Select(pod => pod.PodIP).Distinct().Count());
    }

    [Fact]
    public void Deleting_a_namespace_empties_it_and_no_other()
    {
        var simulation = Cluster();
        var others = simulation.Pods.Count(pod => pod.Namespace != TestCluster.Namespace);
        simulation.DeleteNamespace(TestCluster.Namespace);
        simulation.Run(10);
        Assert.Empty(simulation.Deployments);
        Assert.Empty(simulation.Services);
        Assert.Equal(others, simulation.Pods.Count());
    }

    [Fact]
    public void A_daemon_set_and_a_stateful_set_can_be_deleted_and_made_again()
    {
        var simulation = TestCluster.WithNodes(2).Simulate(1);
        foreach (var kind in new[] { "DaemonSet", "StatefulSet" })
        {
            var spec = TestCluster.MakeWorkload("set", 2) with { Kind = kind };
            simulation.Apply(spec);
            simulation.Run(30);
            Assert.Equal(2, simulation.PodsOf("set").Count(pod => pod.Ready));
            simulation.Delete(simulation.FindWorkload(spec.Namespace, kind, spec.Name)!);
            simulation.Run(30);
            Assert.Empty(simulation.PodsOf("set"));
            Assert.Empty(simulation.OtherWorkloads);
        }
    }

    [Fact]
    public void A_service_follows_its_selector_and_a_budget_ends_with_its_deletion()
    {
        var simulation = Cluster();
        simulation.Apply(TestCluster.MakeWorkload("other", 1));
        simulation.Run(10);
        var service = simulation.FindService(TestCluster.Namespace, "api")!;
        simulation.Apply(service.Spec with { Selector = LabelSelector.FromLabels([new("service", "other")]) });
        simulation.Run(1);
        Assert.Equal(simulation.PodsOf("other"), service.Endpoints.Select(endpoint => endpoint.Pod));

        var budget = simulation.Apply(new DisruptionBudget
        {
            Name = "api",
            Namespace = TestCluster.Namespace,
            Cluster = simulation.Snapshot.Cluster,
            Selector = LabelSelector.FromLabels([new("service", "api")]),
            MinAvailable = "3",
        });
        simulation.Run(1);
        Assert.Equal(429, simulation.Evict(simulation.PodsOf("api")[0]).StatusCode);
        simulation.Delete(budget);
        Assert.Equal(201, simulation.Evict(simulation.PodsOf("api")[0]).StatusCode);
    }
}
