using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>
/// The append-only log of what a run is about to change and how to undo it. An entry is on the disk before the call that it speaks of is sent,
/// so that whatever happens to the process, another one can read what was left.
/// </summary>
/// <remarks>
/// One folder a run under <see cref="DefaultStateDirectory"/>, one JSON object a line in <c>recovery.jsonl</c>. A line that was cut short by a
/// crash is the last one and no JSON. The log holds names and states only: no credential, no variable.
/// </remarks>
public sealed class RecoveryLog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly FileStream _file;
    private long _sequence;

    private RecoveryLog(string runId, string folder, FileStream file, TimeProvider time)
    {
        RunId = runId;
        Folder = folder;
        _file = file;
        _time = time;
    }

    /// <summary>
    /// The user's state directory for ChaosPS: <c>$XDG_STATE_HOME/chaosps</c> or <c>~/.local/state/chaosps</c>; on Windows
    /// <c>%LocalAppData%\ChaosPS</c>.
    /// </summary>
    /// <remarks>Source: https://specifications.freedesktop.org/basedir-spec/latest/ .</remarks>
    public static string DefaultStateDirectory
    {
        get
        {
            if (OperatingSystem.IsWindows())
                return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "ChaosPS");

            // A relative path is to be ignored, says the specification.
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            if (string.IsNullOrEmpty(state) || !Path.IsPathRooted(state))
                state = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
            return Path.Combine(state, "chaosps");
        }
    }

    /// <summary>The run's id: the time of its start and four random bytes.</summary>
    public string RunId { get; }

    /// <summary>The run's folder.</summary>
    public string Folder { get; }

    /// <summary>Opens the log of a new run. Nothing may be changed before this succeeds.</summary>
    /// <param name="stateDirectory">Where runs are kept; null means <see cref="DefaultStateDirectory"/>.</param>
    /// <param name="command">What runs, such as <c>Stop-ClusterNode</c> or an experiment's title.</param>
    /// <param name="connection">The cluster that will be changed.</param>
    /// <exception cref="ChaosException">The folder cannot be written: id <c>RecoveryLogUnwritable</c>.</exception>
    public static RecoveryLog Create(string? stateDirectory, string command, ChaosConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var started = TimeProvider.System.GetUtcNow();
        var runId = $"{started:yyyyMMdd'T'HHmmss}-{Guid.NewGuid().ToString("N")[..8]}";
        var folder = Path.Combine(stateDirectory ?? DefaultStateDirectory, "runs", runId);
        try
        {
            Directory.CreateDirectory(folder);
            var file = new FileStream(Path.Combine(folder, "recovery.jsonl"), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            var log = new RecoveryLog(runId, folder, file, connection.Time);
            log.Append("run", new JsonObject
            {
                ["runId"] = runId,
                ["command"] = command,
                ["cluster"] = connection.Name,
                ["server"] = connection.Server,
                ["sandbox"] = connection.Kind == ConnectionKind.Sandbox,
                ["processId"] = Environment.ProcessId,
                ["machine"] = Environment.MachineName,
                ["startedAt"] = started.ToString("O"),
            });
            return log;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.RecoveryLogUnwritable(folder, exception);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Writes that a machine is about to be changed, and how to undo it.</summary>
    /// <returns>The entry's number, which later entries of the same change name.</returns>
    internal long Intent(PowerIntent intent) => Append("intent", new JsonObject
    {
        ["resourceId"] = intent.Before.ResourceId,
        ["node"] = intent.Node?.Name,
        ["action"] = intent.Action.ToString(),
        ["powerStateBefore"] = intent.Before.PowerState.ToString(),
        ["readyBefore"] = intent.Node?.Ready,
        ["undo"] = intent.Undo?.ToString() ?? (intent.Action == PowerAction.Delete ? "impossible" : "none"),
        ["held"] = intent.Held,
    });

    /// <summary>Writes that a workload is about to be changed, and what it was before.</summary>
    internal long Intent(Workload before, string change, string undo) => Append("intent", new JsonObject
    {
        ["workload"] = before.ToString(),
        ["change"] = change,
        ["undo"] = undo,
        ["held"] = true,
    });

    /// <summary>Writes what became of an intent: <c>accepted</c>, <c>done</c>, <c>failed</c>, <c>undoing</c>, <c>undone</c>.</summary>
    internal void Result(long intent, string state, string? detail = null)
    {
        var entry = new JsonObject { ["intent"] = intent };
        if (detail is not null) entry["detail"] = detail;
        Append(state, entry);
    }

    private long Append(string type, JsonObject entry)
    {
        lock (_lock)
        {
            var line = new JsonObject { ["sequence"] = _sequence, ["type"] = type, ["at"] = _time.GetUtcNow().ToString("O") };
            foreach (var (key, value) in entry) line[key] = value?.DeepClone();
            try
            {
                _file.Write(JsonSerializer.SerializeToUtf8Bytes(line));
                _file.WriteByte((byte)'\n');
                _file.Flush(flushToDisk: true);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                throw ChaosErrors.RecoveryLogUnwritable(Folder, exception);
            }

            return _sequence++;
        }
    }
}
