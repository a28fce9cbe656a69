using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Safety;

public sealed class GuardedPowerTests : IAsyncLifetime, IDisposable
{
    private readonly FakeWorld _world = new();
    private RecoveryLog _recovery = null!;
    private ChangeSet _changes = null!;
    private GuardedPower _power = null!;

    public async Task InitializeAsync()
    {
        _recovery = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default);
        _changes = new ChangeSet(_world.Connection, _recovery, NullLog.Instance);
        _power = await PowerAsync(_world.Connection);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _recovery.Dispose();
        _world.Dispose();
    }

    private async Task<GuardedPower> PowerAsync(ChaosConnection connection, int? maxNodesDown = null, bool held = false)
    {
        var gate = await BlastGate.OpenAsync(connection, [new BlastPolicy { Source = "the test", MaxNodesDown = maxNodesDown }], new RunStore(_world.StateDirectory), default);
        return new GuardedPower(connection, _changes, gate, NullLog.Instance, held);
    }

    private static ChaosException Broken => new("ApiUnreachable", ErrorKind.ConnectionFailed, "The connection broke.", null, null);

    private ScaleSetInstance Instance(int id) => _world.Machines.Instances[id];

    [Fact]
    public async Task The_undo_is_on_the_disk_before_azure_is_asked()
    {
        string[]? seen = null;
        var spy = new SpyPower(_world.Machines, () => seen = ReadLog());
        var connection = With(spy);
        var power = await PowerAsync(connection);

        await _world.Clock.RunAsync(() => power.BeginAsync(Instance(0), PowerAction.PowerOff, false, default));

        var intent = JsonNode.Parse(seen![^1])!;
        Assert.Equal("intent", (string?)intent["type"]);
        Assert.Equal($"Start-ClusterNode {FakeMachines.NodeName(0)}", (string?)intent["undo"]);
        Assert.Equal("Running", (string?)intent["intent"]!["powerStateBefore"]);
        Assert.Equal(Instance(0).ResourceId, (string?)intent["intent"]!["resourceId"]);
    }

    [Fact]
    public async Task Undo_starts_what_was_stopped_and_waits_for_a_fresh_heartbeat()
    {
        var result = await _world.Clock.RunAsync(async () =>
        {
            await _power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default);
            return await _changes.UndoAsync(false, default);
        });

        Assert.True(result.Complete);
        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
        Assert.Equal(PowerState.Running, Instance(0).PowerState);

        // The node never stopped being Ready in Kubernetes' eyes: only the new heartbeat, after stop, start and boot, proves that it is back.
        var elapsed = _world.Clock.GetUtcNow() - FakeWorld.Start;
        Assert.True(elapsed >= FakeMachines.StopTime + FakeMachines.StartTime + FakeMachines.BootTime, $"{elapsed}");
    }

    [Fact]
    public async Task Undo_waits_out_a_stop_that_was_not_waited_for()
    {
        var result = await _world.Clock.RunAsync(async () =>
        {
            await _power.BeginAsync(Instance(0), PowerAction.PowerOff, false, default);
            Assert.Equal(PowerState.Stopping, Instance(0).PowerState);
            return await _changes.UndoAsync(false, default);
        });

        Assert.True(result.Complete);
        Assert.Equal(PowerState.Running, Instance(0).PowerState);
    }

    [Fact]
    public async Task Undo_twice_does_the_work_once()
    {
        await _world.Clock.RunAsync(async () =>
        {
            await _power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default);
            await _changes.UndoAsync(false, default);
            return await _changes.UndoAsync(false, default);
        });

        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
    }

    [Fact]
    public async Task What_was_off_before_stays_off()
    {
        _world.Machines.Set(Instance(1), PowerState.Stopped);

        var (change, undo) = await _world.Clock.RunAsync(async () =>
        {
            var made = await _power.ChangeAsync(Instance(1), PowerAction.PowerOff, false, default);
            return (made, await _changes.UndoAsync(false, default));
        });

        Assert.Null(change.Performed);
        Assert.True(undo.Complete);
        Assert.Empty(_world.Machines.Calls);
        Assert.Equal(PowerState.Stopped, Instance(1).PowerState);
    }

    [Fact]
    public async Task A_restart_of_an_instance_that_is_off_is_sent_as_a_start()
    {
        _world.Machines.Set(Instance(0), PowerState.Stopped);

        var change = await _world.Clock.RunAsync(() => _power.ChangeAsync(Instance(0), PowerAction.Restart, false, default));

        Assert.Equal(PowerAction.Start, change.Performed);
        Assert.Equal(["Start 0"], _world.Machines.Calls);
    }

    [Fact]
    public async Task A_second_node_is_refused_even_while_the_first_still_counts_as_ready()
    {
        var error = await Assert.ThrowsAsync<ChaosException>(() => _world.Clock.RunAsync(async () =>
        {
            await _power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default);
            Assert.True(_world.Cluster.Nodes[0].Ready);
            return await _power.BeginAsync(Instance(1), PowerAction.PowerOff, false, default);
        }));

        Assert.Equal("TooManyNodesDown", error.ErrorId);
        Assert.Contains(FakeMachines.NodeName(0), error.Message, StringComparison.Ordinal);
        Assert.Equal(["PowerOff 0"], _world.Machines.Calls);
    }

    [Fact]
    public async Task A_raised_budget_allows_a_second_node_and_never_the_last_system_node()
    {
        var power = await PowerAsync(_world.Connection, maxNodesDown: 3);

        var error = await Assert.ThrowsAsync<ChaosException>(() => _world.Clock.RunAsync(async () =>
        {
            await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default);
            await power.ChangeAsync(Instance(1), PowerAction.PowerOff, false, default);
            return await power.BeginAsync(Instance(2), PowerAction.PowerOff, false, default);
        }));

        Assert.Equal("LastSystemNode", error.ErrorId);
        Assert.Equal(["PowerOff 0", "PowerOff 1"], _world.Machines.Calls);
    }

    [Fact]
    public async Task A_real_cluster_is_changed_under_the_same_rules()
    {
        using var real = new FakeWorld(kind: ConnectionKind.Cluster);
        var power = await PowerAsync(real.Connection);

        await real.Clock.RunAsync(() => power.ChangeAsync(real.Machines.Instances[0], PowerAction.PowerOff, false, default));
        var error = await Assert.ThrowsAsync<ChaosException>(() =>
            real.Clock.RunAsync(() => power.BeginAsync(real.Machines.Instances[1], PowerAction.PowerOff, false, default)));

        Assert.Equal("TooManyNodesDown", error.ErrorId);
        Assert.Equal(["PowerOff 0"], real.Machines.Calls);
    }

    [Fact]
    public async Task A_failed_undo_is_reported_with_the_command_that_finishes_it()
    {
        _world.Machines.Failures.Enqueue(null);
        _world.Machines.Failures.Enqueue(new ChaosException("AzureForbidden", ErrorKind.PermissionDenied, "Azure says no.", null, null));

        var result = await _world.Clock.RunAsync(async () =>
        {
            await _power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default);
            return await _changes.UndoAsync(false, default);
        });

        Assert.False(result.Complete);
        Assert.Contains($"Start-ClusterNode {FakeMachines.NodeName(0)}", Assert.Single(result.Remaining), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_any_more_keeps_nothing_from_being_put_back()
    {
        var result = await _world.Clock.RunAsync(async () =>
        {
            await _power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default);
            _recovery.Dispose();
            return await _changes.UndoAsync(false, default);
        });

        Assert.True(result.Complete);
        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_any_more_does_not_keep_a_rollback_from_starting_a_machine()
    {
        await _world.Clock.RunAsync(async () =>
        {
            await _power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default);
            _recovery.Dispose();
            return await _power.ChangeAsync(Instance(0), PowerAction.Restart, false, default);
        });

        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_keeps_anything_from_being_changed()
    {
        _recovery.Dispose();

        var error = await Assert.ThrowsAsync<ChaosException>(
            () => _world.Clock.RunAsync(() => _power.BeginAsync(Instance(0), PowerAction.PowerOff, false, default)));

        Assert.Equal("RecoveryLogUnwritable", error.ErrorId);
        Assert.Empty(_world.Machines.Calls);
    }

    [Fact]
    public async Task A_call_whose_answer_was_lost_is_undone_by_the_machines_real_state()
    {
        _world.Machines.Failures.Enqueue(Broken);

        var result = await _world.Clock.RunAsync(async () =>
        {
            await Assert.ThrowsAsync<ChaosException>(() => _power.BeginAsync(Instance(0), PowerAction.PowerOff, false, default));
            _world.Machines.Set(Instance(0), PowerState.Stopped); // Azure had taken it after all
            return await _changes.UndoAsync(false, default);
        });

        Assert.True(result.Complete);
        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
    }

    [Fact]
    public async Task A_call_whose_answer_was_lost_may_act_after_the_undo_has_begun()
    {
        _world.Machines.Failures.Enqueue(Broken);

        var result = await _world.Clock.RunAsync(async () =>
        {
            await Assert.ThrowsAsync<ChaosException>(() => _power.BeginAsync(Instance(0), PowerAction.PowerOff, false, default));
            _world.Clock.CreateTimer(_ => _world.Machines.Set(Instance(0), PowerState.Stopped), null, TimeSpan.FromSeconds(8), Timeout.InfiniteTimeSpan);
            return await _changes.UndoAsync(false, default);
        });

        Assert.True(result.Complete);
        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
        Assert.Equal(PowerState.Running, Instance(0).PowerState);
    }

    [Fact]
    public async Task Once_the_undo_may_begin_nothing_is_changed_any_more()
    {
        _changes.Close();

        var error = await Assert.ThrowsAsync<ChaosException>(
            () => _world.Clock.RunAsync(() => _power.BeginAsync(Instance(0), PowerAction.PowerOff, false, default)));

        Assert.Equal("RunEnding", error.ErrorId);
        Assert.Empty(_world.Machines.Calls);
    }

    [Fact]
    public async Task Of_two_changes_at_once_the_second_sees_what_the_first_spent()
    {
        var error = await Assert.ThrowsAsync<ChaosException>(() => _world.Clock.RunAsync(async () =>
        {
            Task<PowerChange>[] both = [.. Enumerable.Range(0, 2).Select(id =>
                _world.Clock.RunAsync(() => _power.BeginAsync(Instance(id), PowerAction.PowerOff, false, default)))];
            await _world.Clock.WhenAllAsync(both);
            return both[0].Result;
        }));

        Assert.Equal("TooManyNodesDown", error.ErrorId);
        Assert.Single(_world.Machines.Calls);
    }

    [Fact]
    public async Task A_change_that_azure_refused_is_not_waited_for()
    {
        _world.Machines.Failures.Enqueue(new ChaosException("AzureForbidden", ErrorKind.PermissionDenied, "Azure says no.", null, null));

        var result = await _world.Clock.RunAsync(async () =>
        {
            await Assert.ThrowsAsync<ChaosException>(() => _power.BeginAsync(Instance(0), PowerAction.PowerOff, false, default));
            return await _changes.UndoAsync(false, default);
        });

        Assert.True(result.Complete);
        Assert.Equal(FakeWorld.Start, _world.Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_change_whose_answer_could_not_be_read_is_undone_by_the_machines_real_state()
    {
        _world.Machines.Failures.Enqueue(new ChaosException("AzureAnswerInvalid", ErrorKind.InvalidData, "Azure answers in riddles.", null, null));

        var result = await _world.Clock.RunAsync(async () =>
        {
            await Assert.ThrowsAsync<ChaosException>(() => _power.BeginAsync(Instance(0), PowerAction.PowerOff, false, default));
            _world.Machines.Set(Instance(0), PowerState.Stopped); // Azure had taken it
            return await _changes.UndoAsync(false, default);
        });

        Assert.True(result.Complete);
        Assert.Equal(PowerState.Running, Instance(0).PowerState);
    }

    [Fact]
    public async Task Whatever_goes_wrong_with_one_machine_the_others_are_put_back()
    {
        var connection = With(new StumblingPower(_world.Machines, Instance(1).ResourceId));
        var changes = new ChangeSet(connection, _recovery, NullLog.Instance);
        var gate = await BlastGate.OpenAsync(connection, [new BlastPolicy { Source = "the test", MaxNodesDown = 3 }], new RunStore(_world.StateDirectory), default);
        var power = new GuardedPower(connection, changes, gate, NullLog.Instance);

        var result = await _world.Clock.RunAsync(async () =>
        {
            await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default);
            await power.ChangeAsync(Instance(1), PowerAction.PowerOff, false, default);
            return await changes.UndoAsync(false, default);
        });

        Assert.Contains(FakeMachines.NodeName(1), Assert.Single(result.Remaining), StringComparison.Ordinal);
        Assert.Equal(PowerState.Running, Instance(0).PowerState);
    }

    [Fact]
    public async Task A_node_that_does_not_come_back_keeps_no_other_machine_off()
    {
        var power = await PowerAsync(_world.Connection, maxNodesDown: 3);

        var result = await _world.Clock.RunAsync(async () =>
        {
            await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default);
            await power.ChangeAsync(Instance(1), PowerAction.PowerOff, false, default);
            _world.Cluster.Nodes[1] = _world.Cluster.Nodes[1] with { ResourceId = "another" }; // nothing makes it Ready
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5), _world.Clock);
            return await _changes.UndoAsync(false, limit.Token);
        });

        Assert.Contains(FakeMachines.NodeName(1), result.Remaining[0], StringComparison.Ordinal);
        Assert.All(_world.Machines.Instances, static machine => Assert.Equal(PowerState.Running, machine.PowerState));
    }

    [Fact]
    public async Task A_delete_is_said_to_be_for_good_and_leaves_nothing_to_finish()
    {
        var result = await _world.Clock.RunAsync(async () =>
        {
            await _power.ChangeAsync(Instance(0), PowerAction.Delete, false, default);
            return await _changes.UndoAsync(false, default);
        });

        Assert.True(result.Complete);
        Assert.Contains("cannot be undone", Assert.Single(result.Steps), StringComparison.Ordinal);
        Assert.Equal(ChangeState.Done, Assert.Single(RecordedRun.Read(_recovery.Folder).Changes).State);
    }

    [Fact]
    public async Task What_the_user_holds_is_not_undone()
    {
        var power = await PowerAsync(_world.Connection, held: true);

        await _world.Clock.RunAsync(async () =>
        {
            await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default);
            return await _changes.UndoAsync(false, default);
        });

        Assert.Equal(["PowerOff 0"], _world.Machines.Calls);
    }

    private ChaosConnection With(INodePower power) => new()
    {
        Name = _world.Connection.Name,
        Server = _world.Connection.Server,
        Kind = _world.Connection.Kind,
        Cluster = _world.Cluster,
        Power = power,
        Http = _world.Connection.Http,
        Time = _world.Clock,
    };

    private string[] ReadLog()
    {
        using var file = new FileStream(
            Path.Combine(_recovery.Folder, "recovery.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Fails at the start of one machine in a way that nobody has thought of.</summary>
    private sealed class StumblingPower(INodePower inner, string resourceId) : ForwardingPower(inner)
    {
        public override Task<IPowerOperation> BeginAsync(ScaleSetInstance instance, PowerAction action, bool skipShutdown, CancellationToken cancellationToken) =>
            action == PowerAction.Start && instance.ResourceId == resourceId
                ? throw new InvalidOperationException("Nobody has thought of this.")
                : base.BeginAsync(instance, action, skipShutdown, cancellationToken);
    }

    private sealed class SpyPower(INodePower inner, Action beforeChange) : ForwardingPower(inner)
    {
        public override Task<IPowerOperation> BeginAsync(ScaleSetInstance instance, PowerAction action, bool skipShutdown, CancellationToken cancellationToken)
        {
            beforeChange();
            return base.BeginAsync(instance, action, skipShutdown, cancellationToken);
        }
    }
}
