using ChaosPS.Errors;

namespace ChaosPS.Safety;

/// <summary>The runs that left recovery logs under a state directory.</summary>
/// <param name="stateDirectory">The directory; null means <see cref="RecoveryLog.DefaultStateDirectory"/>.</param>
public sealed class RunStore(string? stateDirectory = null)
{
    internal const string FolderName = "runs";

    /// <summary>The directory that holds the runs' folders.</summary>
    public string Directory { get; } = Path.Combine(stateDirectory ?? RecoveryLog.DefaultStateDirectory, FolderName);

    /// <summary>All runs, oldest first.</summary>
    /// <exception cref="ChaosException">A log cannot be opened: id <c>RecoveryLogUnreadable</c>.</exception>
    public IReadOnlyList<RecordedRun> List() =>
        !System.IO.Directory.Exists(Directory) ? []
        : [.. System.IO.Directory.EnumerateDirectories(Directory).Order(StringComparer.Ordinal).Select(RecordedRun.Read)];

    /// <summary>The runs on a cluster whose process is gone and that left something to put back, oldest first.</summary>
    public IReadOnlyList<RecordedRun> Unfinished(string? clusterId = null) =>
        [.. List().Where(run => run.State == RunState.Unfinished && (clusterId is null || run.ClusterId == clusterId))];

    /// <summary>The runs of other machines that are marked in a cluster by Leases.</summary>
    public async Task<IReadOnlyList<RecordedRun>> ListLeasedAsync(Ports.ChaosConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var leases = await connection.Cluster.GetRunLeasesAsync(cancellationToken);
        var now = connection.Time.GetUtcNow();
        return [.. leases.OrderBy(static lease => lease.RunId, StringComparer.Ordinal)
            .Select(lease => RecordedRun.Of(lease, Path.Combine(Directory, Path.GetFileName(lease.RunId)), now))];
    }

    /// <summary>The run of that id.</summary>
    /// <exception cref="ChaosException">There is none: id <c>RunNotFound</c>.</exception>
    public RecordedRun Get(string runId)
    {
        ArgumentException.ThrowIfNullOrEmpty(runId);
        var folder = Path.Combine(Directory, runId);
        if (Path.GetFileName(runId) != runId || !System.IO.Directory.Exists(folder))
            throw ChaosErrors.RunNotFound(runId, Directory);
        return RecordedRun.Read(folder);
    }
}
