using ChaosPS.Errors;

namespace ChaosPS.Safety;

/// <summary>The runs that left recovery logs under a state directory.</summary>
/// <param name="stateDirectory">The directory; null means <see cref="RecoveryLog.DefaultStateDirectory"/>.</param>
public sealed class RunStore(string? stateDirectory = null)
{
    internal const string FolderName = "runs";

    /// <summary>The directory that holds the runs' folders.</summary>
    public string Directory { get; } = Path.Combine(stateDirectory ?? RecoveryLog.DefaultStateDirectory, FolderName);

    /// <summary>All runs that can be read, oldest first.</summary>
    /// <param name="unreadable">Told of each log that cannot be opened (id <c>RecoveryLogUnreadable</c>): it must not hide the others.</param>
    public IReadOnlyList<RecordedRun> List(Action<ChaosException>? unreadable = null)
    {
        var runs = new List<RecordedRun>();
        foreach (var folder in Folders(unreadable))
        {
            try
            {
                runs.Add(RecordedRun.Read(folder));
            }
            catch (ChaosException exception)
            {
                unreadable?.Invoke(exception);
            }
        }

        return runs;
    }

    private string[] Folders(Action<ChaosException>? unreadable)
    {
        try
        {
            return System.IO.Directory.Exists(Directory) ? [.. System.IO.Directory.EnumerateDirectories(Directory).Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            unreadable?.Invoke(ChaosErrors.RecoveryLogUnreadable(Directory, exception));
            return [];
        }
    }

    /// <summary>The runs on a cluster whose process is gone and that left something to put back, oldest first.</summary>
    /// <param name="clusterId">The cluster; null for all.</param>
    /// <param name="unreadable">Told of each log that cannot be opened.</param>
    public IReadOnlyList<RecordedRun> Unfinished(string? clusterId = null, Action<ChaosException>? unreadable = null) =>
        [.. List(unreadable).Where(run => run.State == RunState.Unfinished && (clusterId is null || run.ClusterId == clusterId))];

    /// <summary>The runs of other machines that are marked in a cluster by Leases.</summary>
    public async Task<IReadOnlyList<RecordedRun>> ListLeasedAsync(Ports.ChaosConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var leases = await connection.Cluster.GetRunLeasesAsync(cancellationToken);
        var now = connection.Time.GetUtcNow();
        return [.. leases.Where(static lease => IsName(lease.RunId)).OrderBy(static lease => lease.RunId, StringComparer.Ordinal)
            .Select(lease => RecordedRun.Of(lease, Path.Combine(Directory, lease.RunId), now))];
    }

    /// <summary>The run of that id.</summary>
    /// <exception cref="ChaosException">There is none (id <c>RunNotFound</c>), or its log cannot be opened (<c>RecoveryLogUnreadable</c>).</exception>
    public RecordedRun Get(string runId)
    {
        ArgumentException.ThrowIfNullOrEmpty(runId);
        var folder = Path.Combine(Directory, runId);
        if (!IsName(runId) || !System.IO.Directory.Exists(folder))
            throw ChaosErrors.RunNotFound(runId, Directory);
        return RecordedRun.Read(folder);
    }

    /// <summary>Whether a text can be the name of a run's folder. What others have written into a cluster must not lead out of the directory.</summary>
    private static bool IsName(string runId) => runId.Length > 0 && runId.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
