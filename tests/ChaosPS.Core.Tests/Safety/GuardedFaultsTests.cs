using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Faults;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Safety;

/// <summary>Faults inside machines: what stands in the recovery log before they are sent, who is refused, and what ends them.</summary>
public sealed class GuardedFaultsTests : IDisposable
{
    private static readonly FaultSpec s_cpu = FaultSpec.Cpu(TimeSpan.FromMinutes(1), 80);
    private static readonly FaultSpec s_kubelet = FaultSpec.Kubelet(TimeSpan.FromMinutes(1));

    private readonly FakeWorld _world = new(5, ConnectionKind.Cluster);
    private readonly List<RecoveryLog> _logs = [];

    public void Dispose()
    {
        Die();
        _world.Dispose();
    }

    [Fact]
    public async Task The_undo_is_on_the_disk_before_the_script_is_sent()
    {
        var run = await BeginAsync();
        var written = "";
        _world.Machines.OnCall = _ =>
        {
            written = File.ReadAllText(Path.Combine(_logs[0].Folder, RecoveryLog.FileName));
            return Task.CompletedTask;
        };

        var fault = await run.StartAsync(0, s_cpu);

        Assert.Contains($"\"faultId\":\"{fault.Id}\"", written, StringComparison.Ordinal);
        Assert.Contains($"\"undo\":\"Stop-NodeFault {FakeMachines.NodeName(0)}\"", written, StringComparison.Ordinal);
        Assert.StartsWith(run.Changes.RunId, fault.Id, StringComparison.Ordinal);
        Assert.Equal(ChangeState.Done, Assert.Single(run.Changes.All()).State);
    }

    [Fact]
    public async Task The_undo_ends_exactly_that_fault_and_says_so()
    {
        var run = await BeginAsync();
        var fault = await run.StartAsync(0, s_cpu);
        FaultScript? ending = null;
        _world.Machines.Scripts = (_, script) => new FaultReport("over", "running", "success", null).ToLine((ending = script).Id);

        var undo = await run.UndoAsync();

        Assert.Equal((fault.Id, null), (ending?.Id, ending?.Fault));
        Assert.Equal([$"Ended the Cpu fault of {FakeMachines.NodeName(0)} in subscription s1, tenant t1, AzureCloud."], undo.Steps);
        Assert.False(run.Changes.Open);
    }

    [Theory]
    [InlineData("ended", "timeout", NodeFaultEnd.TimeUp, "had ended its Cpu fault by itself: its time was up.")]
    [InlineData("ended", "oom-kill", NodeFaultEnd.Failed, "had ended before its time.")]
    [InlineData("left", "unknown", NodeFaultEnd.Stopped, "Ended the Cpu fault")]
    [InlineData("nothing", null, NodeFaultEnd.Gone, "Nothing is left of the Cpu fault")]
    public async Task What_the_machine_says_of_the_end_is_told(string found, string? result, NodeFaultEnd end, string words)
    {
        var run = await BeginAsync();
        var fault = await run.StartAsync(0, s_cpu);
        _world.Machines.Scripts = (_, script) => new FaultReport("over", found, result, null).ToLine(script.Id);

        Assert.Contains(words, Assert.Single((await run.UndoAsync()).Steps), StringComparison.Ordinal);

        var waiting = await BeginAsync();
        _world.Machines.Scripts = (_, script) => (script.Fault is null ? new FaultReport("over", found, result, null) : new FaultReport("running", null, null, null)).ToLine(script.Id);
        fault = await waiting.StartAsync(0, s_cpu);
        Assert.Equal(end, (await _world.Clock.RunAsync(() => waiting.Faults.WaitAsync(fault, default))).EndedBy);
        Assert.True(_world.Clock.GetUtcNow() > fault.Until);
    }

    [Fact]
    public async Task A_process_that_died_leaves_a_fault_that_another_ends()
    {
        await (await BeginAsync()).StartAsync(0, s_cpu);
        Die();
        var run = Assert.Single(new RunStore(_world.StateDirectory).List());
        Assert.Equal(RunState.Unfinished, run.State);

        var restored = await RunRecovery.RestoreAsync(run, _world.Connection, TimeSpan.FromMinutes(5), NullLog.Instance, default);

        Assert.True(restored.Complete);
        Assert.Equal(["CpuFault 0", "EndFault 0"], _world.Machines.Calls);
    }

    [Fact]
    public async Task A_call_whose_answer_nobody_saw_is_asked_after_twice()
    {
        _world.Machines.Failures.Enqueue(ChaosErrors.AzureTimeout("run a script"));
        var run = await BeginAsync();
        await Assert.ThrowsAsync<ChaosException>(() => run.StartAsync(0, s_cpu));
        _world.Machines.Scripts = (_, script) => new FaultReport("over", "nothing", null, null).ToLine(script.Id);

        var undo = await run.UndoAsync();

        Assert.True(undo.Complete);
        Assert.Equal(["CpuFault 0", "EndFault 0", "EndFault 0"], _world.Machines.Calls);
    }

