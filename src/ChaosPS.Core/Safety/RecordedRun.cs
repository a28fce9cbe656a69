using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>What has become of a run, as its recovery log tells.</summary>
public enum RunState
{
    /// <summary>A process is at work on it.</summary>
    Running,

    /// <summary>Nothing is left to put back; or it changed a sandbox inside its process, which is gone with it.</summary>
    Ended,

    /// <summary>What it changed is the user's to end, such as a stop that was typed at the prompt.</summary>
    Held,

    /// <summary>Its process is gone and something is left to put back, be it only the run's mark in the cluster.</summary>
    Unfinished,
}

/// <summary>A change of a recorded run.</summary>
/// <param name="Target">What was changed.</param>
/// <param name="Change">What was done to it.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Held">Whether it is the user's to end.</param>
/// <param name="NeedsUndo">Whether there is something to put back.</param>
/// <param name="Undo">The command that puts it back by hand; null when there is nothing to put back.</param>
public sealed record RecordedChange(string Target, string Change, ChangeState State, bool Held, bool NeedsUndo, string? Undo)
{
    /// <summary>The Azure resource id of what was changed; null for what is in Kubernetes.</summary>
    public string? ResourceId { get; init; }

    /// <summary><c>PowerOff aks-nodepool1-12345678-vmss000000</c>.</summary>
    public override string ToString() => $"{Change} {Target}";
}

/// <summary>A run that left a recovery log.</summary>
public sealed record RecordedRun
{
    /// <summary>The run's id, which is also the name of its folder.</summary>
    public required string RunId { get; init; }

    /// <summary>What has become of it.</summary>
    public required RunState State { get; init; }

    /// <summary>What ran: a cmdlet's name or an experiment's title.</summary>
    public string Command { get; init; } = "";

    /// <summary>The cluster's name: the kubeconfig context or the sandbox.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>The API server's address.</summary>
    public string Server { get; init; } = "";

    /// <summary>The uid of the cluster's namespace <c>kube-system</c>.</summary>
    public string ClusterId { get; init; } = "";

    /// <summary>How its process had found the cluster.</summary>
    public ConnectionOrigin Origin { get; init; } = new();

    /// <summary>When it began, by the machine's clock.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Its outcome; null when it did not come to an end.</summary>
    public string? Outcome { get; init; }

    /// <summary>The id of its process.</summary>
    public int ProcessId { get; init; }

    /// <summary>The machine that its process ran on.</summary>
    public string MachineName { get; init; } = "";

    /// <summary>Its changes, in order.</summary>
    public IReadOnlyList<RecordedChange> Changes { get; init; } = [];

    /// <summary>How many changes are left to put back.</summary>
    public int Remaining => Changes.Count(static change => change.NeedsUndo);

    /// <summary>Its folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Its journal, when it is an experiment whose journal is in the run's folder; null otherwise.</summary>
    public string? JournalPath { get; init; }

    /// <summary>Whether it was read from its Lease in the cluster, because it ran on another machine.</summary>
    public bool FromLease { get; init; }

    /// <summary>Lines of the log that cannot be read: cut short by a crash, or damaged.</summary>
    public int UnreadableLines { get; init; }

    /// <summary>The changes with all that their undo needs.</summary>
    internal IReadOnlyList<Change> Recorded { get; private init; } = [];

    /// <summary>Whether the run has left a whole cluster stopped: then nobody answers for its API server.</summary>
    internal bool HasStoppedCluster => Recorded.Any(static change => change is { NeedsUndo: true, Intent: AksIntent });

    /// <summary>The log as the Lease has it; null for a run of this machine.</summary>
    internal string? LeasedLog { get; private init; }

    /// <summary>Whether nothing but a mark in the cluster tells of it, which whoever has the rights there may have written.</summary>
    internal bool ByMark { get; private init; }

    /// <summary>Whether the run may have left its mark in the cluster.</summary>
    internal bool Marked { get; private init; }

    /// <summary>Changes that a newer version recorded in a way that this one does not know.</summary>
    internal int UnknownChanges { get; private init; }

