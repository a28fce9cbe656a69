using ChaosPS.Clusters;
using ChaosPS.Core.Tests.Simulation;
using ChaosPS.Resilience;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Resilience;

/// <summary>Each kind of risk where a simulation shows harm, and the same sort of object where it shows none.</summary>
public sealed class RiskTests
{
    private const string Zone = "topology.kubernetes.io/zone";

    private static readonly string[] s_three = ["node0", "node1", "node2"];

    private static TestCluster Nodes(int count, int milliCpu = 3860) => TestCluster.WithNodes(count, static i => $"westeurope-{(i % 3) + 1}", milliCpu);

    private static IReadOnlyList<ResilienceRisk> Find(ClusterSnapshot snapshot, Func<SimulationOptions, SimulationOptions>? configure = null) => RiskFinder.Find(
        snapshot, new PredictionOptions { Simulation = configure?.Invoke(new SimulationOptions { Seed = 1 }) ?? new SimulationOptions { Seed = 1 } }, static (_, space, _) => space != "ingress-nginx", null, default);

    private static ResilienceRisk One(ClusterSnapshot snapshot, string code, Func<SimulationOptions, SimulationOptions>? configure = null) =>
        Assert.Single(Find(snapshot, configure), it => it.Code == code);

    private static void None(ClusterSnapshot snapshot, string code, Func<SimulationOptions, SimulationOptions>? configure = null) =>
        Assert.DoesNotContain(Find(snapshot, configure), it => it.Code == code);

    private static ClusterSnapshot Snapshot(int nodes, string[] places, Func<Workload, Workload>? configure = null, int milliCpu = 3860) =>
        Nodes(nodes, milliCpu).AddDeployment("web", places, configure).TakeSnapshot();

    private static Func<Workload, Workload> Template(Func<PodSpec, PodSpec> change) => workload => workload with { PodSpec = change(workload.PodSpec) };

    private static ClusterSnapshot WithBudget(ClusterSnapshot snapshot, DisruptionBudget budget) => snapshot with { DisruptionBudgets = [budget with { Cluster = snapshot.Cluster }] };

    private static DisruptionBudget Budget(string service) => new()
    {
        Name = "budget",
        Namespace = TestCluster.Namespace,
        Cluster = new ClusterIdentity("", "", ""),
        Selector = LabelSelector.FromLabels([new("service", service)]),
    };

    private static TopologySpread Spread(string key, bool required) => new(key, 1, LabelSelector.FromLabels([new("service", "web")]), required);

    [Fact]
    public void A_strange_cluster_is_looked_at_all_the_same()
    {
        var patient = Template(static spec => spec with { Tolerations = [new Toleration("", Exists: true, "", null, null)] });
        var usual = Snapshot(3, ["node0", "node2"], patient);
        foreach (var strange in new[]
        {
            usual with { Nodes = [] },
            usual with { Nodes = [.. usual.Nodes.Skip(1)] }, // the first one's object is gone already, and its pod still there
            usual with { Nodes = [.. usual.Nodes.Select(static node => node with { Ready = false })] },
            usual with { Nodes = [.. usual.Nodes.Select(static node => node with { Unschedulable = true })] },
            usual with { Pods = [.. usual.Pods.Select(static pod => pod with { NodeName = null, Ready = false, Phase = "Pending" })] },
            usual with { Workloads = [], Services = [] },
        })
        {
            Assert.All(Find(strange), static risk => Assert.NotEmpty(risk.Evidence));
            var options = new PredictionOptions { Simulation = new SimulationOptions { Seed = 1 } };
            Assert.NotNull(new NodeLossPredictor(strange, options).Predict(NodeLoss.OfEach(strange.Nodes), null, default));
            Assert.NotEmpty(new NodeLossPredictor(strange, options).Forecast([new PowerLoss(["node0", "node2"], PowerAction.PowerOff)], default).Describe());
        }
    }

    [Fact]
    public void Pods_on_one_node_are_a_single_point_however_many_they_are()
    {
        foreach (var places in new string[][] { ["node0"], ["node1", "node1"] })
        {
            var risk = One(Snapshot(3, places), "SinglePoint");
            Assert.Equal(("Deployment", TestCluster.Namespace, "web"), (risk.Kind, risk.Namespace, risk.Name));
            Assert.Equal((RiskSeverity.High, ResilienceGoal.NodeLoss), (risk.Severity, risk.Goal));
            Assert.Equal($"loss of {places[0]}", risk.Scenario);
            Assert.InRange(risk.Outage.TotalSeconds, 348, 365);
            Assert.Matches(@"^down for \d+/\d+/\d+ s$", risk.Evidence);
        }

        None(Snapshot(3, ["node0", "node1"]), "SinglePoint");
    }

