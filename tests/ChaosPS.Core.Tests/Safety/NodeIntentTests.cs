using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Safety;

/// <summary>Cordons, taints and pods: what another process finds of them and what it puts back.</summary>
public sealed class NodeIntentTests : IDisposable
{
    private static readonly Taint s_taint = new("chaosps", "test", TaintEffect.NoSchedule);

    private readonly FakeWorld _world = new();

    public void Dispose() => _world.Dispose();

    private ClusterNode Node => _world.Cluster.Nodes[0];

    private RunStore Store => new(_world.StateDirectory);

    [Fact]
    public async Task A_cordon_and_a_taint_are_taken_back_by_another_process()
    {
        await DieAsync(async run =>
        {
            await run.Nodes.CordonAsync(Node, default);
            await run.Nodes.TaintAsync(Node, s_taint, default);
        });

        var restored = await RestoreAsync();

        Assert.True(restored.Complete);
        Assert.Equal([$"Removed the taint chaosps=test:NoSchedule from {Node.Name}.", $"Uncordoned {Node.Name}."], restored.Steps);
        Assert.False(Node.Unschedulable);
        Assert.Empty(Node.Taints);
    }

    [Fact]
    public async Task A_node_that_was_cordoned_or_tainted_before_stays_so()
    {
        var theirs = s_taint with { Value = "theirs" };
        _world.Cluster.Nodes[0] = Node with { Unschedulable = true, Taints = [theirs] };
        await DieAsync(async run =>
        {
            await run.Nodes.CordonAsync(Node, default);
            await run.Nodes.TaintAsync(Node, s_taint, default);
        });

        Assert.Equal(RunState.Ended, Assert.Single(Store.List()).State);
        Assert.Empty(_world.Cluster.Changes);
        Assert.Equal([theirs], Node.Taints);
    }

    [Fact]
    public async Task What_somebody_else_has_ended_since_is_left_alone()
    {
        await DieAsync(async run =>
        {
            await run.Nodes.CordonAsync(Node, default);
            await run.Nodes.TaintAsync(Node, s_taint, default);
        });
        _world.Cluster.Nodes[0] = Node with { Unschedulable = false, Taints = [s_taint with { Value = "theirs" }] };

        var restored = await RestoreAsync();

        Assert.Equal(
            [$"Node {Node.Name} does not have the taint chaosps=test:NoSchedule: there is nothing to remove.", $"Node {Node.Name} is not cordoned: there is nothing to end."],
            restored.Steps);
    }

    [Fact]
    public async Task Another_node_of_the_same_name_is_left_alone()
    {
        _world.Cluster.Nodes[0] = Node with { Uid = "first" };
        await DieAsync(run => run.Nodes.CordonAsync(Node, default));
        _world.Cluster.Nodes[0] = Node with { Uid = "second" };

        var restored = await RestoreAsync();

        Assert.Contains("is another one than was changed", Assert.Single(restored.Steps), StringComparison.Ordinal);
        Assert.True(Node.Unschedulable);
    }

