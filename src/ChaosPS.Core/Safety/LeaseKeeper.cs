using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Safety;

/// <summary>Keeps the mark of a run in the cluster: what is about to be changed stands there too before it is changed.</summary>
/// <param name="connection">The cluster.</param>
/// <param name="recovery">The run's log.</param>
/// <param name="targets">The machines that the run may change.</param>
/// <param name="log">Says when the mark cannot be kept.</param>
internal sealed class LeaseKeeper(ChaosConnection connection, RecoveryLog recovery, IReadOnlyList<string> targets, IChaosLog log)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(15);

    /// <summary>How long a mark is looked at that seems to be left, by a clock that may differ from the one that it was written by.</summary>
    private static readonly TimeSpan s_watch = s_interval + TimeSpan.FromSeconds(5);

    private bool _refused;

    /// <summary>Refuses to begin while another run holds one of the targets.</summary>
    /// <exception cref="ChaosException">One does (id <c>TargetsInUse</c>), or one that died has left it changed (<c>TargetsLeft</c>).</exception>
    public static Task CheckAsync(ChaosConnection connection, IReadOnlyList<string> targets, CancellationToken cancellationToken) =>
        CheckAsync(connection, targets, null, cancellationToken);

    /// <summary>Makes sure that a run is dead: nobody renews its mark, whatever the clocks of the two machines say.</summary>
    /// <returns>Its mark as it was left; null when it has been taken away.</returns>
    /// <exception cref="ChaosException">It lives: id <c>RunBusy</c>.</exception>
    public static async Task<RunLease?> FindLeftAsync(ChaosConnection connection, string runId, CancellationToken cancellationToken)
    {
        if (await FindAsync(connection, runId, cancellationToken) is not { } first) return null;
        if (first.IsHeld(connection.Time.GetUtcNow())) throw ChaosErrors.RunBusy(runId, null);
        await connection.Time.DelayAsync(s_watch, cancellationToken);
        var second = await FindAsync(connection, runId, cancellationToken);
        return second is null || second.RenewTime == first.RenewTime ? second : throw ChaosErrors.RunBusy(runId, null);
    }

    private static async Task<RunLease?> FindAsync(ChaosConnection connection, string runId, CancellationToken cancellationToken) =>
        (await connection.Cluster.GetRunLeasesAsync(cancellationToken)).FirstOrDefault(lease => lease.RunId == runId);

    private static async Task CheckAsync(
        ChaosConnection connection, IReadOnlyList<string> targets, string? own, CancellationToken cancellationToken)
    {
        var now = connection.Time.GetUtcNow();
        foreach (var lease in await connection.Cluster.GetRunLeasesAsync(cancellationToken))
        {
            if (lease.RunId == own) continue;
            var shared = lease.Targets.FirstOrDefault(target => targets.Contains(target, StringComparer.OrdinalIgnoreCase));
            if (shared is null) continue;
            if (lease.IsHeld(now)) throw ChaosErrors.TargetsInUse(shared, lease);
            throw ChaosErrors.TargetsLeft(shared, lease);
        }
    }

    /// <summary>Writes the first mark, then looks once more: of two runs that begin at once, each sees the mark of the other.</summary>
    /// <remarks>The log says before that there is one, so that whoever finishes the run takes it away too.</remarks>
    /// <exception cref="ChaosException">It cannot be written, or another run holds one of the targets.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        recovery.Mark(there: true);
        try
        {
            await MarkAsync(cancellationToken);
        }
        catch (ChaosException exception) when (ChangeSet.IsRefusal(exception))
        {
            _refused = true;
            recovery.Mark(there: false);
            throw;
        }

        await CheckAsync(connection, targets, recovery.RunId, cancellationToken);
    }

    /// <summary>Writes the mark as the log is now.</summary>
    /// <exception cref="ChaosException">It cannot be written.</exception>
    public Task MarkAsync(CancellationToken cancellationToken) => connection.Cluster.PutRunLeaseAsync(
        new RunLease
        {
            RunId = recovery.RunId,
            Holder = $"{Environment.MachineName}/{Environment.ProcessId}",
            RenewTime = connection.Time.GetUtcNow(),
            Targets = targets,
            Log = recovery.Text,
        },
        cancellationToken);

    /// <summary>Makes the mark of a run that died one's own, and renews it until the run is over. Putting back does not wait for it.</summary>
    public async Task TakeOverAsync(CancellationToken over)
    {
        await RenewAsync(over);
        await KeepAsync(over);
    }

    /// <summary>Renews the mark until the run is over.</summary>
    public async Task KeepAsync(CancellationToken over)
    {
        try
        {
            while (true)
            {
                await connection.Time.DelayAsync(s_interval, over);
                await RenewAsync(over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The run has come to its end.
        }
    }

    private async Task RenewAsync(CancellationToken over)
    {
        try
        {
            await MarkAsync(over);
        }
        catch (Exception exception) when (!over.IsCancellationRequested)
        {
            log.Write(ChaosLogLevel.Warning, $"The run's Lease in the cluster could not be renewed: {exception.Message}");
        }
        catch (Exception)
        {
            // The run has come to its end meanwhile: its last mark is written then.
        }
    }

    /// <summary>Takes the mark away, or leaves it with all that another machine needs to finish.</summary>
    public async Task ReleaseAsync(bool complete, CancellationToken cancellationToken)
    {
        if (_refused) return;
        try
        {
            if (complete) await TakeAwayAsync(cancellationToken);
            else await MarkAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is ChaosException or OperationCanceledException)
        {
            log.Write(ChaosLogLevel.Warning, $"The run's Lease in the cluster could not be {(complete ? "taken away" : "written")}: {exception.Message}");
        }
    }

    /// <summary>Takes the mark away.</summary>
    /// <exception cref="ChaosException">What the cluster answered.</exception>
    public async Task TakeAwayAsync(CancellationToken cancellationToken)
    {
        await connection.Cluster.DeleteRunLeaseAsync(recovery.RunId, cancellationToken);
        try
        {
            recovery.Mark(there: false);
        }
        catch (ChaosException exception)
        {
            log.Write(ChaosLogLevel.Warning, $"The recovery log in '{recovery.Folder}' lacks that the run's Lease is gone: {exception.InnerException?.Message}");
        }
    }
}
