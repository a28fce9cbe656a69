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

    /// <summary>Refuses to begin while another run holds one of the targets.</summary>
    /// <exception cref="ChaosException">One does: id <c>TargetsInUse</c>.</exception>
    public static async Task CheckAsync(ChaosConnection connection, IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        var now = connection.Time.GetUtcNow();
        foreach (var lease in await connection.Cluster.GetRunLeasesAsync(cancellationToken))
        {
            var shared = lease.Targets.FirstOrDefault(target => targets.Contains(target, StringComparer.OrdinalIgnoreCase));
            if (shared is null) continue;
            if (lease.IsHeld(now)) throw ChaosErrors.TargetsInUse(shared, lease);
            throw ChaosErrors.TargetsLeft(shared, lease);
        }
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

    /// <summary>Renews the mark until the run is over.</summary>
    public async Task KeepAsync(CancellationToken over)
    {
        try
        {
            while (true)
            {
                await connection.Time.DelayAsync(s_interval, over);
                try
                {
                    await MarkAsync(over);
                }
                catch (ChaosException exception)
                {
                    log.Write(ChaosLogLevel.Warning, $"The run's Lease in the cluster could not be renewed: {exception.Message}");
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The run has come to its end.
        }
    }

    /// <summary>Takes the mark away, or leaves it with all that another machine needs to finish.</summary>
    public async Task ReleaseAsync(bool complete, CancellationToken cancellationToken)
    {
        try
        {
            if (complete) await connection.Cluster.DeleteRunLeaseAsync(recovery.RunId, cancellationToken);
            else await MarkAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is ChaosException or OperationCanceledException)
        {
            log.Write(ChaosLogLevel.Warning, $"The run's Lease in the cluster could not be {(complete ? "taken away" : "written")}: {exception.Message}");
        }
    }
}
