namespace ChaosPS.Experiments.Runs;

/// <summary>What was not carried out of a run in which nothing went wrong: that nothing was tested must not pass for a test.</summary>
internal static class Pretence
{
    /// <summary>Judges such a run, and says what was left out of it; the reason is null when nothing was.</summary>
    public static (RunOutcome Outcome, string? Reason) Judge(Experiment experiment, DryMode? dry, IReadOnlyList<ActivityRun> played)
    {
        ActivityRun[] skipped = [.. played.Where(static run => run.Status == ActivityStatus.Skipped)];
        var left = dry switch
        {
            DryMode.Pause => "Dry run: the pauses were left out.",
            not null => $"Dry run: {skipped.Length} of {played.Count} activities were not carried out.",
            null => skipped.Length == 0 ? null : $"{skipped.Length} of {played.Count} activities were left out by controls.",
        };
        if (skipped.Length > 0 && dry is not (null or DryMode.Pause)) return (RunOutcome.Untested, left);
        if (!HeldAnything(played) && (experiment.Hypothesis is not null || skipped.Any(static run => run.Kind == ActivityKind.Probe)))
            return (RunOutcome.Untested, $"Nothing was held against a tolerance: {left ?? "no check of the hypothesis was carried out."}");
        if (LeftOutActions(played)) return (RunOutcome.Untested, $"No action of the method was carried out: {left}");
        return (RunOutcome.Passed, left);
    }

    private static bool HeldAnything(IReadOnlyList<ActivityRun> played) => played.Any(static run => run is { ToleranceMet: not null, Status: not ActivityStatus.Skipped });

    /// <summary>Whether the method has actions, and none of them was carried out.</summary>
    private static bool LeftOutActions(IReadOnlyList<ActivityRun> played)
    {
        ActivityRun[] actions = [.. played.Where(static run => run is { Phase: RunPhase.Method, Kind: ActivityKind.Action })];
        return actions.Length > 0 && Array.TrueForAll(actions, static run => run.Status == ActivityStatus.Skipped);
    }
}
