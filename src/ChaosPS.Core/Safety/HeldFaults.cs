using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Faults;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>Faults inside machines that recovery logs of this machine tell of, and that nobody has seen the end of.</summary>
public static class HeldFaults
{
    /// <summary>Those of a cluster, oldest first. A run that a process is at work on is left to it.</summary>
    /// <param name="store">The runs.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="unreadable">Told of each log that cannot be opened.</param>
    public static IReadOnlyList<NodeFault> List(RunStore store, ClusterIdentity cluster, Action<ChaosException>? unreadable)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(cluster);
        return
        [
            .. store.List(unreadable).Where(run => run.ClusterId == cluster.Id && run.State is RunState.Held or RunState.Unfinished)
                .SelectMany(run => run.Recorded.Where(static change => change.NeedsUndo).Select(change => (run.RunId, Change: change)))
                .Where(static entry => entry.Change.Intent is FaultIntent)
                .Select(entry => Of(entry.RunId, entry.Change, (FaultIntent)entry.Change.Intent, cluster)),
        ];
    }

    /// <summary>Ends a fault, or finds out how it has ended, and notes that in the run's recovery log.</summary>
    /// <param name="store">The runs.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="connection">Its cluster.</param>
    /// <param name="log">Says what is done.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>The fault with what has ended it.</returns>
    /// <exception cref="ChaosException">
    /// The log has no such fault any more (id <c>NodeFaultNotFound</c>), another process is at work on the run (<c>RunBusy</c>), or the machine could not be asked.
    /// </exception>
    public static async Task<NodeFault> EndAsync(
        RunStore store, NodeFault fault, ChaosConnection connection, IChaosLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(log);
        var (recovery, run) = RecoveryLog.TakeOver(store.Get(fault.RunId).Folder, connection.Time);
        using var taken = recovery;
        var change = run.Recorded.FirstOrDefault(change => change.NeedsUndo && change.Intent is FaultIntent intent && intent.FaultId == fault.Id)
            ?? throw ChaosErrors.NodeFaultNotFound(fault.NodeName, store.Directory);
        var changes = new ChangeSet(connection, recovery, log, run.Recorded);
        var ended = await GuardedFaults.EndAsync(fault, connection, changes, change, (FaultIntent)change.Intent, log, cancellationToken);
        if (!run.Recorded.Any(static other => other.NeedsUndo)) changes.End("Ended");
        return ended;
    }

    private static NodeFault Of(string runId, Change change, FaultIntent intent, ClusterIdentity cluster) => new()
    {
        Id = intent.FaultId,
        NodeName = intent.Name,
        ResourceId = intent.ResourceId,
        Cluster = cluster,
        Fault = intent.Fault.Fault,
        Effect = intent.Fault.Effect,
        StartTime = change.DoneAt ?? change.At,
        Until = change.DoneAt is { } done ? done + intent.Fault.Duration : intent.OverBy,
        RunId = runId,
    };
}
