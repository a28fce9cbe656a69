using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Safety;

/// <summary>What a run has taken down counts against everybody's budget, also while Azure and the API server have not noticed.</summary>
public sealed class NodesTakenDownTests : IDisposable
{
    private readonly FakeWorld _world = new(nodes: 4, served: new Uri("http://127.0.0.1:8001"));
    private readonly List<RecoveryLog> _logs = [];

    public void Dispose()
    {
        foreach (var log in _logs) log.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task A_node_that_the_run_has_stopped_is_down_though_azure_still_says_that_it_runs()
    {
        var run = await BeginAsync();
        await run.StopAsync(0);
        _world.Machines.Set(Instance(0), PowerState.Running); // the instance view is late

        Assert.Contains($"2 nodes down at once ({FakeMachines.NodeName(0)}, {FakeMachines.NodeName(1)})", await run.RefusedAsync(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_another_run_of_the_state_directory_has_stopped_is_down_too()
    {
        await (await BeginAsync()).StopAsync(0);
        _world.Machines.Set(Instance(0), PowerState.Running);

        await (await BeginAsync()).RefusedAsync(1);
    }

    [Fact]
    public async Task A_run_that_died_has_its_nodes_down_until_somebody_has_started_them()
    {
        await (await BeginAsync()).StopAsync(0);
        Die();
        _world.Machines.Set(Instance(0), PowerState.Running);
        var run = await BeginAsync();

        await run.RefusedAsync(1);
        Beat(0, TimeSpan.FromMinutes(6)); // somebody has, in the portal: nothing else makes it report
        await run.StopAsync(1);
    }

    [Theory]
    [InlineData(20, false)] // a clock that is ahead
    [InlineData(40, true)]
    public async Task A_node_that_reports_after_its_stop_was_done_has_been_started_by_somebody(int seconds, bool up)
    {
        var run = await BeginAsync();
        await _world.Clock.RunAsync(() => run.Power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default));

        Beat(0, TimeSpan.FromSeconds(seconds)); // in the portal

        if (up) await run.StopAsync(1);
        else await run.RefusedAsync(1);
    }

    [Fact]
    public async Task A_run_of_another_cluster_is_none_of_this_ones_business()
    {
        using var other = new FakeWorld(served: new Uri("http://127.0.0.1:8002"));
        using var log = await RecoveryLog.CreateAsync(_world.StateDirectory, "other", other.Connection, default);
        new ChangeSet(other.Connection, log, NullLog.Instance).Intend(
            PowerIntent.Of(Instance(0), _world.Cluster.Nodes[0], PowerAction.PowerOff, held: false));

        await (await BeginAsync()).StopAsync(1);
    }

    [Fact]
    public async Task Of_two_runs_that_stop_different_nodes_in_the_same_instant_the_budget_lets_no_two_through()
    {
        var first = await BeginAsync();
        var second = await BeginAsync();

        // The second writes its intent after the first has looked, and before it sends.
        var intended = false;
        _world.Cluster.OnPodsRead = () =>
        {
            if (intended) return;
            intended = true;
            second.Changes.Intend(PowerIntent.Of(Instance(1), _world.Cluster.Nodes[1], PowerAction.PowerOff, held: false));
        };

        await first.RefusedAsync(0);
        Assert.Empty(_world.Machines.Calls);
        Assert.Equal(ChangeState.Refused, Assert.Single(first.Changes.All()).State);
    }

    [Fact]
    public async Task A_node_that_was_started_again_is_down_until_it_is_ready_by_a_new_heartbeat()
    {
        var run = await BeginAsync();
        await run.StopAsync(0);
        await _world.Clock.RunAsync(() => run.Power.ChangeAsync(Instance(0), PowerAction.Start, false, default));

        await run.RefusedAsync(1); // Ready, says the API server, by a heartbeat of before the stop
        _world.Clock.Advance(FakeMachines.BootTime);
        await run.StopAsync(1);
    }

    [Fact]
    public async Task A_node_that_another_run_has_begun_to_drain_is_down_though_its_pods_are_still_there()
    {
        var other = await BeginAsync();
        var drain = other.Changes.Intend(new DrainIntent(FakeMachines.NodeName(0), "", Held: true));
        var run = await BeginAsync();

        await run.RefusedAsync(1);
        other.Changes.Note(drain, ChangeState.Done); // from here on it is looked at as it is
        await run.StopAsync(1);
    }

    [Fact]
    public async Task A_drain_whose_process_has_died_is_looked_at_as_it_is()
    {
        (await BeginAsync()).Changes.Intend(new DrainIntent(FakeMachines.NodeName(0), "", Held: true));
        Die();

        await (await BeginAsync()).StopAsync(1);
    }

    [Fact]
    public async Task A_machine_that_the_run_has_deleted_stays_down_to_its_end()
    {
        var run = await BeginAsync();
        await _world.Clock.RunAsync(() => run.Power.ChangeAsync(Instance(0), PowerAction.Delete, false, default));
        _world.Machines.Instances.RemoveAt(0);
        _world.Cluster.Nodes.RemoveAt(0);

        await run.RefusedAsync(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_run_of_another_machine_has_off_or_is_about_to_stop_counts_by_its_lease(bool sent)
    {
        await LeaveLeaseAsync(node: 0, sent);

        await (await BeginAsync()).RefusedAsync(1);
    }

    [Fact]
    public async Task Whoever_may_not_read_leases_is_not_held_up_by_them()
    {
        await LeaveLeaseAsync(node: 0, sent: true);
        _world.Cluster.LeaseReadFailure = new ChaosException("ClusterForbidden", ErrorKind.PermissionDenied, "no", null, null);

        await (await BeginAsync()).StopAsync(1);
    }

    [Fact]
    public async Task A_user_node_is_not_said_to_be_the_last_system_node()
    {
        for (var id = 0; id < 3; id++) _world.Cluster.Nodes[id] = _world.Cluster.Nodes[id] with { Ready = false };
        _world.Cluster.Nodes[3] = _world.Cluster.Nodes[3] with { IsSystem = false };

        var message = await (await BeginAsync(maxNodesDown: 4)).RefusedAsync(3, "LastSystemNode");

        Assert.Contains("while no node of a system pool is Ready", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_targets_of_one_name_are_two()
    {
        static string Machine(string id) => new PowerIntent(id, "node", null, false, null, PowerState.Running, PowerAction.PowerOff, false).Identity;
        static string Workload(string kind) => new ReplicaIntent(kind, "shop", "web", "u", 1, 2, false).Identity;

        Assert.NotEqual(Machine("/a/virtualMachines/0"), Machine("/b/virtualMachines/0"));
        Assert.Equal(Machine("/a/virtualMachines/0"), Machine("/A/virtualmachines/0"));
        Assert.NotEqual(Workload("Deployment"), Workload("StatefulSet"));
    }

    private ScaleSetInstance Instance(int id) => _world.Machines.Instances[id];

    private void Beat(int id, TimeSpan later)
    {
        _world.Clock.Advance(later);
        _world.Machines.Set(Instance(id), PowerState.Running);
        _world.Cluster.Nodes[id] = _world.Cluster.Nodes[id] with { Conditions = [FakeCluster.Condition(ready: true, _world.Clock.GetUtcNow())] };
    }

    private void Die()
    {
        foreach (var log in _logs) log.Dispose();
        _logs.Clear();
    }

    private async Task<Run> BeginAsync(int maxNodesDown = 1)
    {
        var log = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default);
        _logs.Add(log);
        var gate = await BlastGate.OpenAsync(
            _world.Connection, [new BlastPolicy { Source = "the test", MaxNodesDown = maxNodesDown }], new RunStore(_world.StateDirectory), default);
        return new Run(_world, new ChangeSet(_world.Connection, log, NullLog.Instance), gate);
    }

    /// <summary>A run of another machine, of which nothing but its Lease is to be seen here.</summary>
    private async Task LeaveLeaseAsync(int node, bool sent)
    {
        var elsewhere = Directory.CreateTempSubdirectory("chaosps-test-").FullName;
        try
        {
            using var log = await RecoveryLog.CreateAsync(elsewhere, "test", _world.Connection, default);
            var changes = new ChangeSet(_world.Connection, log, NullLog.Instance);
            changes.AnnounceBy(new LeaseKeeper(_world.Connection, log, [Instance(node).ResourceId], NullLog.Instance));
            var change = changes.Intend(PowerIntent.Of(Instance(node), _world.Cluster.Nodes[node], PowerAction.PowerOff, held: false));
            await changes.SendAsync(change, static () => Task.FromResult(""));
            if (!sent) Assert.DoesNotContain("Accepted", _world.Cluster.Leases[log.RunId].Log, StringComparison.Ordinal);
            else await new LeaseKeeper(_world.Connection, log, [], NullLog.Instance).MarkAsync(default);
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    private sealed record Run(FakeWorld World, ChangeSet Changes, BlastGate Gate)
    {
        public GuardedPower Power { get; } = new(World.Connection, Changes, Gate, NullLog.Instance);

        public Task<PowerChange> StopAsync(int id) =>
            World.Clock.RunAsync(() => Power.ChangeAsync(World.Machines.Instances[id], PowerAction.PowerOff, false, default));

        public async Task<string> RefusedAsync(int id, string errorId = "TooManyNodesDown")
        {
            var error = await Assert.ThrowsAsync<ChaosException>(() => StopAsync(id));
            Assert.Equal(errorId, error.ErrorId);
            return error.Message;
        }
    }
}