    [Fact]
    public void Required_anti_affinity_without_a_node_to_spare_leaves_pods_waiting()
    {
        var apart = Template(static spec => spec with { Affinity = SchedulingTests.ApartOnHostname("web") });
        var risk = One(Snapshot(3, s_three, apart), "AntiAffinityUnmet");
        Assert.Equal((RiskSeverity.Low, TimeSpan.Zero), (risk.Severity, risk.Outage));
        Assert.Contains("1 pod without a node to the end", risk.Evidence, StringComparison.Ordinal);
        Assert.Contains("didn't match pod anti-affinity rules", risk.Evidence, StringComparison.Ordinal);

        None(TestCluster.WithNodes(4).AddDeployment("web", s_three, apart).TakeSnapshot(), "AntiAffinityUnmet");
    }

    [Fact]
    public void Required_anti_affinity_that_is_not_met_now_is_told_once()
    {
        var snapshot = Snapshot(2, ["node0", "node1", "node1"], Template(static spec => spec with { Affinity = SchedulingTests.ApartOnHostname("web") }));
        snapshot = snapshot with
        {
            Pods = [.. snapshot.Pods.Select(static pod => pod.Name.StartsWith("web-7d9c5b6f4-d", StringComparison.Ordinal) ? pod with { NodeName = null, Phase = "Pending", Ready = false, ReadyContainers = 0, PodIP = null } : pod)],
        };
        var risk = One(snapshot, "AntiAffinityUnmet");
        Assert.Equal(("nothing but time", RiskSeverity.Medium), (risk.Scenario, risk.Severity));
    }

    [Fact]
    public void Nodes_of_one_zone_are_not_enough_where_there_are_several()
    {
        var snapshot = Nodes(6).AddDeployment("web", ["node0", "node3"]).AddDeployment("wide", ["node0", "node1"]).TakeSnapshot();
        var risk = One(snapshot, "SingleZone");
        Assert.Equal(("web", "loss of zone westeurope-1", ResilienceGoal.ZoneLoss, RiskSeverity.High), (risk.Name, risk.Scenario, risk.Goal, risk.Severity));
        None(TestCluster.WithNodes(3).AddDeployment("web", ["node0", "node1"]).TakeSnapshot(), "SingleZone");
    }

    [Fact]
    public void Spread_over_fault_domains_is_not_spread_over_zones()
    {
        var spread = Template(static spec => spec with { TopologySpread = [Spread(Zone, required: false)] });
        var risk = One(TestCluster.WithNodes(3, static i => $"{i}").AddDeployment("web", ["node0", "node1"], spread).TakeSnapshot(), "FaultDomainOnly");
        Assert.Equal("loss of the data center of fault domains 0, 1, 2", risk.Scenario);
        Assert.True(risk.Outage >= TimeSpan.FromMinutes(20), risk.Evidence);

        None(TestCluster.WithNodes(3, static i => $"{i}").AddDeployment("web", ["node0", "node1"]).TakeSnapshot(), "FaultDomainOnly"); // it does not mean zones
        None(Snapshot(3, ["node0", "node1"], spread), "FaultDomainOnly");

        // Some of its pods are in a zone.
        var mixed = TestCluster.WithNodes(3, static i => i == 2 ? "westeurope-1" : $"{i}").AddDeployment("web", s_three, spread).TakeSnapshot();
        None(mixed, "FaultDomainOnly");
    }

    [Fact]
    public void Hard_spread_over_zones_counts_dead_nodes_unless_it_honors_taints()
    {
        string[] places = ["node0", "node1", "node2", "node3", "node4", "node5"];
        var risk = One(Snapshot(6, places, Template(static spec => spec with { TopologySpread = [Spread(Zone, required: true)] })), "HardSpreadPending");
        Assert.StartsWith("loss of zone westeurope-", risk.Scenario, StringComparison.Ordinal);
        Assert.Contains("2 pods without a node to the end", risk.Evidence, StringComparison.Ordinal);
        Assert.Contains("topology spread constraints", risk.Evidence, StringComparison.Ordinal);

        None(Snapshot(6, places, Template(static spec => spec with { TopologySpread = [Spread(Zone, required: true) with { HonorsTaints = true }] })), "HardSpreadPending");
        None(Snapshot(6, places, Template(static spec => spec with { TopologySpread = [Spread(Zone, required: false)] })), "HardSpreadPending");
    }

