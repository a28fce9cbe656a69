using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Tests.Fakes;
using ChaosPS.Time;

namespace ChaosPS.Tests.Safety;

/// <summary>Whole clusters: what the rules forbid, and what another process puts back.</summary>
public sealed class AksIntentTests : IDisposable
{
    private readonly FakeAzure _azure = new();
    private readonly FakeWorld _world;

    public AksIntentTests()
    {
        _world = new FakeWorld(azure: _azure);
        _azure.OnBegin = _ => Beat();
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(PowerAction.PowerOff, "Stopped", "Started AKS cluster aks in subscription s1, tenant t1, AzureCloud.")]
    [InlineData(PowerAction.PowerOff, "Running", null)] // somebody else has started it since
    public async Task Another_process_starts_a_cluster_that_was_stopped(PowerAction action, string state, string? step)
    {
        await _world.Clock.RunAsync(async () =>
        {
            using var recovery = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default);
            var changes = new ChangeSet(_world.Connection, recovery, NullLog.Instance);
            changes.Note(changes.Intend(AksIntent.Of(_azure.Aks!, action, _world.Cluster.Nodes)), ChangeState.Accepted);
            _azure.Aks = _azure.Aks! with { PowerState = state };
            if (state == "Running") Beat();
        });

        var left = Assert.Single(new RunStore(_world.StateDirectory).List());
        var restored = await RunRecovery.RestoreAsync(left, _world.Connection, TimeSpan.FromMinutes(20), NullLog.Instance, default);

