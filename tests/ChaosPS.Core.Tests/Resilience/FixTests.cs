using ChaosPS.Clusters;
using ChaosPS.Core.Tests.Simulation;
using ChaosPS.Errors;
using ChaosPS.Resilience;
using ChaosPS.Simulation;
using FsCheck.Xunit;

namespace ChaosPS.Core.Tests.Resilience;

/// <summary>The cheapest small change, what is against those that are cheaper, and what is said where there is none.</summary>
public sealed class FixTests
{
    private const string HostName = "kubernetes.io/hostname";

    private static TestCluster Nodes(int count, int milliCpu = 3860) => TestCluster.WithNodes(count, static i => $"westeurope-{(i % 3) + 1}", milliCpu);

    private static PredictionOptions Options(int seed = 1) => new() { Simulation = new SimulationOptions { Seed = seed } };

    private static ResilienceFix? Find(ClusterSnapshot snapshot, params ResilienceGoal[] goals) =>
        new FixFinder(snapshot, Options(), TimeSpan.Zero).Find("Deployment", TestCluster.Namespace, "web", goals, default);

    private static ChaosException Refuse(ClusterSnapshot snapshot, params ResilienceGoal[] goals) => Assert.Throws<ChaosException>(() => Find(snapshot, goals));

    private static ClusterSnapshot Snapshot(int nodes, string[] places, Func<Workload, Workload>? configure = null, int milliCpu = 3860) =>
        Nodes(nodes, milliCpu).AddDeployment("web", places, configure).TakeSnapshot();

    private static Func<Workload, Workload> Template(Func<PodSpec, PodSpec> change) => workload => workload with { PodSpec = change(workload.PodSpec) };

    private static readonly Func<Workload, Workload> s_apart = Template(static spec => spec with { Affinity = SchedulingTests.ApartOnHostname("web") });

    /// <summary>Takes all room of a node but for two small pods.</summary>
    private static ClusterSnapshot Full(ClusterSnapshot snapshot, string node)
    {
        var pod = snapshot.Pods.First(it => it.NodeName == node);
        return snapshot with { Pods = [.. snapshot.Pods, pod with { Name = "heavy", OwnerName = "heavy", Spec = TestCluster.Spec(3650) }] };
    }

    private static WorkloadOverlay ChangeOf(ResilienceFix fix) => Assert.Single(fix.Change.Workloads);

    [Fact]
    public void One_replica_needs_another_and_every_cheaper_change_has_its_counterexample()
    {
        var fix = Find(Snapshot(3, ["node0"]), ResilienceGoal.NodeLoss)!;
        Assert.Equal(2, ChangeOf(fix).Replicas);
        Assert.Equal(new FixCost(1, 50, 64L << 20), fix.Cost);
        Assert.Equal("1 pod, 50m CPU, 64Mi memory", fix.Cost.ToString());
        Assert.Equal([ResilienceGoal.NodeLoss], fix.Survives);
        Assert.Equal(TimeSpan.Zero, fix.DownAfter);
        Assert.InRange(fix.DownBefore.TotalSeconds, 348, 365);
        Assert.InRange(fix.DegradedAfter.TotalSeconds, 348, 365);
        Assert.Contains(fix.Rejected, static it => it.Description == "no change" && it.Counterexample.StartsWith("loss of node0: down for 3", StringComparison.Ordinal));
        Assert.Contains(fix.Rejected, static it => it.Description.StartsWith("anti-affinity over nodes, required", StringComparison.Ordinal));
        Assert.All(fix.Rejected, it => Assert.True(it.Cost.Pods <= fix.Cost.Pods && it.Down > TimeSpan.Zero, it.ToString()));
        Assert.True(fix.Simulations > 20);
    }

    [Fact]
    public void Replicas_that_are_together_need_a_rule_and_no_more_pods()
    {
        var fix = Find(Snapshot(3, ["node0", "node0"]), ResilienceGoal.NodeLoss)!;
        Assert.Equal("none", fix.Cost.ToString());
        Assert.Null(ChangeOf(fix).Replicas);
        Assert.Equal(["spread over nodes, where it can be"], fix.Steps);
        var rule = Assert.Single(ChangeOf(fix).TopologySpread!);
        Assert.Equal((HostName, 1, false, true), (rule.TopologyKey, rule.MaxSkew, rule.IsRequired, rule.HonorsTaints));
    }

    [Fact]
    public void Replicas_that_a_first_loss_brings_together_need_a_rule_that_keeps_them_apart()
    {
        // node2 is nearly full but free enough for one pod: without a rule the scheduler rather takes the node where the other replica is.
        var snapshot = Full(Snapshot(3, ["node0", "node1"]), "node2");
        var fix = Find(snapshot, ResilienceGoal.NodeLoss)!;
        Assert.Equal(0, fix.Cost.Pods);
        Assert.Contains("nodes", fix.Description, StringComparison.Ordinal);
        Assert.Matches("^loss of node[01] after the loss of node[01] and its return: down for ", fix.Rejected[0].Counterexample.Replace(",", "", StringComparison.Ordinal));
        Assert.Equal("no change", fix.Rejected[0].Description);
        Assert.Empty(fix.Notes);
    }

