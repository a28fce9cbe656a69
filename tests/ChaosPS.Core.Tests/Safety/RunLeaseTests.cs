using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Tests.Experiments;

namespace ChaosPS.Tests.Safety;

/// <summary>What other machines see of a run that is marked in the cluster.</summary>
public sealed class RunLeaseTests : IDisposable
{
    private readonly ExperimentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_marked_run_announces_each_change_before_it_is_made_renews_its_mark_and_takes_it_away()
    {
        var run = await _world.RunAsync(Workshop.Text("AZURE_CLUSTER_VMSS_NAME", "60"), new RunOptions { Lease = true });

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.Empty(_world.Cluster.Leases);
        var writes = _world.Cluster.LeaseWrites;
        Assert.DoesNotContain("PowerOff", writes[0].Log, StringComparison.Ordinal);
        Assert.Contains("PowerOff", writes[1].Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Accepted", writes[1].Log, StringComparison.Ordinal);
        Assert.All(writes.Zip(writes.Skip(1)), static pair => Assert.True(pair.Second.RenewTime - pair.First.RenewTime < RunLease.Duration));
        Assert.Equal([_world.Machines.Instances[0].ResourceId], writes[0].Targets);
    }

    [Fact]
    public async Task Without_the_switch_nothing_is_written_to_the_cluster()
    {
        await _world.RunAsync(Workshop.Corrected);

        Assert.Empty(_world.Cluster.LeaseWrites);
    }

    [Fact]
    public async Task A_run_keeps_off_the_targets_of_a_run_of_another_machine()
    {
        Mark(age: TimeSpan.FromSeconds(30));

        var run = await _world.RunAsync(Workshop.Corrected);

        Assert.Equal((RunOutcome.NotStarted, "TargetsInUse"), (run.Outcome, run.ErrorId));
        Assert.Contains("the run other of laptop/7", run.Reason, StringComparison.Ordinal);
        Assert.Empty(_world.Machines.Calls);
    }

    [Fact]
    public async Task What_a_dead_run_of_another_machine_left_must_be_put_back_first()
    {
        Mark(age: TimeSpan.FromMinutes(5));

        var run = await _world.RunAsync(Workshop.Corrected);

        Assert.Equal((RunOutcome.NotStarted, "TargetsLeft"), (run.Outcome, run.ErrorId));
    }

    [Fact]
    public async Task A_run_on_other_targets_is_not_in_the_way()
    {
        Mark(age: TimeSpan.Zero, target: "/subscriptions/s1/elsewhere");

        Assert.Equal(RunOutcome.Passed, (await _world.RunAsync(Workshop.Corrected)).Outcome);
    }

    [Fact]
    public async Task A_mark_that_cannot_be_written_keeps_the_run_from_beginning()
    {
        _world.Cluster.LeaseFailure = new ChaosException("ClusterForbidden", ErrorKind.PermissionDenied, "no", null, null);

        var run = await _world.RunAsync(Workshop.Corrected, new RunOptions { Lease = true });

        Assert.Equal(RunOutcome.NotStarted, run.Outcome);
        Assert.Empty(_world.Machines.Calls);
    }

    [Fact]
    public async Task A_mark_that_cannot_be_renewed_keeps_no_rollback_from_starting_its_machine()
    {
        _world.Cluster.OnLeaseWrite = () =>
        {
            if (!_world.IsUp) _world.Cluster.LeaseFailure = new ChaosException("ClusterUnreachable", ErrorKind.ConnectionFailed, "nobody answers", null, null);
        };

        var run = await _world.RunAsync(Workshop.Corrected, new RunOptions { Lease = true });

        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
        Assert.DoesNotContain(run.Activities, static activity => activity.Status == ActivityStatus.Failed);
    }

    [Fact]
    public async Task Another_machine_puts_back_what_a_marked_run_left()
    {
        var broken = new ChaosException("AzureForbidden", ErrorKind.PermissionDenied, "Azure says no.", null, null);
        _world.Machines.Failures.Enqueue(null);
        for (var n = 0; n < 2; n++) _world.Machines.Failures.Enqueue(broken);
        var run = await _world.RunAsync(Workshop.Corrected, new RunOptions { Lease = true });
        Assert.Equal(RunOutcome.RollbackIncomplete, run.Outcome);
        Assert.False(_world.IsUp);

        var elsewhere = Directory.CreateTempSubdirectory("chaosps-test-").FullName;
        try
        {
            var store = new RunStore(elsewhere);
            _world.Clock.Advance(RunLease.Duration);
            var left = Assert.Single(await store.ListLeasedAsync(_world.Connection, default));
            Assert.Equal((RunState.Unfinished, run.RunId), (left.State, left.RunId));

            var restored = await RunRecovery.RestoreAsync(left, _world.Connection, TimeSpan.FromMinutes(20), NullLog.Instance, default);

            Assert.True(restored.Complete, string.Join(' ', restored.Remaining));
            Assert.True(_world.IsUp);
            Assert.Empty(_world.Cluster.Leases);
            Assert.Equal(RunState.Ended, store.Get(run.RunId).State);
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    [Fact]
    public async Task A_run_that_died_with_nothing_but_its_mark_is_unfinished_until_the_mark_is_taken_away()
    {
        using (var log = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default))
        {
            await new LeaseKeeper(_world.Connection, log, ["/subscriptions/s1"], NullLog.Instance).BeginAsync(default);
        }

        var store = new RunStore(_world.StateDirectory);
        var restored = await RestoreAsync(Assert.Single(store.Unfinished()));

        Assert.Equal(["The run's Lease is gone from the cluster."], restored.Steps);
        Assert.Empty(_world.Cluster.Leases);
        Assert.Empty(store.Unfinished());
    }

    [Fact]
    public async Task A_mark_that_was_refused_leaves_nothing_to_finish()
    {
        _world.Cluster.LeaseFailure = new ChaosException("ClusterForbidden", ErrorKind.PermissionDenied, "no", null, null);

        await _world.RunAsync(Workshop.Corrected, new RunOptions { Lease = true });

        Assert.Empty(new RunStore(_world.StateDirectory).Unfinished());
    }

    [Fact]
    public async Task Of_two_runs_that_begin_at_once_on_one_machine_none_changes_it()
    {
        _world.Cluster.OnLeaseWrite = () => Mark(age: TimeSpan.Zero);

        var run = await _world.RunAsync(Workshop.Corrected, new RunOptions { Lease = true });

        Assert.Equal((RunOutcome.NotStarted, "TargetsInUse"), (run.Outcome, run.ErrorId));
        Assert.Empty(_world.Machines.Calls);
        Assert.Equal("other", Assert.Single(_world.Cluster.Leases).Key);
    }

    [Fact]
    public async Task A_run_whose_clock_is_behind_is_not_taken_for_dead()
    {
        Mark(age: TimeSpan.FromMinutes(5));
        var run = Assert.Single(await new RunStore(_world.StateDirectory).ListLeasedAsync(_world.Connection, default));
        _world.Clock.CreateTimer(_ => Mark(age: TimeSpan.FromMinutes(5)), null, TimeSpan.FromSeconds(15), Timeout.InfiniteTimeSpan);

        var error = await Assert.ThrowsAsync<ChaosException>(() => RestoreAsync(run));

        Assert.Equal("RunBusy", error.ErrorId);
    }

    [Fact]
    public async Task A_run_that_has_put_back_itself_meanwhile_is_left_alone()
    {
        Mark(age: TimeSpan.FromMinutes(5));
        var run = Assert.Single(await new RunStore(_world.StateDirectory).ListLeasedAsync(_world.Connection, default));
        _world.Cluster.Leases.Clear();

        var restored = await RestoreAsync(run);

        Assert.True(restored.Complete);
        Assert.Contains("no longer in the cluster", Assert.Single(restored.Steps), StringComparison.Ordinal);
        Assert.False(Directory.Exists(run.Folder));
    }

    [Fact]
    public async Task Who_puts_back_what_a_marked_run_left_takes_its_mark_over_and_away_from_wherever_it_is_done()
    {
        var broken = new ChaosException("AzureForbidden", ErrorKind.PermissionDenied, "Azure says no.", null, null);
        _world.Machines.Failures.Enqueue(null);
        for (var n = 0; n < 2; n++) _world.Machines.Failures.Enqueue(broken);
        await _world.RunAsync(Workshop.Corrected, new RunOptions { Lease = true });
        var marked = Assert.Single(_world.Cluster.Leases).Value;

        var restored = await RestoreAsync(Assert.Single(new RunStore(_world.StateDirectory).Unfinished()));

        Assert.True(restored.Complete, string.Join(' ', restored.Remaining));
        Assert.Empty(_world.Cluster.Leases);
        Assert.NotEmpty(marked.Log);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../../etc")]
    [InlineData("")]
    public async Task A_mark_whose_run_has_no_name_of_ours_is_none(string name)
    {
        Mark(age: TimeSpan.Zero, run: name);

        Assert.Empty(await new RunStore(_world.StateDirectory).ListLeasedAsync(_world.Connection, default));
    }

    private Task<RestoredRun> RestoreAsync(RecordedRun run) =>
        RunRecovery.RestoreAsync(run, _world.Connection, TimeSpan.FromMinutes(20), NullLog.Instance, default);

    private void Mark(TimeSpan age, string? target = null, string run = "other") => _world.Cluster.Leases[run] = new RunLease
    {
        RunId = run,
        Holder = "laptop/7",
        RenewTime = _world.Clock.GetUtcNow() - age,
        Targets = [target ?? _world.Machines.Instances[0].ResourceId],
        Log = "",
    };
}
