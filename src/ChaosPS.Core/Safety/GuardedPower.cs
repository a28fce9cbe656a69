using System.Diagnostics.CodeAnalysis;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Safety;

/// <summary>
/// The only way in which ChaosPS changes a machine's power: refused beyond the budget, written to the recovery log before it is sent, and undone at the end.
/// </summary>
/// <param name="connection">The cluster and its machines.</param>
/// <param name="recovery">The run's log.</param>
/// <param name="budget">What may be down at once.</param>
/// <param name="log">Says what is done.</param>
/// <param name="held">Whether the changes are the user's to end: <see cref="UndoAsync"/> then leaves them.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is not asked for holds nothing.")]
public sealed class GuardedPower(ChaosConnection connection, RecoveryLog recovery, BlastRadius budget, IChaosLog log, bool held = false)
{
    private static readonly TimeSpan s_settleInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_settleTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_readyTimeout = TimeSpan.FromMinutes(10);

    private readonly List<Change> _changes = [];

    // One change at a time: two at once would each find the budget unspent.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Whether this run has changed anything that <see cref="UndoAsync"/> would have to put back.</summary>
    public bool HasChanges => _changes.Exists(static change => change is { Undone: false, Intent: { Undo: not null, Held: false } });

    /// <summary>Refuses what the rules forbid. Reads, changes nothing.</summary>
    /// <param name="targets">All instances that will be changed.</param>
    /// <param name="action">What will be done to them.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ChaosException">Ids <c>ChangesNotOpen</c>, <c>TooManyNodesDown</c>, <c>LastSystemNode</c>.</exception>
    public Task CheckAsync(IReadOnlyList<ScaleSetInstance> targets, PowerAction action, CancellationToken cancellationToken) =>
        CheckAsync(connection, budget, targets, action, cancellationToken);

    /// <summary>The same without a run: what would be refused, for a plan that nothing will come of.</summary>
    /// <exception cref="ChaosException">Ids <c>ChangesNotOpen</c>, <c>TooManyNodesDown</c>, <c>LastSystemNode</c>.</exception>
    public static async Task CheckAsync(
        ChaosConnection connection, BlastRadius budget, IReadOnlyList<ScaleSetInstance> targets, PowerAction action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(targets);
        var nodes = await connection.Cluster.GetNodesAsync(cancellationToken);
        await CheckAsync(connection, budget, targets, action, nodes, cancellationToken);
    }

