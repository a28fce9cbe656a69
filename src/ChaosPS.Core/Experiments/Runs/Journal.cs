using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments.Runs;

/// <summary>The journal of a run: the Chaos Toolkit's fields in its order, then ours. It is written as the run goes, each time whole.</summary>
/// <remarks>
/// <c>chaoslib-version</c> is the version whose format the journal follows, so that tools which look at it can read it; <c>chaosps_version</c> says who wrote it.
/// A journal without an <c>end</c> is of a run that was cut off.
/// </remarks>
internal sealed class Journal
{
    /// <summary>The version of chaoslib whose journal this follows.</summary>
    private const string FormatVersion = "1.45.0";

    /// <summary>Between two writings, in the run's own time: so much, at most, of what has become of a run is not in its journal when it is killed.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>After how many bytes the writer hands on what it has.</summary>
    private const int Part = 1 << 15;

    private static readonly JsonWriterOptions s_layout = new() { Indented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly IChaosLog _log;
    private readonly JsonObject _root;
    private readonly ITimer _timer;
    private long _saved;

    /// <summary>Whether there is something that the last writing did not have.</summary>
    private bool _changed;

    /// <summary>Whether the timer will write it.</summary>
    private bool _due;

    private bool _deferred;

    private Journal(string path, JsonObject root, TimeProvider time, IChaosLog log)
    {
        FilePath = path;
        _root = root;
        _time = time;
        _log = log;
        _timer = time.CreateTimer(static self => ((Journal)self!).Save(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Where it is written.</summary>
    public string FilePath { get; }

    /// <summary>What it says.</summary>
    public JsonObject Content => _root;

    /// <summary>Begins a journal and writes it once.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="experiment">The experiment's copy.</param>
    /// <param name="ours">What ChaosPS has to say of the run besides.</param>
    /// <param name="time">The run's clock.</param>
    /// <param name="log">Takes a warning when the journal cannot be written later on.</param>
    /// <exception cref="ChaosException">It cannot be written: id <c>JournalUnwritable</c>.</exception>
    public static Journal Begin(string path, JsonObject experiment, JsonObject ours, TimeProvider time, IChaosLog log)
    {
        var root = new JsonObject
        {
            ["chaoslib-version"] = FormatVersion,
            ["platform"] = RuntimeInformation.OSDescription,
            ["node"] = Environment.MachineName,
            ["experiment"] = experiment,
            ["start"] = Time(time.GetUtcNow()),
            ["status"] = null,
            ["deviated"] = false,
            ["steady_states"] = new JsonObject { ["before"] = null, ["after"] = null, ["during"] = new JsonArray() },
            ["run"] = new JsonArray(),
            ["rollbacks"] = new JsonArray(),
            ["end"] = null,
            ["duration"] = null,
            ["outcome"] = "Unfinished",
            ["exit_code"] = null,
            ["error_id"] = null,
            ["reason"] = null,
        };
        foreach (var (key, value) in ours) root[key] = value?.DeepClone();
        try
        {
            var journal = new Journal(Path.GetFullPath(path), root, time, log);
            journal.Write();
            return journal;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw ChaosErrors.JournalUnwritable(path, exception);
        }
    }

    /// <summary>A time as Python writes it, to the microsecond.</summary>
    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff+00:00", CultureInfo.InvariantCulture);

    /// <summary>A duration in seconds, always with its point.</summary>
    public static JsonNode? Seconds(TimeSpan duration) => JsonValues.ToJson(Math.Round(duration.TotalSeconds, 6));

    /// <summary>Changes the journal, and writes it: at once when the last writing is long enough ago, and otherwise as soon as it is.</summary>
    /// <remarks>Background activities may change it at the same time.</remarks>
    public void Update(Action<JsonObject> change)
    {
        lock (_lock)
        {
            change(_root);
            _changed = true;
            if (_due) return;
            var wait = s_interval - _time.GetElapsedTime(_saved);
            _due = wait > TimeSpan.Zero;
            if (_due) _timer.Change(wait, Timeout.InfiniteTimeSpan);
            else Save();
        }
    }

    /// <summary>Leaves the writing for the end: an interrupted run may have seconds left, and puts back first.</summary>
    public void Defer()
    {
        lock (_lock) _deferred = true;
    }

    /// <summary>Writes the journal for the last time.</summary>
    public void End()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _deferred = false;
            Save();
        }
    }

    /// <summary>Writes the journal. A run goes on when that fails: what it changed must still be put back.</summary>
    private void Save()
    {
        lock (_lock)
        {
            _due = false;
            if (_deferred || !_changed) return;
            try
            {
                Write();
            }
            catch (Exception exception)
            {
                // Whatever it is, it must not come between the run and its undo.
                _log.Write(ChaosLogLevel.Warning, $"The journal '{FilePath}' cannot be written: {exception.Message}");
                _saved = _time.GetTimestamp();
            }
        }
    }

    /// <summary>Under a name of its own first: whoever reads the journal, whenever, reads a whole one.</summary>
    private void Write()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        var temporary = FilePath + ".part";
        using (var file = File.Create(temporary))
        {
            using (var writer = new Utf8JsonWriter(file, s_layout)) Write(writer, _root);
            file.WriteByte((byte)'\n');
        }

        File.Move(temporary, FilePath, overwrite: true);
        _saved = _time.GetTimestamp();
        _changed = false;
    }

    /// <summary>In parts: the writer would keep all of it in memory, and the collector has much to do with what is large.</summary>
    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                writer.WriteStartObject();
                foreach (var (name, value) in members)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items) Write(writer, item);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }

        if (writer.BytesPending > Part) writer.Flush();
    }
}