    [Fact]
    public void A_rollout_that_needs_a_node_that_is_not_there_never_ends()
    {
        var apart = Template(static spec => spec with { Affinity = SchedulingTests.ApartOnHostname("web") });
        var risk = One(Snapshot(3, s_three, apart), "RolloutDeadlock");
        Assert.Equal(("rollout", ResilienceGoal.Rollout, RiskSeverity.Medium), (risk.Scenario, risk.Goal, risk.Severity));
        Assert.Contains("anti-affinity rules", risk.Evidence, StringComparison.Ordinal);

        None(Snapshot(4, s_three, apart), "RolloutDeadlock");
        None(Snapshot(3, s_three, workload => apart(workload) with { MaxUnavailable = "1" }), "RolloutDeadlock");
    }

    [Fact]
    public void A_rollout_that_takes_all_pods_at_once_is_an_outage()
    {
        var risk = One(Snapshot(3, ["node0", "node1"], static workload => workload with { IsRecreate = true, MaxSurge = "0", MaxUnavailable = "100%" }), "RolloutOutage");
        Assert.InRange(risk.Outage.TotalSeconds, 5, 30);
        Assert.Equal(RiskSeverity.Medium, risk.Severity);
        None(Snapshot(3, ["node0", "node1"]), "RolloutOutage");
    }

    [Fact]
    public void A_missing_readiness_probe_hurts_whom_calls_reach()
    {
        var without = Template(static spec => spec with { Containers = [spec.Containers[0] with { HasReadinessProbe = false }] });
        var snapshot = Snapshot(3, ["node0", "node1"], without);
        var risk = One(snapshot, "ReadinessMissing");
        Assert.Equal(("rollout", ResilienceGoal.Rollout), (risk.Scenario, risk.Goal));
        Assert.InRange(risk.Outage.TotalSeconds, 1, 12);

        None(Snapshot(3, ["node0", "node1"]), "ReadinessMissing");
        None(snapshot with { Services = [], IngressPaths = [] }, "ReadinessMissing");
        None(snapshot, "ReadinessMissing", static options => options with { ApplicationStart = DurationRange.FromMilliseconds(100, 200) });
    }

    [Fact]
    public void Long_tolerations_matter_where_they_make_an_outage_longer()
    {
        Func<Workload, Workload> patient(long? seconds) => Template(spec => spec with
        {
            Tolerations = [new("node.kubernetes.io/unreachable", Exists: true, "", TaintEffect.NoExecute, seconds), new("node.kubernetes.io/not-ready", Exists: true, "", TaintEffect.NoExecute, seconds)],
        });
        var risk = One(Snapshot(3, ["node0"], patient(900)), "LongToleration");
        Assert.InRange(risk.Outage.TotalSeconds, 900 + 40, 900 + 65);
        Assert.Matches(@"^down for 9\d\d s instead of 3\d\d s$", risk.Evidence);
        Assert.Equal(RiskSeverity.Low, One(Snapshot(3, ["node0", "node1"], patient(null)), "LongToleration").Severity);

        None(Snapshot(3, ["node0"], patient(60)), "LongToleration");

        // AKS finds the machine off, whatever the pods tolerate.
        None(Snapshot(3, ["node0"], patient(null)), "LongToleration", static options => options with { ShutdownTaints = true, InstanceCacheLifetime = TimeSpan.FromSeconds(60) });
    }

    [Fact]
    public void A_budget_that_spares_nothing_blocks_drains()
    {
        var snapshot = Snapshot(3, ["node0", "node1"]);
        var risk = One(WithBudget(snapshot, Budget("web") with { MinAvailable = "2" }), "DrainBlocked");
        Assert.Equal(("PodDisruptionBudget", "budget", "drain of node0", ResilienceGoal.Drain), (risk.Kind, risk.Name, risk.Scenario, risk.Goal));
        Assert.Equal("It lets no drain of a node with its pods end.", risk.Message);
        Assert.Contains("needs 2 healthy pods and has 2 currently", risk.Evidence, StringComparison.Ordinal);
        Assert.Equal([$"Deployment/{TestCluster.Namespace}/web"], risk.Workloads);

        None(WithBudget(snapshot, Budget("web") with { MinAvailable = "1" }), "DrainBlocked");
    }

