using ChaosPS.Ports;

namespace ChaosPS.Experiments.Runs;

/// <summary>One run of an experiment, from its first look at the targets to the last thing put back.</summary>
internal sealed class ExperimentRun : IDisposable
{
    private readonly RunScope _run;
    private readonly RunLeaseHold _lease;
    private readonly RunPreparation _preparation;
    private readonly SafeguardWatch _safeguards;
    private readonly HypothesisChecks _hypothesis;
    private readonly MethodPlay _method;
    private readonly RollbackPlay _rollbacks;
    private readonly RunUndo _undo;

    /// <summary>Puts a run together.</summary>
    public ExperimentRun(RunScope run)
    {
        _run = run;
        _lease = new RunLeaseHold(run);
        _preparation = new RunPreparation(run, _lease);
        _safeguards = new SafeguardWatch(run);
        _hypothesis = new HypothesisChecks(run);
        _method = new MethodPlay(run, _hypothesis);
        _rollbacks = new RollbackPlay(run);
        _undo = new RunUndo(run, _hypothesis);
    }

    /// <summary>Lets go of what watches the run and renews its mark.</summary>
    public void Dispose()
    {
        _lease.Dispose();
        _safeguards.Dispose();
    }

    /// <summary>Runs it to its end.</summary>
    public async Task<ChaosRun> RunAsync(CancellationToken cancellationToken)
    {
        var start = _run.Time.GetUtcNow();
        _run.Log.Write(ChaosLogLevel.Information, _run.Options.RehearsalOf is { } original
            ? $"Rehearsing on a copy of {original}, which is not touched: {_run.Title}"
            : $"Running the experiment: {_run.Title}");
        await TestAsync(cancellationToken);
        await _rollbacks.PlayAsync();
        var undo = await _undo.UndoAsync();
        await _lease.ReleaseAsync(undo.Complete);
        return RunEnding.End(_run, start, undo);
    }

    /// <summary>All that may be interrupted. However it ends, what was changed is put back after it.</summary>
    private async Task TestAsync(CancellationToken cancellationToken)
    {
        using var interruption = new RunInterruption(_run, cancellationToken);
        interruption.Begin();
        try
        {
            await ExperimentAsync(interruption);
            if (_run.Verdict.MethodEntered) interruption.Token.ThrowIfCancellationRequested(); // what was played last may not have noticed
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            _run.Verdict.Interrupted(interruption.Reason ?? "The run was interrupted.");
            _run.Journal.Defer();
        }
        catch (Exception exception)
        {
            Crashed(exception);
        }

        await EndAsync(_safeguards.EndAsync);
        await EndAsync(interruption.EndAsync);
    }

    /// <summary>Ends what has watched. However that fails, it must not come between the run and its undo.</summary>
    private async Task EndAsync(Func<Task> end)
    {
        try
        {
            await end();
        }
        catch (Exception exception)
        {
            Crashed(exception);
        }
    }

    private void Crashed(Exception exception) =>
        _run.Verdict.Crashed(_run.Verdict.MethodEntered ? RunOutcome.ActivityFailed : RunOutcome.NotStarted, "The run", exception);

    private async Task ExperimentAsync(RunInterruption interruption)
    {
        var cancellationToken = interruption.Token;
        if (!await _preparation.PrepareAsync(cancellationToken) || !await IsGuardedAsync(cancellationToken)) return;
        _safeguards.Begin(interruption);
        if (_hypothesis.Before && !await IsSteadyAsync(cancellationToken)) return;
        await _run.Prediction.MakeAsync(cancellationToken);
        await _method.PlayAsync(cancellationToken);
        if (_hypothesis.After && !(_run.JudgedAsThere && !_run.Verdict.Toolkit.GoesOnAfterMethod)) await JudgeAsync(cancellationToken);
    }

    private async Task<bool> IsGuardedAsync(CancellationToken cancellationToken)
    {
        if (await _safeguards.LookFirstAsync(cancellationToken) is not { } notMet) return true;
        _run.Verdict.Guarded($"A safeguard was not met before the method, so nothing was done. {notMet}");
        return false;
    }

    /// <summary>Nothing is broken in a system that is not well.</summary>
    private async Task<bool> IsSteadyAsync(CancellationToken cancellationToken)
    {
        var before = await _hypothesis.CheckAsync(RunPhase.Before, cancellationToken);
        if (before.NotMet is { } notMet)
        {
            _run.Verdict.Toolkit.NotMetBefore(before.ProbeFailed);
            _run.Verdict.Setback(RunOutcome.NotStarted, $"The steady state was not met before the method, so nothing was done. {notMet}");
            return false;
        }

        _run.Verdict.SteadyBefore = before.Seen > 0;
        return true;
    }

    private async Task JudgeAsync(CancellationToken cancellationToken)
    {
        var after = await _hypothesis.CheckAsync(RunPhase.After, cancellationToken);
        if (after.NotMet is not { } deviation) return;
        _run.Verdict.Toolkit.NotMetAfter(after.ProbeFailed);
        _run.Verdict.Setback(RunOutcome.Deviated, $"The steady state was not met after the method. {deviation}");
    }
}