    /// <summary>Checks the rules, writes the undo, asks Azure, and returns once Azure has accepted.</summary>
    /// <param name="target">The instance to change.</param>
    /// <param name="action">What to do.</param>
    /// <param name="skipShutdown">For a power-off: cut the power without shutting the guest down.</param>
    /// <param name="cancellationToken">Ends the asking; what Azure has accepted goes on.</param>
    /// <exception cref="ChaosException">A refusal, or what Azure answered.</exception>
    public async Task<PowerChange> BeginAsync(ScaleSetInstance target, PowerAction action, bool skipShutdown, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var turn = _turn.WaitAsync(cancellationToken);
        await connection.Time.WhenAllAsync([turn]); // the one before may have to let time pass
        try
        {
            return await BeginInTurnAsync(target, action, skipShutdown, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary><see cref="BeginAsync"/>, then waits until Azure says that it is done.</summary>
    public async Task<PowerChange> ChangeAsync(ScaleSetInstance target, PowerAction action, bool skipShutdown, CancellationToken cancellationToken)
    {
        var change = await BeginAsync(target, action, skipShutdown, cancellationToken);
        if (change.Operation is { } operation) await operation.WaitAsync(cancellationToken);
        return change;
    }

    /// <summary>
    /// Puts back what this run changed, in reverse order: power as before, and the node Ready again if it was. What is as before already is left alone.
    /// Joins no clock: the caller is a member.
    /// </summary>
    /// <param name="cancellationToken">The undo's own time budget: never the token of what is being undone.</param>
    public async Task<UndoResult> UndoAsync(CancellationToken cancellationToken)
    {
        List<string> steps = [], remaining = [];
        foreach (var change in Enumerable.Reverse(_changes))
        {
            if (change.Undone || change.Intent.Held) continue;
            var before = change.Intent.Before;
            if (change.Intent.Undo is not { } undo)
            {
                // Whoever deletes has said that it need not come back.
                if (change.Intent.Action == PowerAction.Delete) steps.Add($"{before.Name} was deleted, which cannot be undone.");
                change.Undone = true;
                continue;
            }

            try
            {
                await PutBackAsync(change, undo, steps, cancellationToken);
                Note(change.Entry, "undone");
                change.Undone = true;
            }
            catch (Exception exception) when (exception is ChaosException or OperationCanceledException)
            {
                // The first failure must not keep the others from being put back.
                Note(change.Entry, "undo-failed", exception.Message);
                remaining.Add($"{before.Name} could not be put back: {exception.Message} Finish with: {Remedy(change.Intent, undo)}");
            }
        }

        return new UndoResult(steps, remaining);
    }

    private static string Remedy(PowerIntent intent, PowerAction undo) =>
        $"{(undo == PowerAction.Start ? "Start" : "Stop")}-ClusterNode {intent.Node?.Name ?? $"-ResourceId {intent.Before.ResourceId}"}";

    private static bool IsOff(PowerState state) => state is PowerState.Stopped or PowerState.Deallocated or PowerState.Stopping or PowerState.Deallocating;

    /// <summary>What has to be sent for <paramref name="action"/> in this state; null when there is nothing to do.</summary>
    private static PowerAction? Perform(PowerAction action, PowerState state) => (action, state) switch
    {
        (PowerAction.Start, PowerState.Running) => null,
        (PowerAction.PowerOff, PowerState.Stopped or PowerState.Deallocated) => null,
        (PowerAction.Deallocate, PowerState.Deallocated) => null,
        (PowerAction.Restart, PowerState.Stopped or PowerState.Deallocated) => PowerAction.Start,
        _ => action,
    };

    /// <summary>What puts the machine back; null when nothing can (delete) or has to: what was off stays off, and a start is a repair.</summary>
    private static PowerAction? Undo(PowerAction performed, PowerState before) =>
        performed is PowerAction.Delete or PowerAction.Start || IsOff(before) ? null : PowerAction.Start;

    private static ClusterNode? FindNode(IEnumerable<ClusterNode> nodes, ScaleSetInstance instance) =>
        nodes.FirstOrDefault(node => string.Equals(node.ResourceId, instance.ResourceId, StringComparison.OrdinalIgnoreCase));

    private async Task<PowerChange> BeginInTurnAsync(
        ScaleSetInstance target, PowerAction action, bool skipShutdown, CancellationToken cancellationToken)
    {
        var nodes = await connection.Cluster.GetNodesAsync(cancellationToken);
        var before = await GetInstanceAsync(target.ResourceId, cancellationToken);
        var performed = Perform(action, before.PowerState);
        if (performed is null)
        {
            log.Write(ChaosLogLevel.Verbose, $"{before.Name} is {before.PowerState} already: nothing to do.");
            return new PowerChange(before, action, null, connection.Time.GetUtcNow(), recovery.RunId, null);
        }

        await CheckAsync(connection, budget, [before], performed.Value, nodes, cancellationToken);
        var node = FindNode(nodes, before);
        var intent = new PowerIntent(before, node, performed.Value, Undo(performed.Value, before.PowerState), held);
        var at = connection.Time.GetUtcNow();
        var change = new Change(intent, recovery.Intent(intent), at);
        _changes.Add(change);
        if (performed == PowerAction.Delete) log.Write(ChaosLogLevel.Warning, $"Deleting {before.Name} cannot be undone.");
        try
        {
            log.Write(ChaosLogLevel.Verbose, $"{performed} {before.ResourceId}");
            change.Operation = await connection.Power.BeginAsync(before, performed.Value, skipShutdown, cancellationToken);
            Note(change.Entry, "accepted");
        }
        catch (ChaosException exception)
        {
            // Azure may have acted all the same (a lost answer): the undo looks at the machine's real state, so the change stays on the list.
            Note(change.Entry, "failed", exception.Message);
            throw;
        }

        return new PowerChange(before, action, performed, at, recovery.RunId, new Logged(this, change));
    }

    private async Task PutBackAsync(Change change, PowerAction undo, List<string> steps, CancellationToken cancellationToken)
    {
        var intent = change.Intent;
        var now = await SettleAsync(intent.Before.ResourceId, cancellationToken);
        var touched = _changes.Exists(other => other.Operation is not null && other.Intent.Before.ResourceId == intent.Before.ResourceId);
        if (IsOff(now.PowerState))
        {
            touched = true;
            log.Write(ChaosLogLevel.Warning, $"Undo: starting {intent.Name}.");
            Note(change.Entry, "undoing", undo.ToString());
            var operation = await connection.Power.BeginAsync(now, undo, false, cancellationToken);
            await operation.WaitAsync(cancellationToken);
            steps.Add($"Started {intent.Name}.");
        }

        if (intent.Node is not { Ready: true } node) return;
        if (await connection.Cluster.GetNodeAsync(node.Name, cancellationToken) is null)
        {
            steps.Add($"Node {node.Name} is gone from the cluster: there is nothing to wait for.");
            return;
        }

        // A machine that Azure never accepted to change sends the heartbeats it always sent.
        var seen = touched ? node with { Change = new NodeChange(intent.Action, change.At, recovery.RunId) } : node;
        await NodeWaiter.WaitAsync(connection, seen, NodeState.Ready, s_readyTimeout, log, cancellationToken);
        steps.Add($"Node {node.Name} is Ready.");
    }

    /// <summary>Waits until the machine is no longer on its way somewhere: Azure refuses a start while it still stops.</summary>
    private async Task<ScaleSetInstance> SettleAsync(string resourceId, CancellationToken cancellationToken)
    {
        var deadline = connection.Time.GetUtcNow() + s_settleTimeout;
        while (true)
        {
            var instance = await GetInstanceAsync(resourceId, cancellationToken);
            if (instance.PowerState is not (PowerState.Stopping or PowerState.Deallocating or PowerState.Starting)) return instance;
            if (connection.Time.GetUtcNow() >= deadline)
                throw ChaosErrors.WaitTimeout(instance.Name, "at rest", s_settleTimeout, instance.PowerState.ToString());
            await connection.Time.DelayAsync(s_settleInterval, cancellationToken);
        }
    }

    private static async Task CheckAsync(
        ChaosConnection connection, BlastRadius budget, IReadOnlyList<ScaleSetInstance> targets, PowerAction action,
        IReadOnlyList<ClusterNode> nodes, CancellationToken cancellationToken)
    {
        var what = string.Join(", ", targets.Select(target => FindNode(nodes, target)?.Name ?? target.Name));
        if (connection.Kind != ConnectionKind.Sandbox) throw ChaosErrors.ChangesNotOpen($"{action} {what}", connection.Name);
        if (action == PowerAction.Start) return;

        // Down is what is not Ready, and what is off but not noticed yet: a node stays Ready for most of a minute after its machine stopped.
        var off = await GetOffAsync(connection, nodes, targets, cancellationToken);
        var down = nodes.Where(node => !node.Ready || (node.ResourceId is { } id && off.Contains(id))).Select(node => node.Name)
            .ToHashSet(StringComparer.Ordinal);
        var before = down.Count;
        foreach (var target in targets) down.Add(FindNode(nodes, target)?.Name ?? target.Name);
        if (down.Count > before && down.Count > budget.MaxNodesDown) throw ChaosErrors.TooManyNodesDown(what, down, budget.MaxNodesDown);
        if (nodes.Any(node => node.IsSystem) && !nodes.Any(node => node is { IsSystem: true, Ready: true } && !down.Contains(node.Name)))
            throw ChaosErrors.LastSystemNode(what);
    }

    private static async Task<HashSet<string>> GetOffAsync(
        ChaosConnection connection, IReadOnlyList<ClusterNode> nodes, IReadOnlyList<ScaleSetInstance> targets, CancellationToken cancellationToken)
    {
        var scaleSets = nodes.Select(node => AzureMachineId.ScaleSetOf(node.ResourceId))
            .Concat(targets.Select(target => target.ScaleSet.ResourceId))
            .OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase);
        var off = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var scaleSet in scaleSets)
        {
            foreach (var instance in await connection.Power.GetInstancesAsync(scaleSet, cancellationToken))
            {
                if (instance.PowerState != PowerState.Running) off.Add(instance.ResourceId);
            }
        }

        return off;
    }

    private Task<ScaleSetInstance> GetInstanceAsync(string resourceId, CancellationToken cancellationToken) =>
        connection.Power.GetInstanceAsync(resourceId, cancellationToken);

    private sealed class Change(PowerIntent intent, long entry, DateTimeOffset at)
    {
        public PowerIntent Intent { get; } = intent;

        public long Entry { get; } = entry;

        public DateTimeOffset At { get; } = at;

        public IPowerOperation? Operation { get; set; }

        public bool Undone { get; set; }
    }

    /// <summary>The operation, with its end in the recovery log.</summary>
    private sealed class Logged(GuardedPower owner, Change change) : IPowerOperation
    {
        public async Task WaitAsync(CancellationToken cancellationToken)
        {
            try
            {
                await change.Operation!.WaitAsync(cancellationToken);
                owner.Done(change);
            }
            catch (ChaosException exception)
            {
                owner.Failed(change, exception);
                throw;
            }
        }
    }

    private void Done(Change change) => Note(change.Entry, "done");

    private void Failed(Change change, ChaosException exception) => Note(change.Entry, "failed", exception.Message);

    /// <summary>
    /// Writes what became of a change. The intent, with the undo, is on the disk by then, so a disk that has filled up since must not keep anything
    /// from being put back.
    /// </summary>
    private void Note(long entry, string state, string? detail = null)
    {
        try
        {
            recovery.Result(entry, state, detail);
        }
        catch (ChaosException exception)
        {
            log.Write(ChaosLogLevel.Warning, $"The recovery log in '{recovery.Folder}' lacks that the change is '{state}': {exception.InnerException?.Message}");
        }
    }
}
