using System.Management.Automation;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Resilience;
using ChaosPS.Safety;
using ChaosPS.Time;
using ChaosPS.Views;

namespace ChaosPS.Commands;

/// <summary>The base of the cmdlets that change the power of the machines behind nodes, several at once.</summary>
/// <remarks>
/// Nodes are asked about one by one as they come, against the blast radius together with those that wait. When as many wait as may be changed at
/// once, or no more come, these are changed together; whoever comes after is asked about when they are done.
/// </remarks>
public abstract class NodePowerCommand : NodeCommand
{
    private readonly List<(ClusterNode Node, ScaleSetInstance Instance)> _planned = [];
    private readonly List<NodePowerChange> _approved = [];
    private readonly List<ClusterNode> _changed = [];
    private readonly Lock _noting = new();
    private RecoveryLog? _recovery;
    private BlastGate? _gate;

    /// <summary>How many nodes are changed at once at most. Of stops and restarts never more than may be down.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 5;

    /// <summary>Returns as soon as Azure has accepted, without waiting for the operation's end.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Writes each node, with the change that was made to it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The directory that holds the run folders; the user's state directory when it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StatePath { get; set; }

    /// <summary>What to do to the machines.</summary>
    private protected abstract PowerAction Action { get; }

    /// <summary>The same in words, for <c>-WhatIf</c> and <c>-Confirm</c>.</summary>
    private protected abstract string ActionText { get; }

    /// <summary>Whether the power is cut without shutting the guest down.</summary>
    private protected virtual bool CutsPower => false;

    /// <summary>What may be down at once by the parameters of this call; null when they do not say.</summary>
    private protected virtual int? MostDown => null;

    /// <summary>What to tell a user who ends the waiting for <paramref name="node"/>, which Azure has accepted by then.</summary>
    private protected abstract string Interrupted(ClusterNode node);

    /// <summary>How long a node that was changed has to be as it was, before the next one is asked about; null means that nobody waits for it.</summary>
    private protected virtual TimeSpan? Settles => null;

    /// <summary>What to tell a user who ends the cmdlet about <paramref name="node"/>, which it has changed by then; null for nothing.</summary>
    private protected virtual string? Left(ClusterNode node) => null;

    /// <inheritdoc/>
    protected override void Process()
    {
        var nodes = ResolveNodes();
        foreach (var (index, node) in nodes.Index()) Try(() => Approve(node, nodes.Count == 1 ? null : index * 100 / nodes.Count), node);
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        ChangeApproved();
        if (Action != PowerAction.Start) ShowForecast(new PowerLoss([.. _planned.Select(static it => it.Node.Name)], Action));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _recovery?.Dispose();
        base.Dispose(disposing);
    }

    private void Approve(ClusterNode node, int? percent)
    {
        Settle();

        // What is asked for twice is done twice, one after the other.
        if (_approved.Exists(approved => approved.Node.Name == node.Name)) ChangeApproved();
        var instance = Run((connection, _, stop) => connection.Power.GetInstanceAsync(node, stop));
        var gate = _gate ??= Action == PowerAction.Start ? BlastGate.ForRepairs(Connection) : OpenGate(MostDown, StatePath);

        // Nothing has come of those that wait yet, and under -WhatIf nothing ever does: the rules are asked about all of them together.
        ScaleSetInstance[] targets = [.. _planned.Select(static it => it.Instance), .. _approved.Select(static approved => approved.Instance), instance];
        Run((_, log, stop) => gate.CheckAsync(targets, Action, log, stop));
        if (!MayChange($"{node.Name} of {node.Cluster.Name} ({Connection.Power.FullName(instance.ResourceId)})", ActionText, out var reason))
        {
            if (reason == ShouldProcessReason.WhatIf) _planned.Add((node, instance));
            return;
        }

        _approved.Add(new NodePowerChange(node, instance, percent));
        var most = Action == PowerAction.Start ? ThrottleLimit : Math.Min(ThrottleLimit, gate.Radius.MaxNodesDown.Value);
        if (_approved.Count >= most) ChangeApproved();
    }

    /// <summary>Waits for the nodes of the last group, which are down to the budget until they are Ready by a new heartbeat.</summary>
    private void Settle()
    {
        if (Settles is not { } timeout || NoWait) return;
        ClusterNode[] nodes = [.. _changed.Where(static node => node.Ready)];
        _changed.Clear();
        foreach (var node in nodes)
            Run((connection, log, stop) => NodeWaiter.WaitReadyAsync(connection, node.Name, node.LastHeartbeatTime, timeout, log, stop));
    }