    [Fact]
    public async Task A_node_that_is_gone_has_nothing_to_put_back()
    {
        await DieAsync(run => run.Nodes.CordonAsync(Node, default));
        _world.Cluster.Nodes.Clear();

        Assert.Contains("is gone from the cluster", Assert.Single((await RestoreAsync()).Steps), StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_prompt_a_cordon_is_held_and_its_end_ends_the_run()
    {
        await DieAsync(run => run.Nodes.CordonAsync(Node, default), held: true);
        var run = Assert.Single(Store.List());
        Assert.Equal((RunState.Held, $"Resume-ClusterNode {Node.Name}"), (run.State, Assert.Single(run.Changes).Undo));

        HeldRuns.Uncordoned(Store, FakeCluster.Identity.Id, Node.Name, _world.Clock, NullLog.Instance);

        Assert.Equal(RunState.Ended, Assert.Single(Store.List()).State);
    }

    [Fact]
    public async Task The_end_of_a_cordon_is_a_repair()
    {
        _world.Cluster.Nodes[0] = Node with { Unschedulable = true };

        await DieAsync(run => run.Nodes.UncordonAsync(Node, default));

        var recorded = Assert.Single(Store.List());
        Assert.Equal((RunState.Ended, "Uncordon"), (recorded.State, Assert.Single(recorded.Changes).Change));
    }

    [Fact]
    public async Task A_deleted_pod_is_logged_as_what_cannot_be_undone()
    {
        var pod = Add("a");
        await DieAsync(async run =>
        {
            await run.Nodes.CordonAsync(Node, default);
            await run.Pods.DeleteAsync(pod, PodChoice.Of(null, null, null, 1), null, default);
        });

        var restored = await RestoreAsync();

        Assert.True(restored.Complete);
        Assert.Equal(["Delete of shop/a cannot be undone.", $"Uncordoned {Node.Name}."], restored.Steps);
    }

    [Fact]
    public async Task Pods_of_protected_workloads_and_namespaces_are_refused()
    {
        var pod = Add("a");
        _world.Cluster.Workloads.Add(Workload() with { IsProtected = true });

        Assert.Equal("WorkloadProtected", (await RefusedAsync([], [pod])).ErrorId);
        var gate = await BlastGate.OpenAsync(_world.Connection, [], new RunStore(_world.StateDirectory), default);
        Assert.Equal("WorkloadProtected", (await Assert.ThrowsAsync<ChaosException>(() => gate.CheckDrainAsync([Node], null, default))).ErrorId);
        Assert.Equal("NamespaceProtected", (await RefusedAsync([new BlastPolicy { Source = "a file", ProtectedNamespaces = ["shop"] }], [pod])).ErrorId);
    }

    [Fact]
    public async Task The_last_ready_replica_is_warned_of_or_refused()
    {
        ClusterPod[] pods = [Add("a"), Add("b")];
        _world.Cluster.Workloads.Add(Workload());
        var log = new WarningLog();
        var gate = await BlastGate.OpenAsync(_world.Connection, [], new RunStore(_world.StateDirectory), default);

        await gate.CheckAsync([pods[0]], log, default);
        Assert.Empty(log.Warnings);
        await gate.CheckAsync(pods, log, default);
        Assert.Contains("has the last ready replica of Deployment/shop/web", Assert.Single(log.Warnings), StringComparison.Ordinal);
        Assert.Equal("LastReadyReplica", (await RefusedAsync([new BlastPolicy { Source = "a file", LastReadyReplica = RuleLevel.Refuse }], pods)).ErrorId);
    }

    [Fact]
    public void Pods_that_nothing_makes_again_are_refused_all_together()
    {
        var managed = Add("a");
        ClusterPod[] bare = [managed with { Name = "x", OwnerKind = null }, managed with { Name = "y", OwnerKind = null }];

        var exception = Assert.Throws<ChaosException>(() => PodOperations.Check([managed, .. bare], includeUnmanaged: false));

        Assert.Equal("PodsUnmanaged", exception.ErrorId);
        Assert.Contains("shop/x, shop/y declare no controller", exception.Message, StringComparison.Ordinal);
        PodOperations.Check([managed, .. bare], includeUnmanaged: true);
        Assert.Equal("PodIsMirror", Assert.Throws<ChaosException>(() => PodOperations.Check([managed with { IsMirror = true }], true)).ErrorId);
    }

    private static Workload Workload() => new()
    {
        Kind = "Deployment",
        Name = "web",
        Namespace = "shop",
        Cluster = FakeCluster.Identity,
        Selector = LabelSelector.Parse("app=web"),
        PodSpec = new PodSpec { Containers = [] },
    };

    private ClusterPod Add(string name)
    {
        var pod = new ClusterPod
        {
            Name = name,
            Namespace = "shop",
            Cluster = FakeCluster.Identity,
            Uid = name,
            Phase = "Running",
            Ready = true,
            NodeName = Node.Name,
            OwnerKind = "ReplicaSet",
            OwnerName = "web-1",
            Labels = new Dictionary<string, string> { ["app"] = "web" },
            Spec = new PodSpec { Containers = [] },
        };
        _world.Cluster.Pods.Add(pod);
        return pod;
    }

    private async Task<ChaosException> RefusedAsync(IReadOnlyList<BlastPolicy> policies, IReadOnlyList<ClusterPod> pods)
    {
        var gate = await BlastGate.OpenAsync(_world.Connection, policies, new RunStore(_world.StateDirectory), default);
        return await Assert.ThrowsAsync<ChaosException>(() => gate.CheckAsync(pods, NullLog.Instance, default));
    }

    private Task<RestoredRun> RestoreAsync() =>
        RunRecovery.RestoreAsync(Assert.Single(Store.Unfinished()), _world.Connection, TimeSpan.FromMinutes(20), NullLog.Instance, default);

    /// <summary>Does something and dies: nothing is undone and no end is written.</summary>
    private async Task DieAsync(Func<(NodeOperations Nodes, PodOperations Pods), Task> work, bool held = false)
    {
        using var recovery = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default);
        var gate = await BlastGate.OpenAsync(_world.Connection, [], new RunStore(_world.StateDirectory), default);
        var changes = new ChangeSet(_world.Connection, recovery, NullLog.Instance);
        await work((
            new NodeOperations(_world.Connection, changes, gate, NullLog.Instance, held),
            new PodOperations(_world.Connection, changes, gate, NullLog.Instance)));
    }

    private sealed class WarningLog : IChaosLog
    {
        public List<string> Warnings { get; } = [];

        public void Write(ChaosLogLevel level, string message)
        {
            if (level == ChaosLogLevel.Warning) Warnings.Add(message);
        }

        public void Progress(string activity, string status, int? percent, bool completed)
        {
        }
    }
}
