using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>
/// The append-only log of what a run is about to change and how to undo it. An entry is on the disk before the call that it speaks of is sent,
/// so that whatever happens to the process, another one can read what was left and finish.
/// </summary>
/// <remarks>
/// One folder a run under <see cref="DefaultStateDirectory"/>, one JSON object a line in <c>recovery.jsonl</c>. A line that a crash cut short is
/// no JSON, so it counts as not written: what it would have announced was not sent. Whoever holds <c>run.lock</c> is at work on the run; the
/// operating system lets go of it when the process dies. The log holds names and states only: no credential, no variable.
/// </remarks>
public sealed class RecoveryLog : IDisposable
{
    internal const string FileName = "recovery.jsonl";
    internal const string LockName = "run.lock";

    /// <summary>The type of the line after which a log of another machine goes on, that a mark in the cluster had.</summary>
    internal const string Adopted = "adopted";

    /// <summary>How often a lock that is held is looked at before its run counts as busy: for some tenths of a second.</summary>
    private const int MostLooks = 300;

    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly TimeProvider _time;
    private readonly FileStream? _runLock;
    private readonly FileStream? _file;
    private readonly ChaosException? _unwritable;
    private readonly List<long> _unwritten = [];
    private long _sequence;
    private bool _torn;

    private RecoveryLog(string runId, string folder, FileStream runLock, FileStream file, TimeProvider time)
    {
        RunId = runId;
        Folder = folder;
        _runLock = runLock;
        _file = file;
        _time = time;
    }

