using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Safety;

/// <summary>The changes of one run: each written to the recovery log before it is made, all of them put back at the end.</summary>
/// <param name="connection">The cluster and its machines; null for a run that changes files only.</param>
/// <param name="recovery">The run's log.</param>
/// <param name="log">Says what is done.</param>
public sealed class ChangeSet(ChaosConnection? connection, RecoveryLog recovery, IChaosLog log)
{
    /// <summary>Five minutes: an API server that is upgraded, or moved, is away for one or two.</summary>
    private const int MostAttempts = 30;

    /// <summary>The entry of a change whose intent is in no log.</summary>
    private const long Nowhere = -1;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly List<Change> _changes = [];
    private bool _closed;
    private LeaseKeeper? _lease;

    /// <summary>The changes of a run that another process made.</summary>
    internal ChangeSet(ChaosConnection? connection, RecoveryLog recovery, IChaosLog log, IEnumerable<Change> recorded)
        : this(connection, recovery, log) => _changes.AddRange(recorded);

    private TimeProvider Time => connection?.Time ?? TimeProvider.System;

    /// <summary>Takes secrets out of what is written and said.</summary>
    internal Func<string, string> Redact { get; init; } = static text => text;

    /// <summary>Whether nothing but a mark in the cluster tells of the changes: that counts there, and not for files of this machine.</summary>
    internal bool ByMark { get; init; }

    /// <summary>The run.</summary>
    public string RunId => recovery.RunId;

    /// <summary>Whether the run has changed anything that its end has to put back.</summary>
    public bool NeedsUndo => All().Any(static change => change is { NeedsUndo: true, Intent.Held: false });

    /// <summary>What its end has to put back, in order.</summary>
    internal IReadOnlyList<ChangeIntent> Left =>
        [.. All().Where(static change => change is { NeedsUndo: true, Intent.Held: false }).Select(static change => change.Intent)];

    /// <summary>The directory that holds the run folders.</summary>
    internal string StatePath => Path.GetDirectoryName(Path.GetDirectoryName(recovery.Folder)!)!;

    /// <summary>Whether anything is left to put back, held or not.</summary>
    public bool Open => All().Any(static change => change.NeedsUndo);

    /// <summary>Whether the run has tried to change anything at all.</summary>
    public bool Any => All().Length > 0;

    /// <summary>Puts back what this process has changed.</summary>
    /// <inheritdoc cref="UndoAsync(bool, ClusterIdentity?, CancellationToken)"/>
    public Task<UndoResult> UndoAsync(bool includeHeld, CancellationToken cancellationToken) => UndoAsync(includeHeld, null, cancellationToken);

    /// <summary>
    /// Puts back what is not as before, in reverse order, then waits until all of it serves again; what cannot be put back is said. Joins no clock: the
    /// caller is a member.
    /// </summary>
    /// <param name="includeHeld">Whether changes that the user holds are put back too.</param>
    /// <param name="uncertain">The cluster, when it may be another one than that which the changes were made in; null when it is the one.</param>
    /// <param name="cancellationToken">The undo's own time budget: never the token of what is being undone.</param>
    internal async Task<UndoResult> UndoAsync(bool includeHeld, ClusterIdentity? uncertain, CancellationToken cancellationToken)
    {
        List<string> steps = [], remaining = [];
        List<(Change Change, Func<CancellationToken, Task> Wait)> waits = [];
        var changes = All();
        var remade = changes.Where(static change => change.Intent is ObjectCreateIntent or ObjectDeleteIntent).Select(static change => change.Intent.Target)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var change in changes.Reverse())
        {
            if (change.Over || (change.Intent.Held && !includeHeld)) continue;
            if (!change.NeedsUndo)
            {
                if (change.Intent.Reversibility == Reversibility.Impossible)
                    steps.Add($"{change.Intent.Description} of {Named(change.Intent)} {(change.Accepted ? "" : "may have been carried out, and ")}cannot be undone.");
                else
                    Note(change, ChangeState.Undone, "nothing to put back");
                continue;
            }

            if (Forbidden(change.Intent) is { } why)
            {
                remaining.Add($"{why.Message} {why.RecommendedAction}");
                continue;
            }

            await TryAsync(change, async () =>
            {
                var accepted = changes.Any(other => other.Accepted && other.Intent.Identity == change.Intent.Identity);
                var unknown = changes.Any(other => other is { Accepted: false, Over: false } && other.Intent.Identity == change.Intent.Identity);
                var context = new UndoContext(change.Through ?? connection, log, accepted, unknown, remade, (state, detail) => Write(change, state, detail), steps)
                {
                    MadeUid = change.MadeUid,
                };
                if (await change.Intent.UndoAsync(context, cancellationToken) is { } wait) waits.Add((change, wait));
                else Note(change, ChangeState.Undone);
            });
        }

