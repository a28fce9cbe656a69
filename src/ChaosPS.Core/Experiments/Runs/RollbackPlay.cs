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
            run.Verdict.Crashed(RunOutcome.RollbackIncomplete, $"The rollbacks ended unexpectedly: {ActivityPlayer.Describe(exception)}");
        }

        foreach (var failed in run.Player.Played(RunPhase.Rollbacks).Where(static activity => activity.Status == ActivityStatus.Failed))
            run.Verdict.Setback(RunOutcome.RollbackIncomplete, $"The rollback '{failed.Name}' failed: {failed.Reason}");
    }

    private async Task PlayAllAsync()
    {
        // An activity of the method that was left behind may still have its turn at the machines, and never give it back.
        run.Player.Context = run.Player.Context with { Power = run.NewPower() };
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