    [Fact]
    public void On_two_nodes_nothing_survives_the_second_loss_and_the_fix_says_so()
    {
        var fix = Find(Snapshot(2, ["node0"]), ResilienceGoal.NodeLoss)!;
        Assert.Equal(2, ChangeOf(fix).Replicas);
        Assert.Contains("and its return: down for ", Assert.Single(fix.Notes), StringComparison.Ordinal);
        Assert.Null(Find(Snapshot(2, ["node0", "node1"]), ResilienceGoal.NodeLoss));
    }

    [Fact]
    public void What_survives_as_it_is_needs_nothing()
    {
        Assert.Null(Find(Snapshot(3, ["node0", "node1"]), ResilienceGoal.NodeLoss, ResilienceGoal.ZoneLoss, ResilienceGoal.Rollout));
        Assert.Null(Find(Snapshot(3, [], static workload => workload with { Replicas = 0 }), ResilienceGoal.NodeLoss));
    }

    [Fact]
    public void Zones_are_survived_by_a_spread_over_zones()
    {
        var fix = Find(Snapshot(6, ["node0", "node3"]), ResilienceGoal.ZoneLoss)!;
        Assert.Equal(0, fix.Cost.Pods);
        Assert.Contains("zones", fix.Description, StringComparison.Ordinal);
        Assert.Contains("one zone", Refuse(TestCluster.WithNodes(3).AddDeployment("web", ["node0"]).TakeSnapshot(), ResilienceGoal.ZoneLoss).RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rollout_that_cannot_end_needs_another_strategy_or_a_softer_rule_and_no_node()
    {
        var fix = Find(Snapshot(3, ["node0", "node1", "node2"], s_apart), ResilienceGoal.Rollout)!;
        Assert.Equal(0, fix.Cost.Pods);
        Assert.Single(fix.Steps);
        Assert.Contains("rollout does not end", fix.Rejected[0].Counterexample, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_readiness_probe_is_given_for_the_port_that_a_Service_leads_to()
    {
        var snapshot = Snapshot(3, ["node0", "node1"], Template(static spec => spec with { Containers = [spec.Containers[0] with { HasReadinessProbe = false }] }));
        snapshot = snapshot with { Services = [.. snapshot.Services.Select(static it => it with { TargetPort = "http" })] };
        var fix = Find(snapshot, ResilienceGoal.Rollout)!;
        Assert.Equal([new ReadinessProbe("c", "http")], ChangeOf(fix).ReadinessProbes);
        Assert.Equal(0, fix.Cost.Pods);
    }

    [Fact]
    public void A_drain_that_a_budget_blocks_needs_another_budget()
    {
        var snapshot = Snapshot(3, ["node0", "node1"]);
        var budget = new DisruptionBudget { Name = "web", Namespace = TestCluster.Namespace, Cluster = snapshot.Cluster, Selector = LabelSelector.FromLabels([new("service", "web")]), MinAvailable = "2" };
        var fix = Find(snapshot with { DisruptionBudgets = [budget] }, ResilienceGoal.Drain)!;
        Assert.Equal(budget with { MinAvailable = null, MaxUnavailable = "1" }, Assert.Single(fix.Change.DisruptionBudgets));
        Assert.Empty(fix.Change.Workloads);
        Assert.Equal(["PodDisruptionBudget web: minAvailable 2 -> maxUnavailable 1"], fix.Steps);
    }

    [Fact]
    public void Pods_that_a_drain_takes_together_need_a_budget()
    {
        var fix = Find(Snapshot(3, ["node0", "node0"]), ResilienceGoal.Drain)!;
        Assert.Equal("1", Assert.Single(fix.Change.DisruptionBudgets).MaxUnavailable);
    }

    [Fact]
    public void Where_a_short_outage_is_borne_pods_need_only_leave_sooner()
    {
        var fix = new FixFinder(Snapshot(3, ["node0"]), Options(), TimeSpan.FromMinutes(2)).Find("Deployment", TestCluster.Namespace, "web", [ResilienceGoal.NodeLoss], default)!;
        Assert.Equal((30L, (int?)null, 0), (ChangeOf(fix).TolerationSeconds, ChangeOf(fix).Replicas, fix.Cost.Pods));
        Assert.InRange(fix.DownAfter.TotalSeconds, 60, 120);
        Assert.Contains(fix.Rejected, static it => it.Description == "tolerationSeconds 60");
    }

    [Fact]
    public void One_node_only_is_told_with_the_nodes_that_it_takes()
    {
        var error = Refuse(Snapshot(1, ["node0"]), ResilienceGoal.NodeLoss);
        Assert.Equal("FixNotFound", error.ErrorId);
        Assert.StartsWith("It takes 1 node more; then this is enough: replicas 1 -> 2", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_little_room_for_one_more_pod_is_told_with_the_nodes_that_it_takes()
    {
        var large = Template(static spec => spec with { Containers = [spec.Containers[0] with { Requests = new ResourceQuantities(600, 64L << 20) }] });
        var snapshot = Snapshot(2, ["node0"], large, milliCpu: 1000);
        snapshot = snapshot with { Nodes = [.. snapshot.Nodes.Select(static node => node with { NodePoolName = "pool", Unschedulable = node.Name == "node1" })] };
        var error = Refuse(snapshot, ResilienceGoal.NodeLoss);
        Assert.Contains("does not roll out", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("..", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("It takes 1 node more in pool pool; then this is enough: ", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("replicas 1 -> 2", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void An_autoscaler_and_a_strategy_of_Recreate_are_named()
    {
        var snapshot = Snapshot(3, ["node0"]);
        var scaler = new Autoscaler { Name = "hpa", Namespace = TestCluster.Namespace, Cluster = snapshot.Cluster, TargetKind = "Deployment", TargetName = "web", MinReplicas = 1, MaxReplicas = 3 };
        Assert.Contains("HorizontalPodAutoscaler hpa", Refuse(snapshot with { Autoscalers = [scaler] }, ResilienceGoal.NodeLoss).RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("Recreate", Refuse(Snapshot(3, ["node0"], static it => it with { IsRecreate = true, MaxSurge = "0", MaxUnavailable = "100%" }), ResilienceGoal.Rollout).RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_that_would_stop_later_rollouts_is_not_proposed()
    {
        // Three nodes, and another pod's rule keeps three of them apart: required anti-affinity would hang in the next version.
        var fix = Find(Snapshot(2, ["node0", "node0"]), ResilienceGoal.NodeLoss)!;
        Assert.DoesNotContain("required", fix.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Fixes_build_on_each_other()
    {
        var snapshot = Nodes(3).AddDeployment("a", ["node0"]).AddDeployment("b", ["node1"]).TakeSnapshot();
        var finder = new FixFinder(snapshot, Options(), TimeSpan.Zero);
        var first = finder.Find("Deployment", TestCluster.Namespace, "a", [ResilienceGoal.NodeLoss], default)!;
        Assert.Null(finder.Find("Deployment", TestCluster.Namespace, "a", [ResilienceGoal.NodeLoss], default)); // it is fixed now
        var second = finder.Find("Deployment", TestCluster.Namespace, "b", [ResilienceGoal.NodeLoss], default)!;

        // Both together survive in one cluster.
        var both = second.Change.Apply(first.Change.Apply(snapshot, Options().Simulation, default), Options().Simulation, default);
        Assert.All(new NodeLossPredictor(both, Options()).Predict(NodeLoss.OfEach(both.Nodes), null, default), static it => Assert.True(it.Survives, it.ToString()));
    }

    [Property(MaxTest = 12)]
    public void A_fix_survives_with_other_seeds_and_no_single_change_that_is_cheaper_does(int chance)
    {
        var random = new Random(chance);
        var nodes = random.Next(2, 6);
        var places = Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"node{random.Next(0, nodes)}").ToArray();
        var snapshot = Nodes(nodes).AddDeployment("other", [$"node{random.Next(0, nodes)}", $"node{random.Next(0, nodes)}"])
            .AddDeployment("web", places, random.Next(3) == 0 ? s_apart : null).TakeSnapshot();
        ResilienceGoal[] goals = random.Next(3) == 0 ? [ResilienceGoal.NodeLoss, ResilienceGoal.Rollout] : [ResilienceGoal.NodeLoss];
        if (Find(snapshot, goals) is not { } fix) return;

        for (var seed = 1000; seed < 1010; seed++)
        {
            var after = fix.Change.Apply(snapshot, Options(seed).Simulation, default);
            var losses = new NodeLossPredictor(after, Options(seed)).Predict(NodeLoss.OfEach(after.Nodes), null, default).Where(static it => it.Name == "web");
            Assert.All(losses, it => Assert.True(it.Survives, $"seed {seed}: {fix.Description}: {it}"));
        }

        var prover = new FixProver(snapshot, Options(), goals, TimeSpan.Zero);
        var workload = snapshot.Workloads.Single(static it => it.Name == "web");
        foreach (var step in FixSteps.Of(workload, snapshot, bearsOutage: false))
        {
            var single = FixCandidate.None(workload).With(step)!;
            if (single.Cost.Pods < fix.Cost.Pods) Assert.True(prover.Prove(single, again: true, default).Failure is not null, $"{single.Description} is enough, and cheaper than {fix.Description}");
        }
    }

    [Fact]
    public void One_seed_gives_the_same_fix()
    {
        var snapshot = Snapshot(4, ["node0", "node0"]);
        var first = Find(snapshot, ResilienceGoal.NodeLoss, ResilienceGoal.ZoneLoss)!;
        var second = Find(snapshot, ResilienceGoal.NodeLoss, ResilienceGoal.ZoneLoss)!;
        Assert.Equal((first.Description, first.Simulations, first.DegradedAfter), (second.Description, second.Simulations, second.DegradedAfter));
        Assert.Equal(first.Rejected, second.Rejected);
    }
}
