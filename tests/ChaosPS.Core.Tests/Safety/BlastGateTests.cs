using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Safety;
using ChaosPS.Tests.Experiments;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Safety;

/// <summary>Every rule: what it refuses, and that the refusal names the rule, its source and the target.</summary>
public sealed class BlastGateTests : IDisposable
{
    private readonly FakeWorld _world = new(nodes: 4);

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Within_the_budget_nothing_is_refused() => await CheckAsync(new BlastPolicy { Source = "a" });

    [Fact]
    public async Task One_node_may_be_down_when_nobody_says_otherwise()
    {
        var error = await RefusedAsync([], Instance(0), Instance(1));

        Assert.Equal("TooManyNodesDown", error.ErrorId);
        Assert.Contains("the rule MaxNodesDown (default) allows 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_sources_the_strictest_wins_and_is_named()
    {
        var error = await RefusedAsync(
            [new BlastPolicy { Source = "-MaxNodesDown", MaxNodesDown = 3 }, new BlastPolicy { Source = "chaosps.policy.yaml", MaxNodesDown = 2 }],
            Instance(0), Instance(1), Instance(2));

        Assert.Contains("MaxNodesDown (chaosps.policy.yaml) allows 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clusters_own_policy_counts_too()
    {
        _world.Cluster.Policy = new BlastPolicy { Source = "the annotation", MaxNodesDown = 1 };

        var error = await RefusedAsync([new BlastPolicy { Source = "-MaxNodesDown", MaxNodesDown = 3 }], Instance(0), Instance(1));

        Assert.Contains("(the annotation) allows 1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(49, true)]
    [InlineData(50, false)]
    public async Task A_share_of_a_pool_is_counted_with_what_is_down_already(int percent, bool refused)
    {
        for (var id = 0; id < 4; id++) Set(id, node => node with { NodePoolName = "pool" });
        Set(3, static node => node with { Ready = false });
        var policy = new BlastPolicy { Source = "a file", MaxNodesDown = 4, MaxPoolPercent = percent };

        if (!refused)
        {
            await CheckAsync(policy);
            return;
        }

        var error = await RefusedAsync([policy], Instance(0));
        Assert.Equal("ShareExceeded", error.ErrorId);
        Assert.Contains("2 of 4 nodes of pool pool down; the rule MaxPoolPercent (a file) allows 49 %", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_share_of_a_zone_counts_the_nodes_of_that_zone_only()
    {
        for (var id = 0; id < 4; id++) Set(id, node => node with { Zone = $"westeurope-{id / 2}" });
        Set(3, static node => node with { Ready = false });
        var policy = new BlastPolicy { Source = "a file", MaxNodesDown = 4, MaxZonePercent = 50 };

        await CheckAsync(policy);
        var error = await RefusedAsync([policy], Instance(2));

        Assert.Contains("zone westeurope-1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_protected_node_is_not_hit()
    {
        Set(0, static node => node with { IsProtected = true });

        Assert.Equal("NodeProtected", (await RefusedAsync([], Instance(0))).ErrorId);
    }

    [Fact]
    public async Task A_node_that_a_selector_protects_is_not_hit()
    {
        Set(0, static node => node with { Labels = new Dictionary<string, string> { ["app"] = "db" } });

        var error = await RefusedAsync([new BlastPolicy { Source = "a file", ProtectedNodes = [LabelSelector.Parse("app=db")] }], Instance(0));

        Assert.Equal("NodeProtected", error.ErrorId);
        Assert.Contains("app=db in a file", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_with_pods_of_a_protected_namespace_is_not_hit(bool byLabel)
    {
        AddPod("payments", "pay-1", node: 0);
        var labels = new Dictionary<string, string> { [BlastPolicyReader.Protected] = "true" };
        if (byLabel) _world.Cluster.Namespaces.Add(new ClusterNamespace("payments", labels, new Dictionary<string, string>()));
        var policy = new BlastPolicy { Source = "a file", ProtectedNamespaces = byLabel ? [] : ["payments"] };

        var error = await RefusedAsync([policy], Instance(0));

        Assert.Equal("NamespaceProtected", error.ErrorId);
        Assert.Contains("'payments'", error.Message, StringComparison.Ordinal);
        await new GateOf(this, policy).CheckAsync(Instance(1));
    }

    [Fact]
    public async Task A_pod_of_a_daemon_set_protects_no_node()
    {
        AddPod("payments", "agent", node: 0, ownerKind: "DaemonSet");

        await CheckAsync(new BlastPolicy { Source = "a file", ProtectedNamespaces = ["payments"] });
    }

    [Fact]
    public async Task The_last_ready_replica_warns_until_a_policy_refuses()
    {
        AddWorkload("web");
        AddPod("shop", "web-1", node: 0, app: "web");
        AddPod("shop", "web-2", node: 1, app: "web", ready: false);
        var log = new RecordingLog();

        var gate = await BlastGate.OpenAsync(_world.Connection, [], new RunStore(_world.StateDirectory), default);
        await gate.CheckAsync([Instance(0)], PowerAction.PowerOff, log, default);
        var error = await RefusedAsync([new BlastPolicy { Source = "a file", LastReadyReplica = RuleLevel.Refuse }], Instance(0));

        Assert.Contains("has the last ready replica of", Assert.Single(log.Messages).Message, StringComparison.Ordinal);
        Assert.Equal("LastReadyReplica", error.ErrorId);
    }

    [Fact]
    public async Task A_workload_with_a_ready_replica_elsewhere_is_not_warned_about()
    {
        AddWorkload("web");
        AddPod("shop", "web-1", node: 0, app: "web");
        AddPod("shop", "web-2", node: 1, app: "web");
        var log = new RecordingLog();

        var gate = await BlastGate.OpenAsync(_world.Connection, [], new RunStore(_world.StateDirectory), default);
        await gate.CheckAsync([Instance(0)], PowerAction.PowerOff, log, default);

        Assert.Empty(log.Messages);
    }

    [Fact]
    public async Task Outside_the_maintenance_window_nothing_is_hit_and_a_start_is_allowed()
    {
        // The clock stands at Monday, 09:00 UTC.
        var night = new MaintenanceWindow([], new TimeOnly(22, 0), new TimeOnly(5, 0), TimeZoneInfo.Utc);
        var policy = new BlastPolicy { Source = "a file", MaintenanceWindows = [night] };

        var error = await RefusedAsync([policy], Instance(0));
        await new GateOf(this, policy).CheckAsync(Instance(0), PowerAction.Start);

        Assert.Equal("OutsideMaintenanceWindow", error.ErrorId);
        Assert.Contains("(a file) allows every day 22:00-05:00 UTC", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_source_must_allow_the_time()
    {
        var day = new BlastPolicy { Source = "a", MaintenanceWindows = [new MaintenanceWindow([], new TimeOnly(8, 0), new TimeOnly(17, 0), TimeZoneInfo.Utc)] };
        var sunday = new BlastPolicy
        {
            Source = "b",
            MaintenanceWindows = [new MaintenanceWindow([DayOfWeek.Sunday], new TimeOnly(0, 0), new TimeOnly(0, 0), TimeZoneInfo.Utc)],
        };

        await CheckAsync(day);
        Assert.Contains("(b) allows Sun", (await RefusedAsync([day, sunday], Instance(0))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-11-27T22:00:00Z", true)] // Friday
    [InlineData("2026-11-28T04:59:59Z", true)] // Saturday morning belongs to Friday's window
    [InlineData("2026-11-28T05:00:00Z", false)]
    [InlineData("2026-11-28T22:00:00Z", false)]
    [InlineData("2026-11-27T04:00:00Z", false)] // Friday morning belongs to Thursday's
    public void A_window_over_midnight_belongs_to_the_day_on_which_it_begins(string moment, bool inside)
    {
        var window = new MaintenanceWindow([DayOfWeek.Friday], new TimeOnly(22, 0), new TimeOnly(5, 0), TimeZoneInfo.Utc);

        Assert.Equal(inside, window.Contains(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("false", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task A_config_map_stops_all_runs_while_it_says_so(string? value, bool refused)
    {
        if (value is not null) _world.Cluster.ConfigMaps["ops/stop"] = new() { ["stop"] = value };
        var policy = new BlastPolicy { Source = "a file", StopConfigMap = "ops/stop" };

        if (refused) Assert.Equal("StopLeverPulled", (await RefusedAsync([policy], Instance(0))).ErrorId);
        else await CheckAsync(policy);
    }

    [Fact]
    public async Task A_workload_of_a_protected_namespace_is_not_changed()
    {
        var workload = AddWorkload("web");
        var gate = await BlastGate.OpenAsync(_world.Connection, [new BlastPolicy { Source = "a file", ProtectedNamespaces = ["shop"] }], new RunStore(_world.StateDirectory), default);

        var error = await Assert.ThrowsAsync<ChaosException>(() => gate.CheckAsync(workload, default));

        Assert.Equal("NamespaceProtected", error.ErrorId);
    }

    private ScaleSetInstance Instance(int id) => _world.Machines.Instances[id];

    private void Set(int id, Func<ClusterNode, ClusterNode> change) => _world.Cluster.Nodes[id] = change(_world.Cluster.Nodes[id]);

    private Workload AddWorkload(string app)
    {
        var workload = new Workload
        {
            Kind = "Deployment",
            Namespace = "shop",
            Name = app,
            Cluster = FakeCluster.Identity,
            PodSpec = new PodSpec { Containers = [] },
            Selector = LabelSelector.Parse($"app={app}"),
        };
        _world.Cluster.Workloads.Add(workload);
        return workload;
    }

    private void AddPod(string @namespace, string name, int node, string app = "x", bool ready = true, string ownerKind = "ReplicaSet") =>
        _world.Cluster.Pods.Add(new ClusterPod
        {
            Namespace = @namespace,
            Name = name,
            Cluster = FakeCluster.Identity,
            NodeName = FakeMachines.NodeName(node),
            Phase = "Running",
            Ready = ready,
            OwnerKind = ownerKind,
            Labels = new Dictionary<string, string> { ["app"] = app },
            Spec = new PodSpec { Containers = [] },
        });

    private Task CheckAsync(BlastPolicy policy) => new GateOf(this, policy).CheckAsync(Instance(0));

    private async Task<ChaosException> RefusedAsync(BlastPolicy[] policies, params ScaleSetInstance[] targets)
    {
        var gate = await BlastGate.OpenAsync(_world.Connection, policies, new RunStore(_world.StateDirectory), default);
        var error = await Assert.ThrowsAsync<ChaosException>(() => gate.CheckAsync(targets, PowerAction.PowerOff, null, default));
        Assert.Equal(ErrorKind.Refused, error.Kind);
        Assert.NotNull(error.RecommendedAction);
        return error;
    }

    private sealed class GateOf(BlastGateTests tests, BlastPolicy policy)
    {
        public async Task CheckAsync(ScaleSetInstance target, PowerAction action = PowerAction.PowerOff)
        {
            var gate = await BlastGate.OpenAsync(tests._world.Connection, [policy], new RunStore(tests._world.StateDirectory), default);
            await gate.CheckAsync([target], action, null, default);
        }
    }
}