    /// <summary>A log that writes nothing, for repairs: nothing that has to be undone can be announced in it.</summary>
    private RecoveryLog(string runId, string folder, ChaosException unwritable, TimeProvider time)
    {
        RunId = runId;
        Folder = folder;
        _unwritable = unwritable;
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

    /// <summary>The run's id: the time of its start and four random bytes; empty for a repair that could not be written down.</summary>
    public string RunId { get; }

    /// <summary>The run's folder.</summary>
    public string Folder { get; }

    /// <summary>What stands in it.</summary>
    internal string Text
    {
        get
        {
            lock (_lock) return _text.ToString();
        }
    }

    /// <summary>Opens the log of a new run. Nothing may be changed before this succeeds.</summary>
    /// <param name="stateDirectory">Where runs are kept; null means <see cref="DefaultStateDirectory"/>.</param>
    /// <param name="command">What runs, such as <c>Stop-ClusterNode</c> or an experiment's title.</param>
    /// <param name="connection">The cluster that will be changed.</param>
    /// <param name="cancellationToken">Cancels the reading of the cluster's id.</param>
    /// <exception cref="ChaosException">The folder cannot be written: id <c>RecoveryLogUnwritable</c>.</exception>
    public static async Task<RecoveryLog> CreateAsync(
        string? stateDirectory, string command, ChaosConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var identity = await connection.Cluster.GetIdentityAsync(cancellationToken);
        return Create(stateDirectory, command, connection, identity);
    }

    /// <summary>The same for a repair, which nothing is to keep from being made: where the log cannot be written, nothing but a repair can be done with it.</summary>
    /// <inheritdoc cref="CreateAsync"/>
    public static async Task<RecoveryLog> CreateForRepairAsync(
        string? stateDirectory, string command, ChaosConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var identity = await connection.Cluster.GetIdentityAsync(cancellationToken);
        try
        {
            return Create(stateDirectory, command, connection, identity);
        }
        catch (ChaosException exception) when (exception.ErrorId == ChaosErrors.RecoveryLogUnwritableId)
        {
            return new RecoveryLog("", exception.Target as string ?? "", exception, connection.Time);
        }
    }

    /// <summary>Opens the log of a new run that changes files and no cluster.</summary>
    /// <inheritdoc cref="CreateAsync"/>
    public static RecoveryLog CreateForFiles(string? stateDirectory, string command) => Create(stateDirectory, command, null, null);

    private static RecoveryLog Create(string? stateDirectory, string command, ChaosConnection? connection, ClusterIdentity? identity)
    {
        var started = TimeProvider.System.GetUtcNow();
        var runId = $"{started:yyyyMMdd'T'HHmmss}-{Guid.NewGuid().ToString("N")[..8]}";
        var folder = Path.Combine(stateDirectory ?? DefaultStateDirectory, RunStore.FolderName, runId);
        var log = Open(runId, folder, FileMode.CreateNew, connection?.Time ?? TimeProvider.System);
        try
        {
            log.Append("run", new JsonObject
            {
                ["runId"] = runId,
                ["command"] = command,
                ["cluster"] = connection?.Name ?? "",
                ["server"] = connection?.Server ?? "",
                ["clusterId"] = identity?.Id ?? "",
                ["sandbox"] = connection?.Kind == ConnectionKind.Sandbox,
                ["origin"] = (connection?.Origin ?? new ConnectionOrigin()).ToJson(),
                ["processId"] = Environment.ProcessId,
                ["machine"] = Environment.MachineName,
                ["startedAt"] = started.ToString("O"),
            });
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Closes the log and lets go of the run.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _runLock?.Dispose();
    }

    /// <summary>Takes over the log of a run whose process is gone.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="time">The clock that entries are stamped by.</param>
    /// <param name="begun">What stands in it already, when it is on no disk of this machine yet.</param>
    /// <returns>The log, and what it says now that nobody else can write to it. A disk that takes nothing any more keeps nothing from being put back.</returns>
    /// <exception cref="ChaosException">Somebody is at work on it: id <c>RunBusy</c>.</exception>
    internal static (RecoveryLog Log, RecordedRun Run) TakeOver(string folder, TimeProvider time, string? begun = null)
    {
        var log = OpenForRepair(folder, time);
        try
        {
            var (run, text) = RecordedRun.ReadOwn(folder, begun);
            var adopts = begun == text && log._file is { Length: 0 };
            if (adopts) log.Write(Encoding.UTF8.GetBytes(text));
            log._sequence = run.NextSequence;
            log._text.Append(text);
            log._torn = run.Torn;
            if (adopts) log.Append(Adopted, []);
            return (log, run);
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Writes that something is about to be changed, and how to undo it.</summary>
    /// <returns>The entry's number, which later entries of the same change name.</returns>
    internal long Intent(ChangeIntent intent) => Append("intent", new JsonObject
    {
        ["target"] = intent.Target,
        ["change"] = intent.Description,
        ["undo"] = intent.Remedy ?? intent.Reversibility.ToString(),
        ["intent"] = intent.ToJson(),
    });

    /// <summary>Writes how far the change of an intent has come: a <see cref="ChangeState"/>, or what its undo is about to do.</summary>
    internal void Result(long intent, string state, string? detail = null, string? madeUid = null)
    {
        var entry = new JsonObject { ["of"] = intent, ["state"] = state };
        if (detail is not null) entry["detail"] = detail;
        if (madeUid is not null) entry["uid"] = madeUid;
        Append("result", entry);
    }

    /// <summary>Writes that the run is about to be marked in the cluster, or that the mark is gone.</summary>
    internal void Mark(bool there) => Append("mark", new JsonObject { ["there"] = there });

    /// <summary>Whether nothing can be written, and why.</summary>
    internal ChaosException? Unwritable => _unwritable;

    /// <summary>The next line says that these lines of the log are missed by nobody any more: what they may have announced has been looked for.</summary>
    internal void Forgo(IEnumerable<long> lost)
    {
        lock (_lock) _unwritten.AddRange(lost);
    }

    /// <summary>Writes that the run is over.</summary>
    internal void End(string outcome) => Append("end", new JsonObject { ["outcome"] = outcome });

    private static RecoveryLog Open(string runId, string folder, FileMode mode, TimeProvider time)
    {
        FileStream? runLock = null;
        try
        {
            Directory.CreateDirectory(folder);
            runLock = OpenLock(folder);
            var file = new FileStream(Path.Combine(folder, FileName), mode, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Seek(0, SeekOrigin.End);
            return new RecoveryLog(runId, folder, runLock, file, time);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            runLock?.Dispose();
            throw ChaosErrors.RecoveryLogUnwritable(folder, exception);
        }
    }

    private static RecoveryLog OpenForRepair(string folder, TimeProvider time)
    {
        var runId = Path.GetFileName(folder);
        try
        {
            return Open(runId, folder, FileMode.OpenOrCreate, time);
        }
        catch (ChaosException exception) when (exception.ErrorId == ChaosErrors.RecoveryLogUnwritableId)
        {
            return IsHeld(folder) ? throw ChaosErrors.RunBusy(runId, exception) : new RecoveryLog(runId, folder, exception, time);
        }
    }

    /// <summary>Whether a process is at work on the run in <paramref name="folder"/>.</summary>
    internal static bool IsHeld(string folder)
    {
        try
        {
            // Shared with others who look, but not with the owner, who shares it with nobody.
            using var file = new FileStream(Path.Combine(folder, LockName), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw ChaosErrors.RecoveryLogUnreadable(folder, exception);
        }
    }

    private static FileStream OpenLock(string folder)
    {
        var path = Path.Combine(folder, LockName);
        var spin = new SpinWait();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (spin.Count < MostLooks && File.Exists(path))
            {
                // Somebody who lists the runs looks at the lock for an instant, which is long when the machine is busy.
                spin.SpinOnce(sleep1Threshold: 20);
            }
            catch (IOException exception) when (IsHeld(folder)) // else the disk is read-only, or broken
            {
                throw ChaosErrors.RunBusy(Path.GetFileName(folder), exception);
            }
        }
    }

    private long Append(string type, JsonObject entry)
    {
        lock (_lock)
        {
            // A line that could not be brought to the disk may stand there all the same: its number is not used again. The next line is written over
            // what there is of it, and says that it is not missed: nothing was sent that only it announced.
            var sequence = _sequence++;
            var line = new JsonObject { ["sequence"] = sequence, ["type"] = type, ["at"] = _time.GetUtcNow().ToString("O") };
            if (_unwritten.Count > 0) line["unwritten"] = new JsonArray([.. _unwritten.Select(static number => JsonValue.Create(number))]);
            foreach (var (key, value) in entry) line[key] = value?.DeepClone();
            var text = (_torn ? "\n" : "") + line.ToJsonString(s_json) + "\n"; // what follows a line that was cut short begins a new one
            try
            {
                Write(Encoding.UTF8.GetBytes(text));
            }
            catch (ChaosException)
            {
                _unwritten.Add(sequence);
                throw;
            }

            _unwritten.Clear();
            _torn = false;
            _text.Append(text);
            return sequence;
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (_file is null) throw _unwritable!;
        try
        {
            _file.Write(bytes);
            _file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException or ArgumentOutOfRangeException)
        {
            // The last is how .NET says that the file would be larger than this process or the file system may have it (EFBIG).
            throw ChaosErrors.RecoveryLogUnwritable(Folder, exception);
        }
    }
}