        Assert.True(restored.Complete);
        Assert.Equal(step is null ? ["3 nodes are Ready."] : [step, "3 nodes are Ready."], restored.Steps);
        Assert.Equal("Running", _azure.Aks!.PowerState);
        Assert.Equal(step is null ? 0 : 1, _azure.Calls.Count(static call => call == "BeginAsync Start aks"));
    }

    [Fact]
    public async Task A_cluster_that_was_stopped_is_started_by_another_process_though_its_api_server_is_away()
    {
        _world.Cluster.Workloads.Add(new Workload { Kind = "Deployment", Namespace = "shop", Name = "web", Cluster = FakeCluster.Identity, Replicas = 3, PodSpec = new PodSpec { Containers = [] } });
        await _world.Clock.RunAsync(async () =>
        {
            using var recovery = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default);
            var changes = new ChangeSet(_world.Connection, recovery, NullLog.Instance);
            changes.Note(changes.Intend(new ReplicaIntent("Deployment", "shop", "web", "", 1, 3, Held: false)), ChangeState.Done);
            changes.Note(changes.Intend(AksIntent.Of(_azure.Aks!, PowerAction.PowerOff, _world.Cluster.Nodes)), ChangeState.Accepted);
            _azure.Aks = _azure.Aks! with { PowerState = "Stopped" };
        });
        _world.Cluster.IsAway = () => !_azure.Aks!.IsRunning;

        var restored = await RestoreAsync();

        Assert.Equal(("Running", true), (_azure.Aks!.PowerState, restored.Complete));
        Assert.Equal(["Started AKS cluster aks in subscription s1, tenant t1, AzureCloud.", "3 nodes are Ready.", "Deployment shop/web is back at 1 replicas."], restored.Steps);
    }

    [Fact]
    public async Task A_cluster_whose_api_server_stays_away_is_left_unfinished()
    {
        await StopAsync(ChangeState.Accepted);
        _world.Cluster.IsAway = static () => true;

        var restored = await RestoreAsync();

        Assert.Equal(("Running", false), (_azure.Aks!.PowerState, restored.Complete));
        Assert.Equal(RunState.Unfinished, Assert.Single(new RunStore(_world.StateDirectory).List()).State);
    }

    [Fact]
    public async Task A_run_that_changed_no_more_than_the_cluster_itself_is_not_restored_while_nobody_says_which_one_it_is()
    {
        await _world.Clock.RunAsync(async () =>
        {
            using var recovery = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default);
            new ChangeSet(_world.Connection, recovery, NullLog.Instance).Intend(new ReplicaIntent("Deployment", "shop", "web", "", 1, 3, Held: false));
        });
        _world.Cluster.IsAway = static () => true;

        Assert.Equal(ErrorKind.ConnectionFailed, (await Assert.ThrowsAsync<ChaosException>(RestoreAsync)).Kind);
    }

    [Fact]
    public async Task A_stop_whose_answer_nobody_saw_may_still_come()
    {
        await StopAsync(ChangeState.Failed);
        _world.Clock.CreateTimer(_ => _azure.Aks = _azure.Aks! with { PowerState = "Stopped" }, null, TimeSpan.FromSeconds(12), Timeout.InfiniteTimeSpan);
        _azure.Aks = _azure.Aks! with { PowerState = "Running" };

        Assert.True((await RestoreAsync()).Complete);

        Assert.Equal("Running", _azure.Aks!.PowerState);
        Assert.Contains("BeginAsync Start aks", _azure.Calls);
    }

    [Fact]
    public async Task A_cluster_that_is_gone_is_said_to_be_gone()
    {
        await StopAsync(ChangeState.Accepted);
        _azure.Failures["GetAksClusterAsync"] = new ChaosException("AzureNotFound", ErrorKind.NotFound, "There is none.", null, null);

        var restored = await RestoreAsync();

        Assert.True(restored.Complete);
        Assert.Equal(["AKS cluster aks in subscription s1, tenant t1, AzureCloud no longer exists: there is nothing to start."], restored.Steps);
    }

    [Fact]
    public async Task Nodes_that_are_ready_by_heartbeats_from_before_the_stop_are_waited_for()
    {
        _azure.OnBegin = _ => _world.Clock.CreateTimer(_ => Beat(), null, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);
        await StopAsync(ChangeState.Done);
        var began = _world.Clock.GetUtcNow();

        Assert.True((await RestoreAsync()).Complete);

        Assert.InRange((_world.Clock.GetUtcNow() - began).TotalSeconds, 120, 140);
    }

    /// <summary>All kubelets report.</summary>
    private void Beat()
    {
        var now = _world.Clock.GetUtcNow() + TimeSpan.FromSeconds(1);
        foreach (var (index, node) in _world.Cluster.Nodes.ToArray().Index())
            _world.Cluster.Nodes[index] = node with { Conditions = [FakeCluster.Condition(ready: true, now)] };
    }

    private Task StopAsync(ChangeState state) => _world.Clock.RunAsync(async () =>
    {
        using var recovery = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default);
        var changes = new ChangeSet(_world.Connection, recovery, NullLog.Instance);
        changes.Note(changes.Intend(AksIntent.Of(_azure.Aks!, PowerAction.PowerOff, _world.Cluster.Nodes)), state);
        _azure.Aks = _azure.Aks! with { PowerState = "Stopped" };
    });

    private Task<RestoredRun> RestoreAsync() => RunRecovery.RestoreAsync(
        Assert.Single(new RunStore(_world.StateDirectory).List()), _world.Connection, TimeSpan.FromMinutes(20), NullLog.Instance, default);

    [Theory]
    [InlineData(2, "TooManyNodesDown")]
    [InlineData(3, null)]
    public async Task All_nodes_of_the_connected_cluster_count_as_down(int most, string? rule) =>
        Assert.Equal(rule ?? "3 ready", await CheckAsync(_azure.Aks!, most));

    [Theory]
    [InlineData(4, "TooManyNodesDown")]
    [InlineData(5, "0 ready")]
    public async Task Those_of_another_cluster_count_as_azure_counts_them(int most, string outcome) => Assert.Equal(outcome, await CheckAsync(
        _azure.Aks! with { Name = "other", NodeResourceGroupName = "MC_other", NodePools = [FakeAzure.GoodPool with { Count = 5 }] }, most));

    [Fact]
    public async Task A_protected_node_protects_its_cluster()
    {
        _world.Cluster.Nodes[1] = _world.Cluster.Nodes[1] with { IsProtected = true };
        Assert.Equal("NodeProtected", await CheckAsync(_azure.Aks!, 3));
    }

    [Fact]
    public async Task A_start_is_a_repair() => Assert.Equal("0 ready", await CheckAsync(_azure.Aks!, 1, PowerAction.Start));

    private async Task<string> CheckAsync(AksCluster cluster, int most, PowerAction action = PowerAction.PowerOff)
    {
        var policy = new BlastPolicy { Source = "a", MaxNodesDown = most };
        var gate = await BlastGate.OpenAsync(_world.Connection, [policy], new RunStore(_world.StateDirectory), default);
        try
        {
            return $"{(await gate.CheckAsync(cluster, action, null, default)).Count} ready";
        }
        catch (ChaosException refusal)
        {
            return refusal.ErrorId;
        }
    }
}
