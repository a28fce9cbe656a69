using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Experiments.Runs;

/// <summary>Puts back what a run changed and its rollbacks did not put back.</summary>
internal sealed class RunUndo(RunScope run, HypothesisChecks hypothesis)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    /// <summary>Puts it back, then waits until users are served again.</summary>
    public async Task<UndoResult> UndoAsync()
    {
        run.Changes.Close();
        if (!run.Changes.Any) return new UndoResult([], []);
        run.Log.Progress(run.Title, "Putting back what was changed", run.Player.Percent, completed: false);
        UndoResult undo;
        try
        {
            using var limit = new CancellationTokenSource(run.Options.RollbackTimeout, run.Time);
            undo = await run.Changes.UndoAsync(includeHeld: false, limit.Token);
        }
        catch (Exception exception)
        {
            undo = new UndoResult([], [$"The undo ended unexpectedly: {ActivityWork.Describe(exception)} What is left is in {run.Recovery.Folder}."]);
        }

        if (undo.Complete && run.Verdict.SteadyBefore) undo = await WaitForSteadyStateAsync(undo);
        foreach (var remaining in undo.Remaining) run.Verdict.Setback(RunOutcome.RollbackIncomplete, remaining);
        return undo;
    }

    /// <summary>The machines are back; pods, endpoints and caches may need longer.</summary>
    private async Task<UndoResult> WaitForSteadyStateAsync(UndoResult undo)
    {
        var began = run.Time.GetUtcNow();
        run.Log.Write(ChaosLogLevel.Information, "Waiting until the steady state holds again.");
        using var limit = new CancellationTokenSource(run.Options.SteadyStateTimeout, run.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, run.Hurried);
        string? notMet = null;
        try
        {
            while (true)
            {
                notMet = await hypothesis.LookAsync(either.Token);
                if (notMet is null) break;
                run.Log.Progress(run.Title, $"Waiting for the steady state: {notMet}", run.Player.Percent, completed: false);
                await run.Time.DelayAsync(s_interval, either.Token);
            }
        }
        catch (OperationCanceledException) when (run.Hurried.IsCancellationRequested)
        {
            return undo with { Remaining = [.. undo.Remaining, "All machines are as before; the steady state was not waited for, for the process had seconds left."] };
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            notMet ??= "the probes did not answer in time.";
        }

        var waited = Text.Seconds(run.Time.GetUtcNow() - began);
        return notMet is null
            ? undo with { Steps = [.. undo.Steps, $"The steady state holds again after {waited}."] }
            : undo with { Remaining = [.. undo.Remaining, $"All machines are as before, but the steady state does not hold again after {waited}: {notMet}"] };
    }
}
