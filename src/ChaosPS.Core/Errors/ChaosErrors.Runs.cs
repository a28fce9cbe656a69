using ChaosPS.Experiments;

namespace ChaosPS.Errors;

/// <content>What keeps a pipeline from passing.</content>
public static partial class ChaosErrors
{
    /// <summary>There was no run to judge.</summary>
    public static ChaosException NothingTested() => new(
        "NothingTested", ErrorKind.InvalidData, "There was no run, so nothing was tested.",
        "Look at what should have run: a path that fits no file, an experiment that was not confirmed, -WhatIf.", null);

    /// <summary>Runs did not pass. The id is that of the worst outcome among them.</summary>
    /// <param name="failed">The runs that did not pass, at least one.</param>
    /// <param name="count">How many runs there were.</param>
    public static ChaosException RunsNotPassed(IReadOnlyList<ChaosRun> failed, int count)
    {
        ArgumentNullException.ThrowIfNull(failed);
        var worst = failed.MaxBy(Badness)!;
        var text = failed.Count == 1 && count == 1
            ? Describe(failed[0])
            : string.Join("\n  ", [$"{failed.Count} of {count} runs did not pass.", .. failed.Select(Describe)]);
        var (id, remedy) = worst.Outcome switch
        {
            _ when Badness(worst) == 0 => ("RunDry", "Run it without -Dry, or let dry runs pass with -AllowDry."),
            RunOutcome.Untested => ("RunUntested", "Look at what leaves activities out: a control, or the strategy of the hypothesis."),
            RunOutcome.Deviated => ("RunDeviated", "The experiment found a weakness: the journal says which probe was not met, and when."),
            RunOutcome.NotStarted => ("RunNotStarted", "Nothing was touched, and nothing was tested: mend what the reason names."),
            RunOutcome.ActivityFailed => ("RunActivityFailed", "The experiment proves nothing: mend the activity that the reason names."),
            RunOutcome.Interrupted => ("RunInterrupted", "Run it again, with more time if it had too little."),
            _ => ("RunRollbackIncomplete", "Somebody has to look: Get-ChaosRun -Unfinished | Restore-ChaosRun tries again."),
        };
        return new(id, ErrorKind.OperationFailed, text, remedy, failed.Count == 1 ? failed[0] : failed);
    }

    /// <summary>A run that tested nothing is not as bad as one that found something, but for a dry one, which was to test nothing.</summary>
    private static int Badness(ChaosRun run) => run.Outcome switch
    {
        _ when run.IsPretended => 0,
        RunOutcome.Passed => 0,
        RunOutcome.Untested => 1,
        var outcome => (int)outcome + 1,
    };

    private static string Describe(ChaosRun run)
    {
        var what = run.Outcome == RunOutcome.Passed ? $"was a dry one ({run.Dry}), so nothing was tested" : $"ended with {run.Outcome}";
        var why = run.Outcome == RunOutcome.Passed || run.Reason is null ? "." : $": {run.Reason}";
        return $"The run of '{run.Title}' {what}{why} Its journal: {run.JournalPath}";
    }
}
