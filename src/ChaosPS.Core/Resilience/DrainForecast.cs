namespace ChaosPS.Resilience;

/// <summary>What becomes of a drain.</summary>
/// <param name="Time">How long it takes, from the first cordon until the last pod is gone; where it does not end, as long as it was looked at.</param>
/// <param name="Left">Which pods are left, and why, in the API's words; null when all go in every run.</param>
public sealed record DrainForecast(DurationInterval Time, string? Left)
{
    internal static DrainForecast? Of(IReadOnlyList<LossRun> runs) => runs[0].Drain is null
        ? null
        : new DrainForecast(DurationInterval.Of(runs.Select(static run => run.Drain!.Time)), runs.Select(static run => run.Drain!.Left).FirstOrDefault(static text => text is not null));
}