    [Fact]
    public async Task A_refusal_of_azure_leaves_nothing_to_undo()
    {
        _world.Machines.Failures.Enqueue(ChaosErrors.AzureForbidden("run a script", "AuthorizationFailed", "no", "ask"));
        var run = await BeginAsync();

        await Assert.ThrowsAsync<ChaosException>(() => run.StartAsync(0, s_cpu));

        Assert.False(run.Changes.Open);
    }

    [Fact]
    public async Task A_machine_that_could_not_begin_it_leaves_nothing_to_undo()
    {
        _world.Machines.Scripts = static (_, script) => new FaultReport("failed", null, null, null).ToLine(script.Id);
        var run = await BeginAsync();

        Assert.Equal("FaultFailed", (await Assert.ThrowsAsync<ChaosException>(() => run.StartAsync(0, s_cpu))).ErrorId);

        Assert.False(run.Changes.Open);
    }

    [Fact]
    public async Task A_machine_that_says_nothing_is_asked_to_end_it()
    {
        _world.Machines.Scripts = static (_, script) => script.Fault is null ? new FaultReport("over", "running", "success", null).ToLine(script.Id) : "hello";
        var run = await BeginAsync();

        var error = await Assert.ThrowsAsync<ChaosException>(() => run.StartAsync(0, s_cpu));

        Assert.Equal("FaultUnknown", error.ErrorId);
        Assert.Contains("hello", error.Message, StringComparison.Ordinal);
        Assert.True((await run.UndoAsync()).Complete);
    }

    [Fact]
    public async Task An_undo_that_the_machine_cannot_do_is_left_to_be_told()
    {
        var run = await BeginAsync();
        await run.StartAsync(0, s_cpu);
        _world.Machines.Scripts = static (_, _) => "";

        var undo = await run.UndoAsync();

        Assert.Contains($"Finish with: Stop-NodeFault {FakeMachines.NodeName(0)}", Assert.Single(undo.Remaining), StringComparison.Ordinal);
        Assert.True(run.Changes.Open);
    }