        // A machine that is slow to come back must not keep the others from being started.
        foreach (var (change, wait) in waits)
        {
            await TryAsync(change, async () =>
            {
                await wait(cancellationToken);
                Note(change, ChangeState.Undone);
            });
        }

        return new UndoResult([.. steps.Select(Redact)], [.. remaining.Select(Redact)]);

        ChaosException? Forbidden(ChangeIntent intent) => intent switch
        {
            FileIntent when ByMark => ChaosErrors.FilesByMark(intent.Target),
            { IsUnmistakable: false } when uncertain is not null => ChaosErrors.ClusterUncertain($"{intent.Description} of {intent.Target}", uncertain),
            _ => null,
        };

        // The first failure, whatever it is, must not keep the others from being put back.
        async Task TryAsync(Change change, Func<Task> work)
        {
            try
            {
                await PatientlyAsync(change.Intent, work, cancellationToken);
            }
            catch (Exception exception)
            {
                var why = exception is OperationCanceledException ? "the undo was ended first." : exception.Message;
                Note(change, ChangeState.UndoFailed, why);
                remaining.Add($"{Named(change.Intent)} could not be put back: {why} Finish with: {change.Intent.Remedy}");
            }
        }
    }

    private string Named(ChangeIntent intent) => intent.Target + connection?.Power.Place(intent.AzureId);

    /// <summary>Does a part of an undo, again and again for a while where an API is away: what it finds done already it does not do twice.</summary>
    private async Task PatientlyAsync(ChangeIntent intent, Func<Task> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await work();
                return;
            }
            catch (ChaosException exception) when (exception.Kind is ErrorKind.ConnectionFailed or ErrorKind.LimitExceeded && attempt < MostAttempts)
            {
                log.Write(ChaosLogLevel.Warning, $"The undo of {Named(intent)} waits: {exception.Summary}");
                await Time.DelayAsync(s_pause, cancellationToken);
            }
        }
    }

    /// <summary>From here on changes are announced in the cluster too.</summary>
    internal void AnnounceBy(LeaseKeeper lease) => _lease = lease;

    /// <summary>Lets no further change through: the undo is about to begin, and an activity that hung may wake up.</summary>
    public void Close()
    {
        lock (_lock) _closed = true;
    }

    /// <summary>Writes that the run is over.</summary>
    public void End(string outcome)
    {
        try
        {
            recovery.End(outcome);
        }
        catch (ChaosException exception)
        {
            log.Write(ChaosLogLevel.Warning, $"The recovery log in '{recovery.Folder}' lacks the run's end: {exception.InnerException?.Message}");
        }
    }

    /// <summary>Writes that a change is about to be made. When this returns, its undo is on the disk.</summary>
    /// <param name="intent">The change.</param>
    /// <param name="through">The connection that it is made through, and undone; null for the run's.</param>
    /// <exception cref="ChaosException">It cannot be written, so the change must not be made: id <c>RecoveryLogUnwritable</c>; or the undo has begun: <c>RunEnding</c>.</exception>
    internal Change Intend(ChangeIntent intent, ChaosConnection? through = null)
    {
        lock (_lock)
        {
            if (_closed) throw ChaosErrors.RunEnding(intent.Target);
            var change = new Change(intent, Record(intent), Time.GetUtcNow()) { Through = through };
            _changes.Add(change);
            return change;
        }
    }

    private long Record(ChangeIntent intent)
    {
        try
        {
            return recovery.Intent(intent);
        }
        catch (ChaosException exception) when (intent.Reversibility == Reversibility.Nothing)
        {
            // There is nothing to undo after a crash, and it may be the start that puts something back.
            log.Write(ChaosLogLevel.Warning,
                $"The recovery log in '{recovery.Folder}' lacks the {intent.Description} of {intent.Target}: {exception.InnerException?.Message}");
            return Nowhere;
        }
    }

    /// <summary>Makes a change: its undo is on the disk before <paramref name="call"/> is sent, and what became of it after.</summary>
    /// <returns>The call's result; null when it was as wanted before, so that there is nothing to put back.</returns>
    internal async Task<T?> MakeAsync<T>(ChangeIntent intent, Func<Task<T?>> call)
        where T : class
    {
        var change = Intend(intent);
        var result = await SendAsync(change, call);
        if (result is null) Note(change, ChangeState.Undone, "it was like that before");
        else Note(change, ChangeState.Done);
        return result;
    }

    /// <summary>Sends a change that was written before.</summary>
    internal async Task<T> SendAsync<T>(Change change, Func<Task<T>> call)
    {
        try
        {
            if (_lease is not null) await AnnounceAsync(change);
            var result = await call();
            Note(change, ChangeState.Accepted);
            return result;
        }
        catch (ChaosException exception)
        {
            Note(change, IsRefusal(exception) ? ChangeState.Refused : ChangeState.Failed, exception.Message);
            throw;
        }
    }

    /// <summary>Whether a server has said no, and so changed nothing. After a lost or garbled answer it may have acted all the same: the undo looks at what is.</summary>
    internal static bool IsRefusal(ChaosException exception) =>
        exception.Kind is not (ErrorKind.ConnectionFailed or ErrorKind.Timeout or ErrorKind.OperationFailed or ErrorKind.InvalidData);

    private async Task AnnounceAsync(Change change)
    {
        try
        {
            await _lease!.MarkAsync(CancellationToken.None);
        }
        catch (ChaosException exception) when (change.Intent.PutsBack || change.Intent.Reversibility == Reversibility.Nothing)
        {
            // Nobody has anything to put back after it, and it may be the start that brings the API server back.
            log.Write(ChaosLogLevel.Warning, $"The run's Lease in the cluster lacks the {change.Intent.Description} of {change.Intent.Target}: {exception.Message}");
        }
        catch (ChaosException exception)
        {
            throw ChaosErrors.LeaseUnwritable(change.Intent.Target, exception);
        }

        lock (_lock)
        {
            if (_closed) throw ChaosErrors.RunEnding(change.Intent.Target); // the undo began meanwhile
        }
    }

    /// <summary>Writes what became of a change.</summary>
    /// <remarks>
    /// The intent, with the undo, is on the disk by then, so a disk that has filled up since must not keep anything from being put back.
    /// </remarks>
    internal void Note(Change change, ChangeState state, string? detail = null)
    {
        if (state == ChangeState.Refused && change.State == state) return; // a budget may forbid an eviction for hours, every five seconds
        change.Advance(state, Time.GetUtcNow());
        Write(change, state.ToString(), detail);
    }

    /// <summary>Writes which object a change has made: another one of its name is somebody else's.</summary>
    internal void NoteMade(Change change, string uid)
    {
        if (uid.Length > 0) change.MadeUid = uid;
        Note(change, ChangeState.Done);
    }

    private void Write(Change change, string state, string? detail)
    {
        if (change.Entry == Nowhere || recovery.Unwritable is not null) return; // which has been said
        try
        {
            recovery.Result(change.Entry, state, detail is null ? null : Redact(detail), change.MadeUid);
        }
        catch (ChaosException exception)
        {
            log.Write(ChaosLogLevel.Warning,
                $"The recovery log in '{recovery.Folder}' lacks that {change.Intent.Description} of {change.Intent.Target} is '{state}': "
                + exception.InnerException?.Message);
        }
    }

    /// <summary>The changes so far, in order.</summary>
    internal Change[] All()
    {
        lock (_lock) return [.. _changes];
    }
}