    [Fact]
    public void A_budget_that_spares_everything_protects_nothing()
    {
        var together = Snapshot(3, ["node0", "node0"]);
        var risk = One(WithBudget(together, Budget("web") with { MaxUnavailable = "2" }), "BudgetProtectsNothing");
        Assert.Equal("drain of node0", risk.Scenario);
        Assert.True(risk.Outage > TimeSpan.Zero);

        Assert.Contains("finds no pods", One(WithBudget(together, Budget("wed") with { MinAvailable = "1" }), "BudgetProtectsNothing").Message, StringComparison.Ordinal);

        var apart = Snapshot(3, ["node0", "node1"]);
        None(WithBudget(together, Budget("web") with { MaxUnavailable = "1" }), "BudgetProtectsNothing");
        None(WithBudget(apart, Budget("web") with { MaxUnavailable = "2" }), "BudgetProtectsNothing"); // one drain takes one pod
        None(WithBudget(apart, Budget("wed") with { MinAvailable = "1" }), "BudgetProtectsNothing");
    }

    [Fact]
    public void Too_little_room_for_the_pods_of_a_lost_node_is_told_with_the_nodes_that_it_takes()
    {
        var large = Template(static spec => spec with { Containers = [spec.Containers[0] with { Requests = new ResourceQuantities(600, 64L << 20) }] });
        var risk = One(Snapshot(2, ["node0", "node1"], large, milliCpu: 1000), "CapacityShort");
        Assert.Equal(("Cluster", "test"), (risk.Kind, risk.Name));
        Assert.Contains("Insufficient cpu", risk.Evidence, StringComparison.Ordinal);
        Assert.StartsWith("Have 1 node more", risk.Fix, StringComparison.Ordinal);

        None(Snapshot(3, ["node0", "node1"], large, milliCpu: 1000), "CapacityShort");
    }

    [Fact]
    public void A_system_pool_of_one_node_hurts_where_system_pods_depend_on_it()
    {
        foreach (var (system, places, expected) in new[] { (1, s_three[..1], true), (2, s_three[..1], false), (1, s_three[..2], false) })
        {
            var snapshot = Snapshot(3, places);
            snapshot = snapshot with
            {
                Nodes = [.. snapshot.Nodes.Select((node, index) => node with { NodePoolName = index < system ? "system" : "user", Labels = new Dictionary<string, string>(node.Labels) { ["kubernetes.azure.com/mode"] = index < system ? "system" : "user" } })],
                Pods = [.. snapshot.Pods.Select(static pod => pod.Namespace == TestCluster.Namespace ? pod with { Namespace = "kube-system" } : pod)],
                Workloads = [.. snapshot.Workloads.Select(static workload => workload with { Namespace = "kube-system" })],
                Services = [],
                IngressPaths = [],
            };
            if (!expected) None(snapshot, "SystemPoolOfOne");
            else Assert.Equal(("NodePool", "system", "loss of node0"), One(snapshot, "SystemPoolOfOne") is var risk ? (risk.Kind, risk.Name, risk.Scenario) : default);
        }
    }

    [Fact]
    public void Where_three_of_five_nodes_are_gone_nothing_is_evicted()
    {
        var five = TestCluster.WithNodes(5).AddDeployment("web", ["node0", "node1"]).TakeSnapshot();
        var risk = One(five, "DisruptionTrap");
        Assert.Equal(("Zone", "westeurope-1", "loss of 3 of 5 nodes of zone westeurope-1"), (risk.Kind, risk.Name, risk.Scenario));
        Assert.True(risk.Outage >= TimeSpan.FromMinutes(20), risk.Evidence);

        None(five, "DisruptionTrap", static options => options with { ShutdownTaints = true, InstanceCacheLifetime = TimeSpan.FromSeconds(300) }); // AKS evicts all the same
        None(TestCluster.WithNodes(5).AddDeployment("web", ["node0", "node1", "node2", "node3"]).TakeSnapshot(), "DisruptionTrap"); // a pod is left
        None(TestCluster.WithNodes(3).AddDeployment("web", ["node0", "node1"]).TakeSnapshot(), "DisruptionTrap"); // all three are a zone that is gone
    }

    [Fact]
    public void One_seed_gives_the_same_risks_the_worst_first()
    {
        var snapshot = Nodes(5).AddDeployment("a", ["node0"]).AddDeployment("b", s_three).AddDeployment("c", ["node1", "node1"]).TakeSnapshot();
        var first = Find(snapshot);
        Assert.Equal(first.Select(static it => it.ToString() + it.Evidence), Find(snapshot).Select(static it => it.ToString() + it.Evidence));
        Assert.Equal(first.OrderByDescending(static it => it.Severity).Select(static it => it.Severity), first.Select(static it => it.Severity));
    }
}
