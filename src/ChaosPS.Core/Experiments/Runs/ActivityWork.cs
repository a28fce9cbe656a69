using ChaosPS.Errors;
using ChaosPS.Experiments.Controls;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Experiments.Runs;

/// <summary>Carries the activities of a run out, and holds what comes of them against their tolerances.</summary>
/// <param name="connection">The cluster, and the clock of the run.</param>
/// <param name="options">How the run is run.</param>
/// <param name="redactor">Takes secrets out of all that is written.</param>
internal sealed class ActivityWork(ChaosConnection connection, RunOptions options, Redactor redactor)
{
    /// <summary>How long an activity has to heed the end of the run; after that it is left behind.</summary>
    private static readonly TimeSpan s_heed = TimeSpan.FromMilliseconds(800);

    /// <summary>What activities work with.</summary>
    public required ActivityContext Context { get; set; }

    /// <summary>What controls make of them.</summary>
    public ControlPlan Controls { get; set; } = ControlPlan.None;

    /// <summary>What each was resolved to before anything was touched.</summary>
    public Dictionary<ExperimentActivity, IReadOnlyList<ActivityTarget>> Targets { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>An activity that begins now.</summary>
    public ActivityRun Begin(RunPhase phase, ExperimentActivity activity)
    {
        var now = connection.Time.GetUtcNow();
        return new ActivityRun { Phase = phase, Name = activity.Name, Kind = activity.Kind, Status = ActivityStatus.Interrupted, Start = now, End = now };
    }

    /// <summary>Whether an activity is only pretended, by the run or by a control.</summary>
    public bool Skips(ExperimentActivity activity) =>
        options.Dry is DryMode.Activities
        || options.Dry == (activity.Kind == ActivityKind.Probe ? DryMode.Probes : DryMode.Actions)
        || (options.Dry == DryMode.Actions && activity.Provider is NativeProvider { Activity.Kind: ActivityKind.Action }) // whatever it calls itself
        || Controls.Of(activity).BypassedBy is not null;

    /// <summary>An activity that is not carried out.</summary>
    public ActivityRun Skip(ActivityRun run, ExperimentActivity activity) => run with
    {
        Status = ActivityStatus.Skipped,
        ToleranceMet = run.Phase is not (RunPhase.Method or RunPhase.Rollbacks) && activity.Tolerance is not null ? true : null,
        Reason = Controls.Of(activity).BypassedBy is { } control ? $"left out by the control '{control}'" : null,
    };

    /// <summary>Carries a probe out once, without a place in the journal. Whatever keeps it from its work, it is then not within its tolerance.</summary>
    public async Task<ActivityRun> LookAsync(ExperimentActivity probe, CancellationToken cancellationToken)
    {
        var run = Begin(RunPhase.After, probe);
        return Skips(probe) ? Skip(run, probe) : await OnceAsync(run, probe, judgedAsThere: false, cancellationToken);
    }

    /// <summary>Carries an activity out; where a control waits for its tolerance, as often as it takes.</summary>
    /// <exception cref="ToolkitCrash">It failed as what crashes the Chaos Toolkit, and the run is judged as there.</exception>
    public Task<ActivityRun> DoAsync(ActivityRun run, ExperimentActivity activity, CancellationToken cancellationToken)
    {
        var judgedAsThere = options.Compatibility == RunCompatibility.ChaosToolkit;
        return Controls.Of(activity).Wait is { } wait
            ? UntilAsync(wait, run, activity, judgedAsThere, cancellationToken)
            : OnceAsync(run, activity, judgedAsThere, cancellationToken);
    }

    /// <summary>Carries a probe out again and again until it is within its tolerance, or the time is over.</summary>
    private async Task<ActivityRun> UntilAsync(
        ToleranceWait wait, ActivityRun run, ExperimentActivity activity, bool judgedAsThere, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(wait.Timeout, connection.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var last = NotMet(run with { Attempts = 0 }, activity, $"it did not answer within {Text.Seconds(wait.Timeout)}");
        try
        {
            while (true)
            {
                last = await OnceAsync(run with { Attempts = last.Attempts + 1 }, activity, judgedAsThere, either.Token);
                if (last.ToleranceMet == true) return last;
                await connection.Time.DelayAsync(wait.Interval, either.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return last with { Reason = last.Reason ?? $"waited for {Text.Seconds(wait.Timeout)}" };
        }
    }

    /// <summary>What the output is held against: tolerances count in the hypothesis, and where a control says so.</summary>
    private DocumentNode? Tolerance(ActivityRun run, ExperimentActivity activity) =>
        run.Phase is RunPhase.Method or RunPhase.Rollbacks && !Controls.Of(activity).HoldsTolerance ? null : activity.Tolerance;

    /// <summary>Carries an activity out and holds what came of it against its tolerance.</summary>
    private async Task<ActivityRun> OnceAsync(ActivityRun run, ExperimentActivity activity, bool judgedAsThere, CancellationToken cancellationToken)
    {
        var tolerance = Tolerance(run, activity);
        var expected = tolerance is null ? null : DocumentValues.ToValue(tolerance);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var context = Context with
            {
                Phase = run.Phase,
                Activity = activity.Name,
                Targets = Targets.GetValueOrDefault(activity, []),
            };

            // On a virtual clock nothing hangs on its own, and whoever waits is counted: nobody may be left behind.
            var output = await (connection.Time is VirtualClock
                ? activity.Provider.CarryOutAsync(context, cancellationToken)
                : HeedAsync(() => activity.Provider.CarryOutAsync(context, cancellationToken), cancellationToken));
            run = run with { Status = ActivityStatus.Succeeded, Output = redactor.ToJson(output) };
            if (tolerance is null) return run;
            var verdict = activity.ToleranceProbe is { } probe
                ? await ProbeAsync(probe, context, output, cancellationToken)
                : Tolerances.Evaluate(expected, output, context.Substitution, redactor);
            if (judgedAsThere && verdict.Problem is { } crash) throw new ToolkitCrash(activity.Name, ChaosErrors.ToleranceNotEvaluable(activity.Name, crash));
            return run with
            {
                ToleranceMet = verdict.Met,
                Expected = redactor.Redact(verdict.Expected),
                Got = redactor.Redact(verdict.Got),
                Reason = verdict.Problem is { } problem ? redactor.Redact(problem) : null,
                ErrorId = verdict.Problem is null ? null : ChaosErrors.ToleranceNotEvaluable(activity.Name, verdict.Problem).ErrorId,
            };
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && cancellationToken.IsCancellationRequested) && exception is not ToolkitCrash)
        {
            if (judgedAsThere && ToolkitVerdict.IsCrash(exception)) throw new ToolkitCrash(activity.Name, exception);
            return NotMet(run with { ErrorId = ToolkitCrash.IdOf(exception) }, activity, redactor.Redact(Describe(exception)));
        }
    }

    /// <summary>An activity that failed; if it has a tolerance, that is not met.</summary>
    private ActivityRun NotMet(ActivityRun run, ExperimentActivity activity, string reason)
    {
        run = run with { Status = ActivityStatus.Failed, Reason = reason };
        if (Tolerance(run, activity) is not { } tolerance) return run;
        return run with
        {
            ToleranceMet = false,
            Expected = redactor.Redact(Tolerances.Expected(DocumentValues.ToValue(tolerance), Context.Substitution, activity.Provider.HasStatus, redactor)),
            Got = $"nothing: {reason}",
        };
    }

    /// <summary>Holds an output against a tolerance that is a probe: it gets the output as its argument <c>value</c>, and says true or false.</summary>
    private async Task<ToleranceVerdict> ProbeAsync(
        ToleranceProbe probe, ActivityContext context, object? output, CancellationToken cancellationToken)
    {
        var expected = $"'{probe.Name}' to agree";
        try
        {
            var answer = await probe.With(output).CarryOutAsync(context, cancellationToken);
            return new ToleranceVerdict(PythonValue.IsTrue(answer), expected, Tolerances.Shown(answer, redactor));
        }
        catch (ChaosException exception) when (!ToolkitVerdict.IsCrash(exception))
        {
            return new ToleranceVerdict(false, expected, $"nothing: {exception.Message}");
        }
    }

    /// <summary>Waits for an activity, and no longer than a moment beyond the end of the run, whether the activity heeds it, hangs or blocks.</summary>
    private async Task<object?> HeedAsync(Func<Task<object?>> work, CancellationToken cancellationToken)
    {
        var activity = Task.Run(work, CancellationToken.None);
        var hangs = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        ITimer? patience = null;
        await using var registration = cancellationToken.Register(() => patience = options.Patience.CreateTimer(
            _ => hangs.TrySetCanceled(cancellationToken), null, s_heed, Timeout.InfiniteTimeSpan));
        var first = await Task.WhenAny(activity, hangs.Task);
        patience?.Dispose();
        return await first;
    }

    /// <summary>What an exception says, for people.</summary>
    internal static string Describe(Exception exception) =>
        exception is ChaosException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}";
}
