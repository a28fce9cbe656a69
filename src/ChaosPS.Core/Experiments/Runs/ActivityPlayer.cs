using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Experiments.Runs;

/// <summary>Plays the activities of a run in their order and between their pauses, and writes what became of each.</summary>
/// <param name="work">Carries them out.</param>
/// <param name="connection">The clock of the run.</param>
/// <param name="options">How the run is run.</param>
/// <param name="journal">Takes an entry for each activity.</param>
/// <param name="redactor">Takes secrets out of all that is written.</param>
/// <param name="log">Says what is played.</param>
/// <param name="title">The run's title, for progress.</param>
/// <param name="planned">How many activities may be played, for progress.</param>
internal sealed class ActivityPlayer(
    ActivityWork work, ChaosConnection connection, RunOptions options, Journal journal, Redactor redactor, IChaosLog log, string title, int planned)
{
    private readonly Lock _lock = new();
    private readonly List<ActivityRun?> _played = [];
    private int _ended;

    /// <summary>How much of what may be played has been, in percent.</summary>
    public int Percent => planned == 0 ? 0 : Math.Min(100, Volatile.Read(ref _ended) * 100 / planned);

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
                if (activity.Background) background.Add(connection.Time.RunAsync(() => PlayBesideAsync(phase, activity, entries, cancellationToken)));
                else if (await PlayAsync(phase, activity, entries, cancellationToken) is { ToleranceMet: false } && EndsMethod(phase, activity)) break;
            }
        }
        finally
        {
            if (background.Count > 0) await connection.Time.WhenAllAsync(background);
        }
    }

    /// <summary>Plays an activity in the background, where the original does not look at what it crashes of.</summary>
    private async Task PlayBesideAsync(RunPhase phase, ExperimentActivity activity, JsonArray entries, CancellationToken cancellationToken)
    {
        try
        {
            await PlayAsync(phase, activity, entries, cancellationToken);
        }
        catch (ToolkitCrash crash)
        {
            log.Write(ChaosLogLevel.Warning, $"In the background: {crash.Message}");
        }
    }

    /// <summary>
    /// Plays one activity between its pauses, as often as its controls say. Only the end of the run is thrown, and a crash that is to be judged as the Chaos
    /// Toolkit judges it.
    /// </summary>
    /// <returns>What became of it the last time.</returns>
    public async Task<ActivityRun> PlayAsync(RunPhase phase, ExperimentActivity activity, JsonArray entries, CancellationToken cancellationToken)
    {
        var controls = work.Controls.Of(activity);
        var run = await PlayOnceAsync(phase, activity, entries, 0, cancellationToken);
        for (var iteration = 1; iteration < controls.Count; iteration++)
        {
            if (controls.EndsOnFailure && run.Status == ActivityStatus.Failed) break;
            if (run.ToleranceMet == false && phase is not (RunPhase.Method or RunPhase.Rollbacks)) break;
            run = await PlayOnceAsync(phase, activity, entries, iteration, cancellationToken);
        }

        return run;
    }

    /// <summary>What comes after a wait presumes what was waited for. Rollbacks are played all the same.</summary>
    private bool EndsMethod(RunPhase phase, ExperimentActivity activity)
    {
        if (phase != RunPhase.Method || work.Controls.Of(activity).Wait is null) return false;
        log.Write(ChaosLogLevel.Warning, $"The method ends here: what '{activity.Name}' waited for has not come.");
        return true;
    }

    private async Task<ActivityRun> PlayOnceAsync(
        RunPhase phase, ExperimentActivity activity, JsonArray entries, int iteration, CancellationToken cancellationToken)
    {
        var skipped = work.Skips(activity);
        if (!skipped) await PauseAsync(activity.PauseBefore, $"before '{activity.Name}'", cancellationToken);
        log.Write(ChaosLogLevel.Information, $"{activity.Kind}: {activity.Name}{Remark(activity, skipped)}");
        log.Progress(title, activity.Name, Percent, completed: false);
        var run = work.Begin(phase, activity);
        var entry = new JsonObject { ["activity"] = Copy(activity, iteration), ["output"] = null, ["start"] = Journal.Time(run.Start) };
        int place;
        lock (_lock)
        {
            place = _played.Count;
            _played.Add(null);
        }

        journal.Update(_ => entries.Add(entry));
        try
        {
            run = skipped ? work.Skip(run, activity) : await work.DoAsync(run, activity, cancellationToken);
        }
        catch (ToolkitCrash crash)
        {
            run = run with { ErrorId = crash.ErrorId };
            throw;
        }
        finally
        {
            run = run with { End = connection.Time.GetUtcNow() };
            lock (_lock)
            {
                _played[place] = run;
                _ended++;
            }

            journal.Update(_ => Complete(entry, run));
        }

        if (!skipped) await PauseAsync(activity.PauseAfter, $"after '{activity.Name}'", cancellationToken);
        return run;
    }

    private string Remark(ExperimentActivity activity, bool skipped) =>
        !skipped ? "" : work.Controls.Of(activity).BypassedBy is { } control ? $" (left out by the control '{control}')" : " (dry: not carried out)";

    /// <summary>The activity as the add-ons of the original leave it in the journal: which time of several it is, and that it was left out.</summary>
    private JsonObject Copy(ExperimentActivity activity, int iteration)
    {
        var copy = redactor.ToJson(activity.Node);
        if (iteration > 0) copy["iteration_index"] = iteration;
        if (work.Controls.Of(activity).BypassedBy is not null) copy["dry"] = true;
        return copy;
    }

    private async Task PauseAsync(DocumentNode? pause, string when, CancellationToken cancellationToken)
    {
        // Validation has refused what is no pause; what a probe of the configuration found is known only now.
        if (options.Dry == DryMode.Pause || pause is null) return;
        var substitution = work.Context.Substitution;
        var length = PauseLength.Read(pause, substitution)
            ?? throw ChaosErrors.PauseInvalid(PythonValue.Repr(substitution.Apply(DocumentValues.ToValue(pause))), when);
        if (length == TimeSpan.Zero) return;
        log.Write(ChaosLogLevel.Information, $"Pausing {Text.Seconds(length)} {when}.");
        log.Progress(title, $"Pausing {Text.Seconds(length)} {when}", Percent, completed: false);
        await connection.Time.DelayAsync(length, cancellationToken);
    }

    /// <summary>The rest of an activity's entry, in the order of the original: of one that was cut there is no status.</summary>
    private static void Complete(JsonObject entry, ActivityRun run)
    {
        entry["output"] = run.Output;
        if (run.Status != ActivityStatus.Interrupted) entry["status"] = run.Status == ActivityStatus.Failed ? "failed" : "succeeded";
        if (run.Status == ActivityStatus.Failed) entry["exception"] = new JsonArray($"ActivityFailed: {run.Reason}");
        entry["end"] = Journal.Time(run.End);
        entry["duration"] = Journal.Seconds(run.Duration);
        if (run.ToleranceMet is { } met) entry["tolerance_met"] = met;
        if (run.Status == ActivityStatus.Skipped) entry["dry"] = true;
        if (run.Expected is not null)
        {
            entry["expected"] = run.Expected;
            entry["got"] = run.Got;
        }

        if (run.ErrorId is not null) entry["error_id"] = run.ErrorId;
        if (run.Attempts > 1) entry["attempts"] = run.Attempts;
        if (run.Status is ActivityStatus.Succeeded or ActivityStatus.Skipped && run.Reason is not null) entry["reason"] = run.Reason;
    }
}
