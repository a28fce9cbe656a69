using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments.Runs;

/// <summary>Plays the rollbacks that an experiment declares.</summary>
internal sealed class RollbackPlay(RunScope run)
{
    /// <summary>Plays them if the table says so, each whatever became of the others; on a token and a time of their own.</summary>
    public async Task PlayAsync()
    {
        if (run.Experiment.Rollbacks.Count == 0 || run.Options.Undo?.SkipsRollbacks == true || !run.Verdict.PlaysRollbacks(run.RollbackStrategy)) return;
        run.Log.Write(ChaosLogLevel.Information, "Playing the rollbacks.");
        try
        {
            await PlayAllAsync();
        }
        catch (Exception exception)
        {
            // Rollbacks are the experiment's; what is left to put back is ours, whatever became of them.
            run.Verdict.Crashed(RunOutcome.RollbackIncomplete, "The rollbacks", exception);
        }

        foreach (var played in run.Player.Played(RunPhase.Rollbacks))
        {
            if (played.HasFailed)
                run.Verdict.Setback(RunOutcome.RollbackIncomplete, $"The rollback '{played.Name}' failed: {played.Reason ?? played.ErrorId}");
            else if (played.ToleranceMet == false)
                run.Verdict.Setback(RunOutcome.RollbackIncomplete, $"A tolerance of the rollbacks was not met. {played.Unmet}");
        }
    }

    private async Task PlayAllAsync()
    {
        // An activity of the method that was left behind may still have its turn at the machines, and never give it back.
        run.Work.Context = run.Work.Context with { Power = run.NewPower() };
        using var limit = new CancellationTokenSource(run.Options.RollbackTimeout, run.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, run.Hurried);
        try
        {
            await run.PlayAllAsync(RunPhase.Rollbacks, static () => false, either.Token);
        }
        catch (OperationCanceledException)
        {
            run.Verdict.Setback(RunOutcome.RollbackIncomplete, run.Hurried.IsCancellationRequested
                ? "The rollbacks were cut short, for the process had seconds left."
                : $"The rollbacks took longer than {Text.Seconds(run.Options.RollbackTimeout)}.");
        }
    }
}