    /// <summary>Whether it is known to have changed files and nothing of a cluster.</summary>
    public bool IsOfFiles => ClusterId.Length == 0 && Recorded.Count > 0 && UnknownChanges == 0 && Lost.Count == 0 && Recorded.All(static change => change.Intent is ManifestEditIntent);

    /// <summary>The numbers of the lines that the log lacks: what they said is not known.</summary>
    internal IReadOnlyList<long> Lost { get; private init; } = [];

    /// <summary>Whether the log ends in the middle of a line.</summary>
    internal bool Torn { get; private init; }

    /// <summary>The number that the next entry takes.</summary>
    internal long NextSequence { get; private init; }

    /// <summary>Whether it was in a sandbox, which has a clock of its own.</summary>
    public bool InSandbox { get; private init; }

    /// <summary>The run as it is at a time of its cluster's clock: held faults whose time is up have been ended by their machines.</summary>
    public RecordedRun At(DateTimeOffset now)
    {
        if (State != RunState.Held || !Recorded.Where(static change => change.NeedsUndo).All(IsOver)) return this;
        return this with { State = RunState.Ended, Changes = [.. Changes.Select(static change => change with { NeedsUndo = false, Undo = null })] };

        // What a machine could not end when it was asked to is not over.
        bool IsOver(Change change) => change is { Intent: FaultIntent fault, State: not ChangeState.UndoFailed } && fault.EndOf(change) <= now;
    }

    /// <summary>The id.</summary>
    public override string ToString() => RunId;

    /// <summary>Reads the run in a folder. Whatever is in the log, reading it does not fail: what cannot be read is counted.</summary>
    /// <exception cref="ChaosException">The log cannot be opened: id <c>RecoveryLogUnreadable</c>.</exception>
    internal static RecordedRun Read(string folder)
    {
        // The lock first: a run that ends between the two looks is then read to its end.
        var held = RecoveryLog.IsHeld(folder);
        return Parse(ReadText(folder), folder, held);
    }

    /// <summary>The same for the process that has taken the run over, with the text as it stands in the log.</summary>
    internal static (RecordedRun Run, string Text) ReadOwn(string folder, string? begun)
    {
        var written = ReadText(folder);
        var text = written.Length > 0 ? written : begun ?? "";
        var run = Parse(text, folder, held: false);
        return (run with { ByMark = run.ByMark || written.Length == 0 }, text);
    }

    private static RecordedRun Parse(string text, string folder, bool held)
    {
        var header = new JsonObject();
        var changes = new List<Change>();
        var unknown = new SortedDictionary<long, RecordedChange>();
        var numbers = new HashSet<long>();
        var trailing = 0;
        string? outcome = null;
        var marked = false;
        var byMark = false;
        var unreadable = 0;
        var next = 0L;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ParseLine(line) is not { } entry)
            {
                unreadable++;
                trailing++;
                continue;
            }

