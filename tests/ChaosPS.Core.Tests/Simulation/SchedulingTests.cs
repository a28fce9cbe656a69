using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

public sealed class SchedulingTests
{
    public static Affinity ApartOnHostname(string service) => new()
    {
        RequiredAntiPods = [new PodAffinityTerm(LabelSelector.FromLabels([new("service", service)]), "kubernetes.io/hostname", [])],
    };

    private static PodCondition Scheduled(SimulatedPod pod) => pod.FindCondition("PodScheduled")!;

    [Fact]
    public void Required_anti_affinity_keeps_replicas_apart_and_names_the_rule_when_there_is_no_node_left()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var simulation = TestCluster.WithNodes(3).Simulate(seed);
            var workload = TestCluster.MakeWorkload("search", 4);
            simulation.Apply(workload with { PodSpec = workload.PodSpec with { Affinity = ApartOnHostname("search") } });
            simulation.Run(120);
            var pods = simulation.PodsOf("search");
            Assert.Equal(3, pods.Where(pod => pod.Ready).Select(pod => pod.NodeName).Distinct().Count());
            var pending = Assert.Single(pods, pod => pod.NodeName is null);
            Assert.Equal(("False", "Unschedulable"), (Scheduled(pending).Status, Scheduled(pending).Reason));
            Assert.Equal(
                "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules. " +
                "preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.",
                Scheduled(pending).Message);
            Assert.Contains(simulation.Events, e => e is { Type: "Warning", Reason: "FailedScheduling", Component: "default-scheduler" });
        }
    }

    [Fact]
    public void Anti_affinity_added_to_crowded_replicas_moves_them_apart()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var simulation = TestCluster.WithNodes(3).AddDeployment("search", ["node0", "node0"]).Simulate(seed);
            var deployment = simulation.Deployment("search");
            simulation.Apply(deployment.Spec with { PodSpec = deployment.Spec.PodSpec with { Affinity = ApartOnHostname("search") } });
            simulation.Run(60);
            Assert.Equal((2, 2, 2), (deployment.CurrentReplicas, deployment.UpdatedReplicas, deployment.AvailableReplicas));
            Assert.Equal(2, simulation.PodsOf("search").Select(pod => pod.NodeName).Distinct().Count());
        }
    }

    [Fact]
    public void Anti_affinity_of_running_pods_keeps_others_away_too()
    {
        var simulation = TestCluster.WithNodes(1)
            .AddDeployment("search", ["node0"], workload => workload with
            {
                PodSpec = workload.PodSpec with { Affinity = ApartOnHostname("web") },
            })
            .Simulate(1);
        simulation.Apply(TestCluster.MakeWorkload("web", 1));
        simulation.Run(10);
        Assert.StartsWith(
            "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.",
            Scheduled(Assert.Single(simulation.PodsOf("web"))).Message);
    }

    [Fact]
    public void Each_node_is_counted_under_its_own_reason()
    {
        var simulation = TestCluster.WithNodes(4, milliCpu: 1000).AddDeployment("api", ["node3"]).Simulate(1);
        simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
        simulation.RunUntil(() => simulation.Node("node0").Taints.Count > 1);
        simulation.SetUnschedulable(simulation.Node("node1"), true);
        simulation.Run(1);
        Assert.True(simulation.Node("node1").HasTaint("node.kubernetes.io/unschedulable:NoSchedule"));
        var web = TestCluster.MakeWorkload("web", 1);
        simulation.Apply(web with
        {
            PodSpec = TestCluster.Spec(milliCpu: 960) with
            {
                NodeSelector = new Dictionary<string, string> { ["kubernetes.io/hostname"] = "node3" },
            },
        });
        simulation.Run(5);
        Assert.Equal(
            "0/4 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector, " +
            "1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, 1 node(s) were unschedulable. " +
            "preemption: 0/4 nodes are available: 1 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.",
            Scheduled(Assert.Single(simulation.PodsOf("web"))).Message);
    }

    [Fact]
    public void A_pod_that_did_not_fit_is_placed_after_its_pause_once_there_is_room()
    {
        var simulation = TestCluster.WithNodes(2).Simulate(1);
        foreach (var node in simulation.Nodes) simulation.SetUnschedulable(node, true);
        simulation.Apply(TestCluster.MakeWorkload("web", 1));
        simulation.Run(100);
        var pod = Assert.Single(simulation.PodsOf("web"));
        Assert.Null(pod.NodeName);
        var opened = simulation.Now;
        simulation.SetUnschedulable(simulation.Node("node1"), false);
        simulation.RunUntil(() => pod.NodeName is not null);
        Assert.Equal("node1", pod.NodeName);
        Assert.InRange((simulation.Now - opened).TotalSeconds, 0, 10.1);
        Assert.Equal("True", Scheduled(pod).Status);
    }

    [Fact]
    public void A_terminating_pod_holds_its_resources_until_it_is_gone()
    {
        var simulation = TestCluster.WithNodes(1, milliCpu: 1000)
            .AddDeployment("api", ["node0"], workload => workload with { PodSpec = TestCluster.Spec(milliCpu: 800) })
            .Simulate(1);
        simulation.DeletePod(simulation.PodsOf("api")[0]);
        simulation.Run(0.5);
        var replacement = Assert.Single(simulation.PodsOf("api"));
        Assert.Contains("1 Insufficient cpu", Scheduled(replacement).Message, StringComparison.Ordinal);
        simulation.Run(10);
        Assert.True(replacement.Ready);
    }

    [Fact]
    public void A_full_node_takes_no_more_pods()
    {
        var simulation = TestCluster.WithNodes(1, maxPods: 2).Simulate(1);
        simulation.Apply(TestCluster.MakeWorkload("web", 2));
        simulation.Run(5);
        Assert.StartsWith(
            "0/1 nodes are available: 1 Too many pods.",
            Scheduled(Assert.Single(simulation.PodsOf("web"), pod => pod.NodeName is null)).Message);
    }

    [Fact]
    public void Required_affinity_brings_pods_together_and_lets_the_first_one_in()
    {
        var together = new Affinity
        {
            RequiredPods = [new PodAffinityTerm(LabelSelector.FromLabels([new("service", "web")]), "topology.kubernetes.io/zone", [])],
        };
        var simulation = TestCluster.WithNodes(6, i => $"westeurope-{(i % 3) + 1}").Simulate(4);
        var web = TestCluster.MakeWorkload("web", 4);
        simulation.Apply(web with { PodSpec = web.PodSpec with { Affinity = together } });
        simulation.Run(10);
        var pods = simulation.PodsOf("web");
        Assert.All(pods, pod => Assert.NotNull(pod.NodeName));
        Assert.Single(pods.Select(pod => simulation.Node(pod.NodeName!).Labels["topology.kubernetes.io/zone"]).Distinct());
    }

    [Fact]
    public void Without_rules_replicas_spread_over_nodes_and_zones()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var simulation = TestCluster.WithNodes(3, i => $"westeurope-{i + 1}").Simulate(seed);
            simulation.Apply(TestCluster.MakeWorkload("web", 6));
            simulation.Run(10);
            Assert.All(simulation.PodsOf("web").GroupBy(pod => pod.NodeName), group => Assert.Equal(2, group.Count()));
        }
    }

    [Fact]
    public void Preferred_anti_affinity_yields_where_it_must()
    {
        var apart = new Affinity
        {
            PreferredAntiPods =
                [new PodAffinityTerm(LabelSelector.FromLabels([new("service", "web")]), "kubernetes.io/hostname", [], Weight: 100)],
        };
        var simulation = TestCluster.WithNodes(2).Simulate(2);
        var web = TestCluster.MakeWorkload("web", 3);
        simulation.Apply(web with { PodSpec = web.PodSpec with { Affinity = apart } });
        simulation.Run(10);
        Assert.Equal([1, 2], simulation.PodsOf("web").GroupBy(pod => pod.NodeName).Select(group => group.Count()).Order());
    }

    [Fact]
    public void Preferred_node_affinity_draws_pods_to_the_node()
    {
        var towards = new Affinity
        {
            PreferredNodes =
            [
                new NodeAffinityTerm(
                    [new LabelRequirement("kubernetes.io/hostname", SelectorOperator.In, ["node2"])], [], Weight: 100),
            ],
        };
        var simulation = TestCluster.WithNodes(3).Simulate(2);
        var web = TestCluster.MakeWorkload("web", 1);
        simulation.Apply(web with { PodSpec = web.PodSpec with { Affinity = towards } });
        simulation.Run(10);
        Assert.Equal("node2", Assert.Single(simulation.PodsOf("web")).NodeName);
    }

    [Fact]
    public void Equal_nodes_are_chosen_by_the_seed()
    {
        var chosen = Enumerable.Range(1, 30).Select(seed =>
        {
            var simulation = TestCluster.WithNodes(3).Simulate(seed);
            simulation.Apply(TestCluster.MakeWorkload("web", 1));
            simulation.Run(5);
            return simulation.PodsOf("web")[0].NodeName;
        });
        Assert.Equal(3, chosen.Distinct().Count());
    }

    [Fact]
    public void A_rule_about_pods_of_the_same_version_lets_the_next_version_in_beside_them()
    {
        var affinity = ApartOnHostname("search");
        affinity = affinity with { RequiredAntiPods = [affinity.RequiredAntiPods[0] with { MatchLabelKeys = ["pod-template-hash"] }] };
        var simulation = TestCluster.WithNodes(3)
            .AddDeployment("search", ["node0", "node1", "node2"], workload => workload with { MaxSurge = "1", MaxUnavailable = "0", PodSpec = workload.PodSpec with { Affinity = affinity } }).Simulate(1);
        var deployment = simulation.Deployment("search");
        simulation.Apply(deployment.Spec with { PodSpec = deployment.Spec.PodSpec with { TemplateMark = "next" } });
        simulation.Run(300);

        Assert.Equal((3, 3, 3), (deployment.CurrentReplicas, deployment.UpdatedReplicas, deployment.AvailableReplicas));
        Assert.Equal(3, simulation.PodsOf("search").Select(pod => pod.NodeName).Distinct().Count());
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("kubernetes.io/metadata.name=other", false)]
    [InlineData("kubernetes.io/metadata.name in (other,contactsapp)", true)]
    public void A_rule_reaches_into_the_namespaces_that_its_selector_takes(string selector, bool reaches)
    {
        var affinity = ApartOnHostname("web");
        affinity = affinity with { RequiredAntiPods = [affinity.RequiredAntiPods[0] with { NamespaceSelector = LabelSelector.Parse(selector) }] };
        var simulation = TestCluster.WithNodes(1).AddDeployment("web", ["node0"]).Simulate(1);
        var workload = TestCluster.MakeWorkload("search", 1);
        simulation.Apply(workload with { Namespace = "far", PodSpec = workload.PodSpec with { Affinity = affinity } });
        simulation.Run(30);

        Assert.Equal(reaches, simulation.Pods.Single(pod => pod.Namespace == "far").NodeName is null);
    }
}
