using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Safety;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Faults;

/// <summary>What becomes of experiments and of their undo when the platform is not well.</summary>
public sealed class HabitTests : IDisposable
{
    private const string StopAndWait = """
        title: stop a node
        description: and nothing else
        method:
        - type: action
          name: stop
          provider:
            {type: python, module: chaosazure.vmss.actions, func: stop_vmss, arguments: {filter: "where name=~'aks-nodepool1-36421985-vmss'"}}
          pauses: {after: 60}
        """;

    private readonly Composition _composition = new();
    private readonly ChaosSandbox _sandbox = SandboxFactory.Create("contactsapp", seed: 1);
    private readonly ChaosConnection _connection;
    private readonly string _state = Directory.CreateTempSubdirectory("chaosps-test-").FullName;

    public HabitTests() => _connection = _composition.Connect(_sandbox);

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public async Task Throttled_on_both_sides_a_run_waits_as_long_as_it_is_told_and_passes()
    {
        var calm = await RunAsync();
        await Add(new SandboxFault { Fault = SandboxFaultKind.Throttling, Target = SandboxFaultTarget.Azure, Count = 3 });
        await Add(new SandboxFault { Fault = SandboxFaultKind.Throttling, Target = SandboxFaultTarget.Kubernetes, Count = 2 });

        var run = await RunAsync();

        Assert.Equal((RunOutcome.Passed, RunOutcome.Passed), (calm.Outcome, run.Outcome));
        Assert.Empty(await _sandbox.GetFaultsAsync(default));
        await AssertAllBack();
    }

    [Fact]
    public async Task Reads_are_repeated_after_the_time_that_the_server_asks_for_on_the_sandboxs_clock()
    {
        await Add(new SandboxFault { Fault = SandboxFaultKind.Throttling, Target = SandboxFaultTarget.Azure, Count = 2 });
        var before = _sandbox.Now;

        await _connection.Time.RunAsync(() => _connection.Power.FindScaleSetsAsync(null, default));

        Assert.Equal(TimeSpan.FromSeconds(20), _sandbox.Now - before);
    }

    [Fact]
    public async Task Of_a_lost_stop_the_machine_itself_tells_that_it_was_done()
    {
        await Add(new SandboxFault { Fault = SandboxFaultKind.LostOperation, Count = 1 });

        var run = await RunAsync();

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.NotEmpty(run.UndoSteps);
        await AssertAllBack();
    }

    [Fact]
    public async Task A_lost_restart_is_reported_since_the_machine_runs_before_and_after_it()
    {
        await Add(new SandboxFault { Fault = SandboxFaultKind.LostOperation, Count = 1 });
        var machine = await Machine();

        var error = await Assert.ThrowsAsync<ChaosException>(() => _connection.Time.RunAsync(
            async () => await (await _connection.Power.BeginAsync(machine, PowerAction.Restart, false, default)).WaitAsync(default)));

        Assert.Equal("PowerOperationLost", error.ErrorId);
    }

    [Fact]
    public async Task A_stop_that_fails_is_reported_and_nothing_is_left()
    {
        await Add(new SandboxFault { Fault = SandboxFaultKind.FailedOperation, Count = 1 });

        var run = await RunAsync();

        Assert.Equal(RunOutcome.ActivityFailed, run.Outcome);
        Assert.Contains("the operation ended as Failed", run.Reason, StringComparison.Ordinal);
        await AssertAllBack();
    }

    [Theory]
    [InlineData(SandboxFaultKind.ApiServerAway)]
    [InlineData(SandboxFaultKind.AzureAway)]
    [InlineData(SandboxFaultKind.Throttling)]
    public async Task An_undo_waits_for_an_API_that_is_away_for_a_while(SandboxFaultKind kind)
    {
        var run = await RunAsync(duringThePause: new SandboxFault { Fault = kind }, TimeSpan.FromSeconds(90));

        Assert.Equal((RunOutcome.Passed, true), (run.Outcome, run.UndoSteps.Count > 0));
        await AssertAllBack();
    }

