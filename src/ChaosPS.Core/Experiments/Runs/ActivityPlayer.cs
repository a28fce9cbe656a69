using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Experiments.Runs;

/// <summary>Plays the activities of a run, and writes what became of each.</summary>
/// <param name="connection">The cluster, and the clock of the run.</param>
/// <param name="options">How the run is run.</param>
/// <param name="journal">Takes an entry for each activity.</param>
/// <param name="redactor">Takes secrets out of all that is written.</param>
/// <param name="log">Says what is played.</param>
/// <param name="title">The run's title, for progress.</param>
/// <param name="planned">How many activities may be played, for progress.</param>
internal sealed class ActivityPlayer(
    ChaosConnection connection, RunOptions options, Journal journal, Redactor redactor, IChaosLog log, string title, int planned)
{
    /// <summary>How long an activity has to heed the end of the run; after that it is left behind.</summary>
    private static readonly TimeSpan s_heed = TimeSpan.FromMilliseconds(800);

    private readonly Lock _lock = new();
    private readonly List<ActivityRun?> _played = [];

    /// <summary>What activities work with.</summary>
    public required ActivityContext Context { get; set; }

    /// <summary>What each was resolved to before anything was touched.</summary>
    public Dictionary<ExperimentActivity, IReadOnlyList<ActivityTarget>> Targets { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>How much of what may be played has been, in percent.</summary>
    public int Percent => planned == 0 ? 0 : Math.Min(100, Played().Count * 100 / planned);

    /// <summary>What was played, in the order of its beginnings.</summary>
    public IReadOnlyList<ActivityRun> Played(RunPhase? phase = null)
    {
        lock (_lock) return [.. _played.OfType<ActivityRun>().Where(run => phase is null || run.Phase == phase)];
    }

    /// <summary>Plays a list of activities in order; those in the background beside the others, and none is left when it returns.</summary>
    /// <param name="phase">The part of the run.</param>
    /// <param name="activities">The activities.</param>
    /// <param name="entries">Where their entries go.</param>
    /// <param name="isOver">Whether the rest is not to be played any more; asked before each.</param>
    /// <param name="cancellationToken">Ends what is being played.</param>
    public async Task PlayAllAsync(
        RunPhase phase, IReadOnlyList<ExperimentActivity> activities, JsonArray entries, Func<bool> isOver, CancellationToken cancellationToken)
    {
        var background = new List<Task>();
        try
        {
            foreach (var activity in activities)
            {
                if (isOver()) break;
                if (activity.Background) background.Add(connection.Time.RunAsync(() => PlayAsync(phase, activity, entries, cancellationToken)));
                else await PlayAsync(phase, activity, entries, cancellationToken);
            }
        }
        finally
        {
            if (background.Count > 0) await connection.Time.WhenAllAsync(background);
        }

        journal.Save();
    }

    /// <summary>Plays one activity between its pauses. Only the end of the run is thrown, and a crash that is to be judged as the Chaos Toolkit judges it.</summary>
    public async Task<ActivityRun> PlayAsync(RunPhase phase, ExperimentActivity activity, JsonArray entries, CancellationToken cancellationToken)
    {
        var skipped = Skips(activity.Kind);
        if (!skipped) await PauseAsync(activity.PauseBefore, $"before '{activity.Name}'", cancellationToken);
        log.Write(ChaosLogLevel.Information, $"{activity.Kind}: {activity.Name}{(skipped ? " (dry: not carried out)" : "")}");
        log.Progress(title, activity.Name, Percent, completed: false);
        var run = Begin(phase, activity);
        var entry = new JsonObject { ["activity"] = redactor.ToJson(activity.Node), ["output"] = null, ["start"] = Journal.Time(run.Start) };
        int place;
        lock (_lock)
        {
            place = _played.Count;
            _played.Add(null);
        }

        journal.Update(_ => entries.Add(entry));
        try
        {
            run = skipped ? Skip(run, activity) : await WorkAsync(run, activity, cancellationToken);
        }
        finally
        {
            run = run with { End = connection.Time.GetUtcNow() };
            lock (_lock) _played[place] = run;
            journal.Update(_ => Complete(entry, run));
        }

        journal.SaveSometimes();
        if (!skipped) await PauseAsync(activity.PauseAfter, $"after '{activity.Name}'", cancellationToken);
        return run;
    }

    /// <summary>Carries a probe out without a place in the journal.</summary>
    public async Task<ActivityRun> LookAsync(ExperimentActivity probe, CancellationToken cancellationToken)
    {
        var run = Begin(RunPhase.After, probe);
        return Skips(probe.Kind) ? Skip(run, probe) : await WorkAsync(run, probe, cancellationToken);
    }

    private ActivityRun Begin(RunPhase phase, ExperimentActivity activity)
    {
        var now = connection.Time.GetUtcNow();
        return new ActivityRun { Phase = phase, Name = activity.Name, Kind = activity.Kind, Status = ActivityStatus.Interrupted, Start = now, End = now };
    }

    private bool Skips(ActivityKind kind) => options.Dry is DryMode.Activities || options.Dry == (kind == ActivityKind.Probe ? DryMode.Probes : DryMode.Actions);

    private static ActivityRun Skip(ActivityRun run, ExperimentActivity activity) =>
        run with { Status = ActivityStatus.Skipped, ToleranceMet = Tolerance(run, activity) is null ? null : true };

    /// <summary>What the output is held against: tolerances count in the hypothesis.</summary>
    private static DocumentNode? Tolerance(ActivityRun run, ExperimentActivity activity) =>
        run.Phase is RunPhase.Method or RunPhase.Rollbacks ? null : activity.Tolerance;

    /// <summary>Carries an activity out and holds what came of it against its tolerance.</summary>
    private async Task<ActivityRun> WorkAsync(ActivityRun run, ExperimentActivity activity, CancellationToken cancellationToken)
    {
        var tolerance = Tolerance(run, activity);
        var expected = tolerance is null ? null : DocumentValues.ToValue(tolerance);
        var judgedAsThere = options.Compatibility == RunCompatibility.ChaosToolkit;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var context = Context with
            {
                Phase = run.Phase,
                Activity = activity.Name,
                Targets = Targets.GetValueOrDefault(activity, []),
                All = [.. Targets.Values.SelectMany(static targets => targets)],
            };
            var output = await HeedAsync(() => activity.Provider.RunAsync(context, cancellationToken), cancellationToken);
            run = run with { Status = ActivityStatus.Succeeded, Output = redactor.ToJson(output) };
            if (tolerance is null) return run;
            var verdict = activity.ToleranceProbe is { } probe
                ? await ProbeAsync(probe, context, output, cancellationToken)
                : Tolerances.Evaluate(expected, output, context.Substitution);
            if (judgedAsThere && verdict.Problem is { } crash) throw new ToolkitCrash(activity.Name, ChaosErrors.ToleranceNotEvaluable(activity.Name, crash));
            return run with
            {
                ToleranceMet = verdict.Met,
                Expected = redactor.Redact(verdict.Expected),
                Got = redactor.Redact(verdict.Got),
                Reason = verdict.Problem is { } problem ? redactor.Redact(problem) : null,
            };
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && cancellationToken.IsCancellationRequested) && exception is not ToolkitCrash)
        {
            if (judgedAsThere && ToolkitVerdict.IsCrash(exception)) throw new ToolkitCrash(activity.Name, exception);
            var reason = redactor.Redact(Describe(exception));
            run = run with { Status = ActivityStatus.Failed, Reason = reason };
            if (tolerance is null) return run;
            return run with
            {
                ToleranceMet = false,
                Expected = redactor.Redact(Tolerances.Expected(expected, Context.Substitution, activity.Provider.HasStatus)),
                Got = $"nothing: {reason}",
            };
        }
    }

    /// <summary>Holds an output against a tolerance that is a probe: it gets the output as its argument <c>value</c>, and says true or false.</summary>
    private static async Task<ToleranceVerdict> ProbeAsync(
        ToleranceProbe probe, ActivityContext context, object? output, CancellationToken cancellationToken)
    {
        var expected = $"'{probe.Name}' to agree";
        try
        {
            var answer = await probe.With(output).RunAsync(context, cancellationToken);
            return new ToleranceVerdict(PythonValue.IsTrue(answer), expected, Tolerances.Shown(answer));
        }
        catch (ChaosException exception) when (!ToolkitVerdict.IsCrash(exception))
        {
            return new ToleranceVerdict(false, expected, $"nothing: {exception.Message}");
        }
    }

    /// <summary>Waits for an activity, and no longer than a moment beyond the end of the run, whether the activity heeds it, hangs or blocks.</summary>
    private async Task<object?> HeedAsync(Func<Task<object?>> work, CancellationToken cancellationToken)
    {
        // On a virtual clock nothing hangs on its own, and whoever waits is counted: nobody may be left behind.
        if (connection.Time is VirtualClock) return await work();
        var activity = Task.Run(work, CancellationToken.None);
        var hangs = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        ITimer? patience = null;
        await using var registration = cancellationToken.Register(() => patience = options.Patience.CreateTimer(
            _ => hangs.TrySetCanceled(cancellationToken), null, s_heed, Timeout.InfiniteTimeSpan));
        var first = await Task.WhenAny(activity, hangs.Task);
        patience?.Dispose();
        return await first;
    }

    private async Task PauseAsync(DocumentNode? pause, string when, CancellationToken cancellationToken)
    {
        // Validation has refused what is no pause; what a probe of the configuration found is known only now.
        if (options.Dry == DryMode.Pause || pause is null) return;
        var length = PauseLength.Read(pause, Context.Substitution)
            ?? throw ChaosErrors.PauseInvalid(PythonValue.Repr(Context.Substitution.Apply(DocumentValues.ToValue(pause))), when);
        if (length == TimeSpan.Zero) return;
        log.Write(ChaosLogLevel.Information, $"Pausing {Text.Seconds(length)} {when}.");
        log.Progress(title, $"Pausing {Text.Seconds(length)} {when}", Percent, completed: false);
        await connection.Time.DelayAsync(length, cancellationToken);
    }

    /// <summary>What an exception says, for people.</summary>
    internal static string Describe(Exception exception) =>
        exception is ChaosException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}";

    /// <summary>The rest of an activity's entry, in the order of the original: of one that was cut there is no status.</summary>
    private static void Complete(JsonObject entry, ActivityRun run)
    {
        entry["output"] = run.Output?.DeepClone();
        if (run.Status != ActivityStatus.Interrupted) entry["status"] = run.Status == ActivityStatus.Failed ? "failed" : "succeeded";
        if (run.Status == ActivityStatus.Failed) entry["exception"] = new JsonArray($"ActivityFailed: {run.Reason}");
        entry["end"] = Journal.Time(run.End);
        entry["duration"] = Journal.Seconds(run.Duration);
        if (run.ToleranceMet is { } met) entry["tolerance_met"] = met;
        if (run.Status == ActivityStatus.Skipped) entry["dry"] = true;
        if (run.Expected is null) return;
        entry["expected"] = run.Expected;
        entry["got"] = run.Got;
        if (run.Status == ActivityStatus.Succeeded && run.Reason is not null) entry["reason"] = run.Reason;
    }
}
