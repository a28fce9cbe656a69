using ChaosPS.Time;

namespace ChaosPS.Experiments.Runs;

/// <summary>Plays the method of a run.</summary>
internal sealed class MethodPlay(RunScope run, HypothesisChecks hypothesis)
{
    /// <summary>Plays it, and checks the hypothesis beside it when the strategy says so.</summary>
    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        run.Verdict.MethodEntered = true;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beside = hypothesis.During
            ? run.Time.RunAsync(() => hypothesis.CheckUntilAsync(end, over.Token, cancellationToken))
            : Task.CompletedTask;
        try
        {
            await run.PlayAllAsync(RunPhase.Method, () => run.JudgedAsThere && !run.Verdict.Toolkit.GoesOn, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The hypothesis was not met beside it, which has been said.
        }
        catch (ToolkitCrash crash)
        {
            run.Verdict.MethodCrashed(crash);
        }
        finally
        {
            await over.CancelAsync();
            await run.Time.WhenAllAsync([beside]);
            Judge();
        }
    }

    /// <summary>An activity that failed proves nothing; what a tolerance was held against, and was not met, is a weakness.</summary>
    private void Judge()
    {
        foreach (var played in run.Player.Played(RunPhase.Method))
        {
            if (played.ToleranceMet == false && !(played is { Kind: ActivityKind.Action, Status: ActivityStatus.Failed }))
            {
                run.Verdict.Toolkit.NotMetInMethod();
                run.Verdict.Setback(RunOutcome.Deviated, $"A tolerance of the method was not met. {played.Unmet}");
            }
            else if (played.HasFailed)
            {
                run.Verdict.Setback(RunOutcome.ActivityFailed, $"'{played.Name}' of the method failed: {played.Reason ?? played.ErrorId}");
            }
        }
    }
}
