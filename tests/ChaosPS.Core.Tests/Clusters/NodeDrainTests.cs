using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Clusters;

/// <summary>Draining: what is refused, what is asked for again, what is waited for, and what the recovery log has of it.</summary>
public sealed class NodeDrainTests : IDisposable
{
    private static readonly DrainOptions s_everything = new() { IgnoreDaemonSet = true, DeleteEmptyDirData = true, IncludeUnmanaged = true };

    private readonly FakeWorld _world = new();
    private readonly RecordingLog _log = new();

    public void Dispose() => _world.Dispose();

    private ClusterNode Node => _world.Cluster.Nodes[0];

    [Fact]
    public async Task A_node_is_cordoned_before_its_pods_are_evicted_one_after_the_other()
    {
        Add("a");
        Add("b");

        var drained = await DrainAsync(new DrainOptions());

        Assert.Equal([$"cordon {Node.Name}", "evict shop/a", "evict shop/b"], _world.Cluster.Changes);
        Assert.True(drained.Unschedulable);
        Assert.Equal(["shop/a", "shop/b"], drained.Drain!.Pods.Select(static pod => pod.ToString()));
    }

    [Fact]
    public async Task All_pods_that_are_in_the_way_are_named_before_anything_is_touched()
    {
        _world.Cluster.Objects.Add(DaemonSet("agent"));
        Add("free");
        Add("agent-x", pod => pod with { OwnerKind = "DaemonSet", OwnerName = "agent" });
        Add("orphan-x", pod => pod with { OwnerKind = "DaemonSet", OwnerName = "gone" });
        Add("bare-1", pod => pod with { OwnerKind = null });
        Add("bare-2", pod => pod with { OwnerKind = null });
        Add("cache", pod => pod with { HasLocalData = true });

        var exception = await Assert.ThrowsAsync<ChaosException>(() => DrainAsync(new DrainOptions()));

        Assert.Equal("DrainRefused", exception.ErrorId);
        Assert.Equal(
            $"Node {Node.Name} is not drained: cannot delete DaemonSet-managed Pods (use -IgnoreDaemonSet to ignore): shop/agent-x; "
            + "cannot delete Pods whose DaemonSet is gone (use -IncludeUnmanaged to override): shop/orphan-x; "
            + "cannot delete Pods that declare no controller (use -IncludeUnmanaged to override): shop/bare-1, shop/bare-2; "
            + "cannot delete Pods with local storage (use -DeleteEmptyDirData to override): shop/cache. Nothing was evicted.",
            exception.Message);
        Assert.Empty(_world.Cluster.Changes);
    }

    [Fact]
    public async Task What_is_allowed_goes_and_what_belongs_to_the_node_stays()
    {
        _world.Cluster.Objects.Add(DaemonSet("agent"));
        Add("agent-x", pod => pod with { OwnerKind = "DaemonSet", OwnerName = "agent" });
        Add("static-x", pod => pod with { OwnerKind = "Node", IsMirror = true });
        Add("bare", pod => pod with { OwnerKind = null, HasLocalData = true });
        Add("done", pod => pod with { OwnerKind = null, HasLocalData = true, Phase = "Succeeded" });

        await DrainAsync(s_everything);

        Assert.Equal(["evict shop/bare", "evict shop/done"], _world.Cluster.Changes.Skip(1));
        Assert.Contains($"{Node.Name}: deleting Pods that declare no controller: shop/bare", _log.Of(ChaosLogLevel.Warning));
        Assert.Contains($"{Node.Name}: ignoring DaemonSet-managed Pods: shop/agent-x", _log.Of(ChaosLogLevel.Verbose));
    }

    [Fact]
    public async Task Finished_pods_need_no_permission()
    {
        Add("done", pod => pod with { OwnerKind = null, HasLocalData = true, Phase = "Failed" });

        Assert.Single((await DrainAsync(new DrainOptions())).Drain!.Pods);
    }

    [Fact]
    public async Task Only_the_pods_of_the_selector_are_looked_at()
    {
        Add("a", pod => pod with { Labels = new Dictionary<string, string> { ["tier"] = "web" } });
        Add("bare", pod => pod with { OwnerKind = null });

        var drained = await DrainAsync(new DrainOptions { PodSelector = LabelSelector.Parse("tier=web") });

        Assert.Equal("shop/a", Assert.Single(drained.Drain!.Pods).ToString());
    }

