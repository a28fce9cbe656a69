namespace ChaosPS.Resilience;

/// <summary>What all runs together say of the families and paths that were watched, in their order.</summary>
internal sealed record LossResult(IReadOnlyList<LossOutcome> Families, IReadOnlyList<PathPrediction> Paths)
{
    private static readonly Uri s_nowhere = new("about:blank");
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(1);

    /// <summary>Sums up some runs, at least one.</summary>
    public static LossResult Of(IReadOnlyList<LossRun> runs) => new(
        [.. Enumerable.Range(0, runs[0].Families.Count).Select(index => SumUp([.. runs.Select(run => run.Families[index])]))],
        [.. Enumerable.Range(0, runs[0].Paths.Count).Select(index => SumUp([.. runs.Select(run => run.Paths[index])]))]);

    private static LossOutcome SumUp(FamilyRun[] runs)
    {
        var degraded = DurationInterval.Of(runs.Select(static run => run.Degraded));
        var worst = runs.MaxBy(static run => run.Pending)!;
        return new LossOutcome
        {
            Down = DurationInterval.Of(runs.Select(static run => run.Down)),
            Degraded = degraded,
            FailingShare = runs[0].FailingShare is null || degraded.Likely < s_moment ? null : Median(runs.Select(static run => run.FailingShare!.Value)),
            Recovers = runs.All(static run => run.Recovers),
            Returns = runs.All(static run => run.Returns),
            Pending = worst.Pending,
            PendingReason = worst.PendingReason,
            FreedBy = runs.Select(static run => run.FreedBy).FirstOrDefault(static text => text is not null),
            Unanswered = runs.Max(static run => run.Unanswered),
            Failed = runs.Max(static run => run.Failed),
            Ends = runs.All(static run => run.Ends),
            Refusal = runs.Select(static run => run.Refusal).FirstOrDefault(static text => text is not null),
            Runs = runs.Length,
        };
    }

    private static PathPrediction SumUp(PathRun[] runs) => new(
        s_nowhere, DurationInterval.Of(runs.Select(static run => run.Down)), DurationInterval.Of(runs.Select(static run => run.Degraded)),
        Median(runs.Select(static run => run.FailingShare)));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return Math.Round(sorted[(sorted.Length - 1) / 2], 3);
    }
}