    [Fact]
    public async Task An_undo_that_cannot_be_done_says_so_and_is_done_later()
    {
        var run = await RunAsync(duringThePause: new SandboxFault { Fault = SandboxFaultKind.AzureAway }, null);

        Assert.Equal(RunOutcome.RollbackIncomplete, run.Outcome);
        var left = new RunStore(_state).Get(run.RunId);
        Assert.Equal((RunState.Unfinished, 1), (left.State, left.Remaining));

        await _sandbox.RemoveFaultAsync(1, default);
        var restored = await RunRecovery.RestoreAsync(left, _connection, TimeSpan.FromMinutes(20), NullLog.Instance, default);

        Assert.True(restored.Complete, string.Join(' ', restored.Remaining));
        await AssertAllBack();
    }

    [Fact]
    public async Task A_start_that_fails_is_tried_again()
    {
        var run = await RunAsync(duringThePause: new SandboxFault { Fault = SandboxFaultKind.FailedOperation, Count = 1 }, null);

        Assert.Equal(RunOutcome.RollbackIncomplete, run.Outcome);
        var restored = await RunRecovery.RestoreAsync(new RunStore(_state).Get(run.RunId), _connection, TimeSpan.FromMinutes(20), NullLog.Instance, default);
        Assert.True(restored.Complete);
        await AssertAllBack();
    }

    [Fact]
    public async Task A_slow_start_is_waited_for()
    {
        var usual = await RunAsync();
        await Add(new SandboxFault { Fault = SandboxFaultKind.SlowStart, Delay = TimeSpan.FromMinutes(4) });

        var run = await RunAsync();

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.InRange(run.End - run.Start - (usual.End - usual.Start), TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task An_operation_that_does_not_end_is_not_waited_for_for_ever()
    {
        await Add(new SandboxFault { Fault = SandboxFaultKind.SlowStart, Delay = TimeSpan.FromDays(300) });
        var machine = await Machine();
        await _connection.Time.RunAsync(async () => await (await _connection.Power.BeginAsync(machine, PowerAction.PowerOff, true, default)).WaitAsync(default));

        var error = await Assert.ThrowsAsync<ChaosException>(() => _connection.Time.RunAsync(
            async () => await (await _connection.Power.BeginAsync(machine, PowerAction.Start, false, default)).WaitAsync(default)));

        Assert.Equal(("PowerOperationTimeout", ErrorKind.Timeout), (error.ErrorId, error.Kind));
    }

    private Task<SandboxFault> Add(SandboxFault fault, TimeSpan? duration = null) => _sandbox.AddFaultAsync(fault, duration, default);

    private async Task<ScaleSetInstance> Machine() => (await _connection.Time.RunAsync(async () =>
        await _connection.Power.GetInstancesAsync((await _connection.Power.FindScaleSetsAsync(null, default))[0].ResourceId, default)))[0];

    private Task<ChaosRun> RunAsync() => ExperimentRunner.RunAsync(
        ExperimentReader.Read(StopAndWait, "e.yaml", _composition.Documents), _connection, new RunOptions { StatePath = _state }, NullLog.Instance, default);

    /// <summary>Runs, and adds a fault while the run pauses with a node down.</summary>
    private Task<ChaosRun> RunAsync(SandboxFault duringThePause, TimeSpan? duration) => _connection.Time.RunAsync(async () =>
    {
        var fault = _connection.Time.RunAsync(async () =>
        {
            await _connection.Time.DelayAsync(TimeSpan.FromSeconds(70), default);
            await Add(duringThePause, duration);
        });
        var run = RunAsync();
        await _connection.Time.WhenAllAsync([fault, run]);
        return await run;
    });

    private async Task AssertAllBack()
    {
        var nodes = await _connection.Time.RunAsync(() => _connection.Cluster.GetNodesAsync(default));
        Assert.All(nodes, static node => Assert.True(node.Ready));
        var machine = await Machine();
        var machines = await _connection.Time.RunAsync(() => _connection.Power.GetInstancesAsync(machine.ScaleSet!.ResourceId, default));
        Assert.All(machines, static now => Assert.Equal(PowerState.Running, now.PowerState));
    }
}
