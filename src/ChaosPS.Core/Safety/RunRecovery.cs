using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Safety;

/// <summary>Finishes the undo of runs whose process is gone.</summary>
public static class RunRecovery
{
    /// <summary>
    /// Puts back what a run has left changed. It can be done any number of times and from any process with the same access: what is as before
    /// already is left alone.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="connection">The cluster that the run has changed; its clock is joined here.</param>
    /// <param name="timeout">How long it may take at most.</param>
    /// <param name="log">Says what is done.</param>
    /// <param name="cancellationToken">Ends it; what is left can be finished later.</param>
    /// <exception cref="ChaosException">
    /// Another process is at work on the run (id <c>RunBusy</c>), the connection leads to another cluster (<c>RunOfOtherCluster</c>), the log does not say
    /// which one was changed (<c>RunClusterUnknown</c>).
    /// </exception>
    public static async Task<RestoredRun> RestoreAsync(
        RecordedRun run, ChaosConnection connection, TimeSpan timeout, IChaosLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(log);
        return await connection.Time.RunAsync(async () =>
        {
            if (run.ClusterId.Length == 0 && run.Remaining > 0) throw ChaosErrors.RunClusterUnknown(run);
            var isAway = false;
            try
            {
                await IdentifyAsync(run, connection, cancellationToken);
            }
            catch (ChaosException exception) when (exception.Kind == ErrorKind.ConnectionFailed && run.HasStoppedCluster)
            {
                isAway = true;
            }

            using var limit = new CancellationTokenSource(timeout, connection.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            return await RestoreAsync(run, isAway, connection, log, both.Token);
        });
    }

    /// <summary>Puts back what a run has left changed in files, for which no cluster is needed.</summary>
    /// <inheritdoc cref="RestoreAsync(RecordedRun, ChaosConnection, TimeSpan, IChaosLog, CancellationToken)"/>
    public static async Task<RestoredRun> RestoreFilesAsync(RecordedRun run, IChaosLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(log);
        var (recovery, now) = RecoveryLog.TakeOver(run.Folder, TimeProvider.System);
        using var taken = recovery;
        if (recovery.Unwritable is { } unwritable) log.Write(ChaosLogLevel.Warning, $"What is put back is not written down: {unwritable.InnerException?.Message}");
        var changes = new ChangeSet(null, recovery, log, now.Recorded);
        var undo = await changes.UndoAsync(includeHeld: true, cancellationToken);
        if (undo.Remaining.Count == 0) changes.End("Restored");
        return Result(run, undo is { Steps.Count: 0, Remaining.Count: 0 } ? ["Nothing was left to put back."] : undo.Steps, [.. undo.Remaining]);
    }

    /// <summary>Which cluster is connected.</summary>
    /// <exception cref="ChaosException">It is another one than the run has changed (id <c>RunOfOtherCluster</c>), or does not say.</exception>
    private static async Task<ClusterIdentity> IdentifyAsync(RecordedRun run, ChaosConnection connection, CancellationToken cancellationToken)
    {
        var identity = await connection.Cluster.GetIdentityAsync(cancellationToken);
        return run.ClusterId.Length > 0 && run.ClusterId != identity.Id ? throw ChaosErrors.RunOfOtherCluster(run, identity) : identity;
    }

    private static async Task<RestoredRun> RestoreAsync(
        RecordedRun run, bool isAway, ChaosConnection connection, IChaosLog log, CancellationToken cancellationToken)
    {
        if (!run.FromLease) return await FinishAsync(run, null, isAway, connection, log, cancellationToken);
        if (await LeaseKeeper.FindLeftAsync(connection, run.RunId, cancellationToken) is { } lease)
            return await FinishAsync(run, lease, isAway, connection, log, cancellationToken);
        return Result(run, ["Its mark is no longer in the cluster: it has been put back meanwhile."], []);
    }

    private static async Task<RestoredRun> FinishAsync(
        RecordedRun run, RunLease? lease, bool isAway, ChaosConnection connection, IChaosLog log, CancellationToken cancellationToken)
    {
        var (recovery, now) = RecoveryLog.TakeOver(run.Folder, connection.Time, lease?.Log);
        using var taken = recovery;
        if (recovery.Unwritable is { } unwritable) log.Write(ChaosLogLevel.Warning, $"What is put back is not written down: {unwritable.InnerException?.Message}");
        var changes = new ChangeSet(connection, recovery, log, now.Recorded) { ByMark = now.ByMark };
        var keeper = new LeaseKeeper(connection, recovery, lease?.Targets ?? [], log);
        using var over = new CancellationTokenSource();
        var renewing = lease is null ? Task.CompletedTask : connection.Time.RunAsync(() => keeper.TakeOverAsync(over.Token));
        List<string> steps = [], remaining = [];
        try
        {
            // Nobody answers for the API server of a cluster that is stopped: first what Azure alone is asked for, then what that brings back.
            if (isAway) await UndoAsync(new ClusterIdentity(connection.Name, connection.Server, "") { IsCertain = false });
            if (!isAway || !changes.All().Any(static change => change is { NeedsUndo: true, Intent: AksIntent }))
                await UndoAsync(await IdentifyAsync(run, connection, cancellationToken));
        }
        finally
        {
            await over.CancelAsync();
            await connection.Time.WhenAllAsync([renewing]);
        }

        if (now.Lost.Count > 0) await LostLines.LookAsync(now, connection, recovery, steps, remaining, cancellationToken);
        if (now.UnknownChanges > 0)
            remaining.Add($"{now.UnknownChanges} changes were recorded by a newer version of ChaosPS: finish with that one, or see {run.Folder}.");
        if (remaining.Count > 0 && lease is not null) await keeper.ReleaseAsync(complete: false, CancellationToken.None);
        if (remaining.Count == 0 && (lease is not null || now.Marked)) await TakeMarkAwayAsync();
        if (remaining.Count == 0) changes.End("Restored");
        if (remaining.Count > 0 && cancellationToken.IsCancellationRequested)
        {
            // A pipeline that was stopped passes no record on, and this is what its user has to know.
            log.Write(
                ChaosLogLevel.Warning,
                $"The restoring ended before everything was put back; restoring run {run.RunId} again finishes it. {string.Join(" ", remaining)}");
        }

        return Result(run, steps.Count == 0 && remaining.Count == 0 ? ["Nothing was left to put back."] : steps, remaining);

        async Task UndoAsync(ClusterIdentity identity)
        {
            var undo = await changes.UndoAsync(includeHeld: true, identity.IsCertain ? null : identity, cancellationToken);
            steps.AddRange(undo.Steps);
            remaining = [.. undo.Remaining];
        }

        // As long as it is there, no other run begins on the same machines.
        async Task TakeMarkAwayAsync()
        {
            try
            {
                await keeper.TakeAwayAsync(cancellationToken);
                steps.Add("The run's Lease is gone from the cluster.");
            }
            catch (Exception exception) when (exception is ChaosException or OperationCanceledException)
            {
                remaining.Add($"Everything is as before, but the run's Lease is still in the cluster: {exception.Message}");
            }
        }
    }

    private static RestoredRun Result(RecordedRun run, IReadOnlyList<string> steps, List<string> remaining) => new()
    {
        RunId = run.RunId,
        Command = run.Command,
        Cluster = run.Cluster,
        Complete = remaining.Count == 0,
        Steps = steps,
        Remaining = remaining,
    };
}

/// <summary>What became of the restoring of a run.</summary>
public sealed record RestoredRun
{
    /// <summary>The run's id.</summary>
    public required string RunId { get; init; }

    /// <summary>What had run.</summary>
    public required string Command { get; init; }

    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>Whether everything is as it was before the run.</summary>
    public required bool Complete { get; init; }

    /// <summary>What was done, in order, one sentence each.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>What could not be put back and how to do it by hand; empty when everything is as before.</summary>
    public required IReadOnlyList<string> Remaining { get; init; }

    /// <summary>The id.</summary>
    public override string ToString() => RunId;

    /// <summary>A run that could not even be begun to be restored.</summary>
    public static RestoredRun Failed(RecordedRun run, ChaosException why)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(why);
        return new RestoredRun
        {
            RunId = run.RunId,
            Command = run.Command,
            Cluster = run.Cluster,
            Complete = false,
            Steps = [],
            Remaining = [why.RecommendedAction is { } action ? $"{why.Message} {action}" : why.Message],
        };
    }
}