    [Fact]
    public async Task After_its_time_a_machine_that_cannot_be_asked_has_ended_it_by_itself()
    {
        var run = await BeginAsync();
        await run.StartAsync(0, s_cpu);
        _world.Clock.Advance(TimeSpan.FromMinutes(12));
        _world.Machines.Failures.Enqueue(ChaosErrors.AzureForbidden("run a script", "AuthorizationFailed", "no", "ask"));

        var undo = await run.UndoAsync();

        Assert.True(undo.Complete);
        Assert.Contains("but has ended its Cpu fault by itself", Assert.Single(undo.Steps), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_its_time_a_node_is_waited_for_also_when_its_machine_cannot_be_asked()
    {
        var run = await BeginAsync();
        await run.StartAsync(0, s_kubelet);
        _world.Clock.Advance(TimeSpan.FromMinutes(12));
        _world.Machines.Failures.Enqueue(ChaosErrors.AzureForbidden("run a script", "AuthorizationFailed", "no", "ask"));

        var undo = await run.UndoAsync();

        Assert.Contains("could not be put back", Assert.Single(undo.Remaining), StringComparison.Ordinal);
        Assert.True(run.Changes.Open);
    }

    [Fact]
    public async Task After_its_time_a_machine_that_says_that_it_cannot_end_it_is_not_taken_for_one_that_has()
    {
        var run = await BeginAsync();
        await run.StartAsync(0, s_kubelet);
        _world.Clock.Advance(TimeSpan.FromMinutes(12));
        _world.Machines.Scripts = static (_, _) => "Failed to start kubelet.service";

        var undo = await run.UndoAsync();

        Assert.Contains("could not be put back", Assert.Single(undo.Remaining), StringComparison.Ordinal);
        Assert.True(run.Changes.Open);
    }

    [Fact]
    public async Task A_machine_that_is_off_has_none_and_is_not_asked()
    {
        var run = await BeginAsync();
        await run.StartAsync(0, s_cpu);
        _world.Machines.Set(_world.Machines.Instances[0], PowerState.Stopped);

        Assert.Equal([$"Nothing is left of the Cpu fault of {FakeMachines.NodeName(0)} in subscription s1, tenant t1, AzureCloud."], (await run.UndoAsync()).Steps);
        Assert.Equal(["CpuFault 0"], _world.Machines.Calls);
    }

    [Fact]
    public async Task After_a_kubelets_stop_ready_counts_by_a_new_heartbeat_only()
    {
        var run = await BeginAsync();
        await run.StartAsync(0, s_kubelet);
        _world.Clock.CreateTimer(
            _ => _world.Cluster.Nodes[0] = _world.Cluster.Nodes[0] with { Conditions = [FakeCluster.Condition(ready: true, _world.Clock.GetUtcNow())] },
            null, TimeSpan.FromSeconds(40), Timeout.InfiniteTimeSpan);
        var began = _world.Clock.GetUtcNow();

        Assert.True((await run.UndoAsync()).Complete);

        Assert.InRange((_world.Clock.GetUtcNow() - began).TotalSeconds, 40, 60);
    }

    [Fact]
    public async Task A_node_with_a_fault_is_down_for_other_runs_until_its_time_is_over()
    {
        await (await BeginAsync()).StartAsync(0, s_cpu);
        Die();
        var other = await BeginAsync();

        Assert.Equal("TooManyNodesDown", (await Assert.ThrowsAsync<ChaosException>(() => other.StartAsync(1, s_cpu))).ErrorId);
        await other.StartAsync(0, s_kubelet); // the same node is down already
        await _world.Clock.RunAsync(() => other.Changes.UndoAsync(includeHeld: true, default));
        _world.Clock.Advance(TimeSpan.FromMinutes(3));
        await other.StartAsync(1, s_cpu);
    }

    [Fact]
    public async Task A_fault_of_which_nobody_saw_the_beginning_counts_as_long_as_it_may_still_come()
    {
        _world.Machines.Failures.Enqueue(ChaosErrors.AzureTimeout("run a script"));
        await Assert.ThrowsAsync<ChaosException>(async () => await (await BeginAsync()).StartAsync(0, s_cpu));
        Die();
        var other = await BeginAsync();

        _world.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("TooManyNodesDown", (await Assert.ThrowsAsync<ChaosException>(() => other.StartAsync(1, s_cpu))).ErrorId);
        _world.Clock.Advance(TimeSpan.FromMinutes(2));
        await other.StartAsync(1, s_cpu);
    }

    [Theory]
    [InlineData(true, false, PowerState.Running, "NodeProtected")]
    [InlineData(false, true, PowerState.Running, "FaultOnWindows")]
    [InlineData(false, false, PowerState.Stopped, "FaultMachineOff")]
    [InlineData(false, false, PowerState.Starting, "FaultMachineOff")]
    public async Task What_no_fault_may_begin_in_is_refused_before_anything_is_written(bool isProtected, bool windows, PowerState state, string id)
    {
        var labels = new Dictionary<string, string> { ["kubernetes.io/os"] = windows ? "windows" : "linux" };
        if (isProtected) labels["chaosps.dev/protected"] = "true";
        _world.Cluster.Nodes[0] = _world.Cluster.Nodes[0] with { IsProtected = isProtected, Labels = labels };
        _world.Machines.Set(_world.Machines.Instances[0], state);
        var run = await BeginAsync();

        Assert.Equal(id, (await Assert.ThrowsAsync<ChaosException>(() => run.StartAsync(0, s_cpu))).ErrorId);

        Assert.Empty(_world.Machines.Calls);
        Assert.Empty(run.Changes.All());
    }

    [Fact]
    public void An_intent_is_read_again_as_it_was_written()
    {
        var intent = FaultIntent.Of(
            _world.Machines.Instances[0], _world.Cluster.Nodes[0], "run-1", FaultSpec.Network(TimeSpan.FromMinutes(5), 200, 50), _world.Clock.GetUtcNow(), held: true);

        Assert.Equal(intent, ChangeIntent.FromJson(intent.ToJson()));
    }

    /// <summary>The processes of all runs are gone.</summary>
    private void Die()
    {
        foreach (var log in _logs) log.Dispose();
        _logs.Clear();
    }

    private async Task<Run> BeginAsync()
    {
        var log = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default);
        _logs.Add(log);
        var gate = await BlastGate.OpenAsync(_world.Connection, [], new RunStore(_world.StateDirectory), default);
        return new Run(_world, new ChangeSet(_world.Connection, log, NullLog.Instance), gate);
    }

    private sealed record Run(FakeWorld World, ChangeSet Changes, BlastGate Gate)
    {
        public GuardedFaults Faults { get; } = new(World.Connection, Changes, Gate, NullLog.Instance);

        public Task<NodeFault> StartAsync(int id, FaultSpec fault) => World.Clock.RunAsync(() => Faults.StartAsync(World.Machines.Instances[id], fault, default));

        public Task<UndoResult> UndoAsync() => World.Clock.RunAsync(() => Changes.UndoAsync(includeHeld: false, default));
    }
}