            trailing = 0;
            var sequence = Number(entry["sequence"]) ?? next;
            next = Math.Max(next, sequence + 1);
            numbers.Add(sequence);
            if (entry["unwritten"] is JsonArray unwritten) numbers.UnionWith(unwritten.Select(Number).OfType<long>());
            switch (Text(entry["type"]))
            {
                case "run":
                    header = entry;
                    break;
                case "intent" when entry["intent"] is JsonObject written && ChangeIntent.FromJson(written) is { } intent:
                    changes.Add(new Change(intent, sequence, Time(entry["at"]) ?? default));
                    outcome = null;
                    break;
                case "intent":
                    unknown[sequence] = Unknown(Text(entry["target"]) ?? "unknown", Text(entry["change"]) ?? "unknown change of", Text(entry["undo"]));
                    break;
                case "result" when Number(entry["of"]) is { } of && Enum.TryParse<ChangeState>(Text(entry["state"]), ignoreCase: true, out var state):
                    if (changes.Find(change => change.Entry == of) is { } change)
                    {
                        change.Advance(state, Time(entry["at"]));
                        change.MadeUid = Text(entry["uid"]) ?? change.MadeUid;
                    }

                    if (state is ChangeState.Undone or ChangeState.Refused) unknown.Remove(of);
                    break;
                case "mark":
                    marked = entry["there"] is JsonValue there && there.TryGetValue<bool>(out var isThere) && isThere;
                    break;
                case RecoveryLog.Adopted:
                    byMark = true;
                    break;
                case "end":
                    outcome = Text(entry["outcome"]);
                    break;
            }
        }

        // The one line that a crash may have cut short has no end. Others that cannot be read are damaged, and what they said is lost.
        var torn = text.Length > 0 && text[^1] != '\n';
        next += torn && trailing > 0 ? trailing - 1 : trailing;
        long[] lost = [.. Missing(numbers, next)];
        RecordedChange[] uncertain = [.. unknown.Values, .. lost.Select(static number => Unknown("unknown", $"lost log line {number}:", null))];

        // A sandbox inside a process is gone with it: there is nothing to put back anywhere.
        var processId = (int)(Number(header["processId"]) ?? 0);
        var origin = ConnectionOrigin.FromJson(header["origin"] as JsonObject);
        var inSandbox = header["sandbox"] is JsonValue flag && flag.TryGetValue<bool>(out var sandbox) && sandbox;
        var gone = inSandbox && origin.Sandbox is null
            && (processId != Environment.ProcessId || Text(header["machine"]) != Environment.MachineName);
        var journal = Path.Combine(folder, "journal.json");
        var left = changes.Where(static change => change.NeedsUndo).ToArray();
        return new RecordedRun
        {
            RunId = Path.GetFileName(folder),
            State = held ? RunState.Running
                : gone ? RunState.Ended
                : marked || uncertain.Length > 0 || left.Any(static change => !change.Intent.Held) ? RunState.Unfinished
                : left.Length > 0 ? RunState.Held
                : RunState.Ended,
            Command = Text(header["command"]) ?? "",
            Cluster = Text(header["cluster"]) ?? "",
            Server = Text(header["server"]) ?? "",
            ClusterId = Text(header["clusterId"]) ?? "",
            Origin = origin,
            StartTime = Time(header["startedAt"]),
            Outcome = outcome,
            ProcessId = processId,
            MachineName = Text(header["machine"]) ?? "",
            Changes = [.. changes.Select(static change => new RecordedChange(
                change.Intent.Target, change.Intent.Description, change.State, change.Intent.Held, change.NeedsUndo,
                change.NeedsUndo ? change.Intent.Remedy : null) { ResourceId = change.Intent.AzureId }), .. uncertain],
            InSandbox = inSandbox,
            Folder = folder,
            JournalPath = File.Exists(journal) ? journal : null,
            UnreadableLines = unreadable,
            Recorded = changes,
            Marked = marked,
            ByMark = byMark,
            UnknownChanges = unknown.Count,
            Lost = lost,
            Torn = torn,
            NextSequence = next,
        };
    }

    /// <summary>Reads the run that a Lease marks.</summary>
    /// <param name="lease">The mark.</param>
    /// <param name="folder">Where its log is put when it is restored from here.</param>
    /// <param name="now">The present time of the connection's clock.</param>
    internal static RecordedRun Of(RunLease lease, string folder, DateTimeOffset now) =>
        Parse(lease.Log, folder, lease.IsHeld(now)) with { FromLease = true, LeasedLog = lease.Log };

    private static string ReadText(string folder)
    {
        try
        {
            using var file = new FileStream(Path.Combine(folder, RecoveryLog.FileName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return ""; // killed before the first line, or cleared away: nothing is left
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.RecoveryLogUnreadable(folder, exception);
        }
    }

    private static RecordedChange Unknown(string target, string change, string? undo) =>
        new(target, change, ChangeState.Intended, Held: false, NeedsUndo: true, undo);

    /// <summary>The numbers that no line has; no more than a thousand, for a damaged line may have any number.</summary>
    private static IEnumerable<long> Missing(HashSet<long> numbers, long next)
    {
        const int Most = 1000;
        var missing = 0;
        for (long number = 0; number < next && missing < Most; number++)
        {
            if (numbers.Contains(number)) continue;
            missing++;
            yield return number;
        }
    }

    private static JsonObject? ParseLine(string line)
    {
        try
        {
            return JsonNode.Parse(line, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static long? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    private static DateTimeOffset? Time(JsonNode? node) =>
        DateTimeOffset.TryParse(Text(node), CultureInfo.InvariantCulture, out var time) ? time : null;
}
