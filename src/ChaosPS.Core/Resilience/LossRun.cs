namespace ChaosPS.Resilience;

/// <summary>What one run of a simulation did to the families and paths that were watched, in their order.</summary>
internal sealed record LossRun(IReadOnlyList<FamilyRun> Families, IReadOnlyList<PathRun> Paths);

/// <summary>What one run did to a family: see <see cref="LossOutcome"/>.</summary>
internal sealed record FamilyRun(
    TimeSpan Down, TimeSpan Degraded, double? FailingShare, bool Recovers, int Pending, string? PendingReason, string? FreedBy);

/// <summary>What one run did to a path: see <see cref="PathPrediction"/>.</summary>
internal sealed record PathRun(TimeSpan Down, TimeSpan Degraded, double FailingShare);