    private void ChangeApproved()
    {
        NodePowerChange[] changes = [.. _approved];
        _approved.Clear();
        if (changes.Length == 0) return;
        var statePath = ResolvePath(StatePath);
        Run((connection, log, stop) => ChangeAsync(connection, changes, statePath, log, stop));
    }

    private async Task ChangeAsync(
        ChaosConnection connection, NodePowerChange[] changes, string? statePath, CommandSink log, CancellationToken stop)
    {
        var command = MyInvocation.MyCommand.Name;
        _recovery ??= Action == PowerAction.Start
            ? await RecoveryLog.CreateForRepairAsync(statePath, command, connection, stop)
            : await RecoveryLog.CreateAsync(statePath, command, connection, stop);
        var power = new GuardedPower(connection, new ChangeSet(connection, _recovery, log), _gate!, log, held: true);

        // Azure does not say how far an operation is: what is known is how many nodes are done.
        var activity = changes is [var only] ? $"{ActionText} {only.Node.Name}" : $"{ActionText} {changes.Length} nodes";
        var status = NoWait ? "Waiting until Azure accepts it" : "Waiting until Azure has done it";
        var done = 0;
        log.Progress(activity, status, changes is [{ Percent: var percent }] ? percent : 0, completed: false);
        try
        {
            await connection.Time.WhenAllAsync([.. changes.Index().Select(change => connection.Time.RunAsync(() => OneAsync(change.Index, change.Item)))]);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            foreach (var node in _changed) Tell(node, Left(node));
            foreach (var change in changes) Tell(change.Node, TellInterrupted(change));
            throw;
        }
        finally
        {
            log.Progress(activity, "done", 100, completed: true);
        }

        _changed.AddRange(changes.Where(static change => change.Stage == NodePowerStage.Done).Select(static change => change.Node));

        void Tell(ClusterNode node, string? what)
        {
            if (what is not null) log.Write(ChaosLogLevel.Warning, $"In {connection.Power.ScopeOf(node.SubscriptionId)}: {what}");
        }

        async Task OneAsync(int place, NodePowerChange change)
        {
            if (await ChangeAsync(connection, power, change, statePath, log, stop) is { } result) log.Result(place, result);
            if (changes.Length > 1) log.Progress(activity, status, Interlocked.Increment(ref done) * 100 / changes.Length, completed: false);
        }
    }

    /// <summary>Makes one change.</summary>
    /// <returns>The node afterwards, if that is wanted, or what went wrong.</returns>
    private async Task<object?> ChangeAsync(
        ChaosConnection connection, GuardedPower power, NodePowerChange target, string? statePath, CommandSink log, CancellationToken stop)
    {
        var node = target.Node;
        try
        {
            var change = await power.BeginAsync(target.Instance, Action, CutsPower, stop);
            target.Stage = NodePowerStage.Accepted;
            if (!NoWait && change.Operation is { } operation) await operation.WaitAsync(stop);
            if (Action == PowerAction.Start) NoteStarted(node.Cluster.Id, target.Instance.ResourceId, statePath, connection.Time, log);
            target.Stage = change.Performed is null ? NodePowerStage.Told : NodePowerStage.Done;
            if (!PassThru) return null;
            var now = await connection.Power.GetInstanceAsync(node, stop);
            var read = await connection.Cluster.GetNodeAsync(node.Name, stop) ?? node with { Ready = false };
            return NodeView.Of(read with
            {
                PowerState = now.PowerState,
                Change = change.Performed is { } performed ? new NodeChange(performed, change.At, change.RunId) : null,
            });
        }
        catch (ChaosException exception)
        {
            target.Stage = NodePowerStage.Told;
            return exception.ToErrorRecord(node);
        }
    }

    /// <summary>Ends the runs that hold a machine which runs again, one after the other: several machines may be of one run.</summary>
    private void NoteStarted(string clusterId, string resourceId, string? statePath, TimeProvider time, CommandSink log)
    {
        lock (_noting) HeldRuns.Started(new RunStore(statePath), clusterId, resourceId, time, log);
    }

    private string? TellInterrupted(NodePowerChange change) => change.Stage switch
    {
        NodePowerStage.Asked =>
            $"Interrupted before Azure had answered for {change.Node.Name}. This shows what became of it: Get-ClusterNode {change.Node.Name} -PowerState",
        NodePowerStage.Accepted => Interrupted(change.Node),
        NodePowerStage.Done => Left(change.Node),
        _ => null,
    };
}
