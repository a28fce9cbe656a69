using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Experiments.Runs;

/// <summary>What has gone wrong in a run, and what is made of it: by our judgement, and by the Chaos Toolkit's.</summary>
internal sealed class RunVerdict(RunOptions options, Redactor redactor, IChaosLog log)
{
    private readonly Lock _lock = new();
    private readonly List<(RunOutcome Outcome, string Reason)> _setbacks = [];
    private bool _aborted;
    private bool _guarded;
    private string? _errorId;

    /// <summary>What the Chaos Toolkit makes of it.</summary>
    public ToolkitVerdict Toolkit { get; } = new();

    /// <summary>Whether the method was entered: from then on something may have been changed.</summary>
    public bool MethodEntered { get; set; }

    /// <summary>Whether the steady state was seen to hold, so that it can be waited for in the end.</summary>
    public bool SteadyBefore { get; set; }

    /// <summary>The id of the error that kept the run from starting; null when there was none.</summary>
    public string? ErrorId => _errorId;

    /// <summary>The id of the error that ended what was being played, where it is judged as the Chaos Toolkit judges, or was foreseen by nobody; null when there was none.</summary>
    public string? CrashId { get; private set; }

    private bool JudgedAsThere => options.Compatibility == RunCompatibility.ChaosToolkit;

    /// <summary>Something has gone wrong.</summary>
    public void Setback(RunOutcome outcome, string reason)
    {
        lock (_lock) _setbacks.Add((outcome, redactor.Redact(reason)));
        log.Write(ChaosLogLevel.Warning, reason);
    }

    /// <summary>Whether something of that kind has gone wrong.</summary>
    public bool Has(RunOutcome outcome)
    {
        lock (_lock) return _setbacks.Exists(setback => setback.Outcome == outcome);
    }

    /// <summary>An error kept the run from starting.</summary>
    public void Refused(ChaosException refusal)
    {
        _errorId = refusal.ErrorId;
        Setback(RunOutcome.NotStarted, refusal.RecommendedAction is { } advice ? $"{refusal.Message} {advice}" : refusal.Message);
    }

    /// <summary>The run was interrupted.</summary>
    public void Interrupted(string reason)
    {
        Toolkit.Interrupted();
        Setback(RunOutcome.Interrupted, reason);
    }

    /// <summary>What guards the run kept it from starting.</summary>
    public void Guarded(string reason)
    {
        _guarded = true;
        Toolkit.Interrupted();
        Setback(RunOutcome.NotStarted, reason);
    }

    /// <summary>The method ends as that of the Chaos Toolkit, which does not catch what has happened.</summary>
    public void MethodCrashed(ToolkitCrash crash)
    {
        CrashId ??= crash.ErrorId;
        Toolkit.MethodCrashed();
        Setback(RunOutcome.ActivityFailed, crash.Message);
    }

    /// <summary>Something happened that nobody has foreseen.</summary>
    public void Crashed(RunOutcome outcome, string what, Exception exception)
    {
        CrashId ??= exception is ToolkitCrash crash ? crash.ErrorId : ToolkitCrash.IdOf(exception);
        _aborted = true;
        Toolkit.Crashed();
        Setback(outcome, $"{what} ended unexpectedly: {ActivityWork.Describe(exception)}");
    }

    /// <summary>The worst that has happened, and why.</summary>
    public (RunOutcome Outcome, string? Reason) Worst()
    {
        lock (_lock) return _setbacks.Count == 0 ? (RunOutcome.Passed, null) : _setbacks.MaxBy(static setback => setback.Outcome);
    }

    /// <summary>The Chaos Toolkit's word for what became of the run.</summary>
    /// <param name="played">What was played.</param>
    public string Status(IReadOnlyList<ActivityRun> played) =>
        JudgedAsThere ? Toolkit.Status
        : _guarded || Has(RunOutcome.Interrupted) ? "interrupted"
        : _aborted ? "aborted"
        : _errorId is not null || played.Any(static run => run is { Status: ActivityStatus.Failed, Phase: not RunPhase.Rollbacks }) ? "failed"
        : "completed";

    /// <summary>Whether the steady state was not met after the method, or while it was played.</summary>
    public bool Deviated => JudgedAsThere ? Toolkit.Deviated : Has(RunOutcome.Deviated);

    /// <summary>The exit code: the outcome's number, or the Chaos Toolkit's. A dry run that tests nothing has done what it was to do.</summary>
    public int ExitCode(RunOutcome outcome, UndoResult undo) =>
        JudgedAsThere ? (undo.Complete && _errorId is null ? Toolkit.ExitCode : 1)
        : outcome == RunOutcome.Untested && options.Dry is not (null or DryMode.Pause) ? (int)RunOutcome.Passed
        : (int)outcome;

    /// <summary>Whether the declared rollbacks are played. Those of a run that was refused are not: their targets may be what it was refused for.</summary>
    public bool PlaysRollbacks(RollbackStrategy strategy) => _errorId is null && (JudgedAsThere
        ? RollbackTable.PlaysThere(strategy, Toolkit.Status, Toolkit.Deviated, Toolkit.HasCrashed)
        : RollbackTable.Plays(strategy, MethodEntered, Has(RunOutcome.Deviated)));
}