    [Fact]
    public async Task What_a_budget_forbids_is_asked_for_again_every_five_seconds_and_written_once()
    {
        Add("a");
        Add("b");
        var refusals = 0;
        _world.Cluster.OnPodRemoval = pod =>
        {
            if (pod.Name == "a" && refusals++ < 4) throw ChaosErrors.EvictionRefused("shop", "a", "The disruption budget a needs 1 healthy pods and has 1 currently");
        };

        var drained = await DrainAsync(new DrainOptions());

        Assert.Equal(20, Elapsed(drained, "a"));
        Assert.Equal(0, Elapsed(drained, "b"));
        Assert.Contains(_log.Statuses, static status =>
            status == "1 of 2 pods are gone; Pod shop/a may not be evicted now: The disruption budget a needs 1 healthy pods and has 1 currently.");
        var run = Assert.Single(new RunStore(_world.StateDirectory).List());
        Assert.Equal(
            [("Drain", ChangeState.Done), ("Cordon", ChangeState.Done), ("Evict", ChangeState.Done), ("Evict", ChangeState.Done)],
            run.Changes.Select(static change => (change.Change, change.State)));
        Assert.Single(File.ReadLines(Path.Combine(run.Folder, "recovery.jsonl")), static line => line.Contains("\"Refused\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_the_time_is_up_what_is_left_is_said_and_the_node_stays_cordoned()
    {
        Add("a");
        Add("b");
        _world.Cluster.OnPodRemoval = static pod =>
        {
            if (pod.Name == "b") throw ChaosErrors.EvictionRefused("shop", "b", "The disruption budget b needs 1 healthy pods and has 1 currently");
        };

        var exception = await Assert.ThrowsAsync<ChaosException>(() => DrainAsync(new DrainOptions { Timeout = TimeSpan.FromSeconds(30) }));

        Assert.Equal("DrainTimeout", exception.ErrorId);
        Assert.Contains("is not drained after 30 s: Pod shop/b may not be evicted now: The disruption budget b needs", exception.Message, StringComparison.Ordinal);
        Assert.True(Node.Unschedulable);
        Assert.Contains($"The draining of {Node.Name} ended early: 1 of 2 pods are gone, left are shop/b. The node stays cordoned.", _log.Of(ChaosLogLevel.Warning));
    }

    [Fact]
    public async Task A_pod_that_can_never_be_evicted_keeps_no_other_from_going()
    {
        Add("a");
        Add("b");
        _world.Cluster.OnPodRemoval = static pod =>
        {
            if (pod.Name == "a") throw ChaosErrors.EvictionImpossible("shop", "a", "This pod has more than one PodDisruptionBudget");
        };

        var exception = await Assert.ThrowsAsync<ChaosException>(() => DrainAsync(new DrainOptions()));

        Assert.Equal("DrainIncomplete", exception.ErrorId);
        Assert.Contains("shop/a cannot be evicted: This pod has more than one PodDisruptionBudget.", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["shop/a"], _world.Cluster.Pods.Select(static pod => pod.ToString()));
    }

    [Fact]
    public async Task A_pod_of_the_same_name_is_another_pod_and_is_not_waited_for()
    {
        Add("db-0");
        _world.Cluster.OnPodRemoval = pod => _world.Cluster.Pods.Add(pod with { Namespace = "other", Uid = "the next" });

        Assert.Single((await DrainAsync(new DrainOptions())).Drain!.Pods);
    }

    [Fact]
    public async Task A_pod_that_is_gone_meanwhile_is_no_failure()
    {
        Add("a");
        _world.Cluster.OnPodRemoval = _ =>
        {
            _world.Cluster.Pods.Clear();
            throw ChaosErrors.ClusterObjectNotFound("evict", "fake", "pods \"a\" not found");
        };

        Assert.Single((await DrainAsync(new DrainOptions())).Drain!.Pods);
    }

    [Fact]
    public async Task Deletion_asks_no_budget_and_the_grace_is_passed_on()
    {
        Add("a");

        var drained = await DrainAsync(new DrainOptions { DisableEviction = true, GracePeriodSeconds = 3 });

        Assert.Equal("delete shop/a 3", _world.Cluster.Changes[^1]);
        Assert.Equal(PodRemoval.Delete, drained.Drain!.Pods.Single().Removal);
    }

    [Fact]
    public async Task Pods_that_are_overdue_are_not_waited_for_when_told_so()
    {
        Add("stuck", pod => pod with { Terminating = true, DeletionTimestamp = FakeWorld.Start.AddMinutes(-5) });

        var drained = await DrainAsync(new DrainOptions { SkipWaitForDeleteTimeout = TimeSpan.FromMinutes(1) });

        Assert.Empty(drained.Drain!.Pods);
        Assert.Equal([$"cordon {Node.Name}"], _world.Cluster.Changes);
    }

    [Fact]
    public async Task The_end_of_the_waiting_says_what_is_left()
    {
        Add("a", pod => pod with { Terminating = true });
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(10), _world.Clock);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DrainAsync(new DrainOptions(), null, stop.Token));

        Assert.Contains($"The draining of {Node.Name} ended early: 0 of 1 pods are gone, left are shop/a. The node stays cordoned.", _log.Of(ChaosLogLevel.Warning));
        Assert.Contains("0 of 1 pods are gone; waiting for shop/a to end", _log.Statuses);
    }

    [Fact]
    public async Task A_drained_node_counts_as_down()
    {
        await DrainAsync(new DrainOptions());

        var exception = await Assert.ThrowsAsync<ChaosException>(() => DrainAsync(new DrainOptions(), node: _world.Cluster.Nodes[1]));

        Assert.Equal("TooManyNodesDown", exception.ErrorId);
        Assert.DoesNotContain($"cordon {_world.Cluster.Nodes[1].Name}", _world.Cluster.Changes);
    }

    [Fact]
    public async Task Draining_the_same_node_again_hits_no_other()
    {
        await DrainAsync(new DrainOptions());

        Assert.Empty((await DrainAsync(new DrainOptions())).Drain!.Pods);
    }

    private static int Elapsed(ClusterNode node, string pod) =>
        (int)node.Drain!.Pods.Single(gone => gone.Pod.Name == pod).Elapsed.TotalSeconds;

    private void Add(string name, Func<ClusterPod, ClusterPod>? with = null)
    {
        var pod = new ClusterPod
        {
            Name = name,
            Namespace = "shop",
            Cluster = FakeCluster.Identity,
            Uid = $"uid of {name}",
            Phase = "Running",
            NodeName = Node.Name,
            OwnerKind = "ReplicaSet",
            OwnerName = "owner",
            Spec = new PodSpec { Containers = [] },
        };
        _world.Cluster.Pods.Add(with is null ? pod : with(pod));
    }

    private static System.Text.Json.Nodes.JsonObject DaemonSet(string name) => new()
    {
        ["kind"] = "DaemonSet",
        ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["name"] = name, ["namespace"] = "shop" },
    };

    private async Task<ClusterNode> DrainAsync(DrainOptions options, ClusterNode? node = null, CancellationToken cancellationToken = default)
    {
        using var recovery = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default);
        var gate = await BlastGate.OpenAsync(_world.Connection, [], new RunStore(_world.StateDirectory), default);
        var drainer = new NodeDrainer(_world.Connection, new ChangeSet(_world.Connection, recovery, _log), gate, _log, held: true);
        return await _world.Clock.RunAsync(() => drainer.DrainAsync(node ?? Node, options, cancellationToken));
    }

    private sealed class RecordingLog : IChaosLog
    {
        private readonly List<(ChaosLogLevel Level, string Text)> _messages = [];

        public List<string> Statuses { get; } = [];

        public IEnumerable<string> Of(ChaosLogLevel level) => _messages.Where(message => message.Level == level).Select(static message => message.Text);

        public void Write(ChaosLogLevel level, string message) => _messages.Add((level, message));

        public void Progress(string activity, string status, int? percent, bool completed) => Statuses.Add(status);
    }
}
