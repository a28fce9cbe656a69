namespace ChaosPS.Resilience;

/// <summary>What one run of a simulation did to the families and paths that were watched, in their order.</summary>
internal sealed record LossRun(IReadOnlyList<FamilyRun> Families, IReadOnlyList<PathRun> Paths)
{
    /// <summary>What became of the drain; null when it is something else.</summary>
    public DrainRun? Drain { get; init; }
}

/// <summary>What one run did to a family: see <see cref="LossOutcome"/>.</summary>
internal sealed record FamilyRun(
    TimeSpan Down, TimeSpan Degraded, double? FailingShare, bool Recovers, int Pending, string? PendingReason, string? FreedBy)
{
    /// <summary>Which share of calls to its Services failed when; kept only where that is wanted.</summary>
    public IReadOnlyList<FailingSpan> Course { get; init; } = [];

    /// <summary>How long every call to one of its Services fails.</summary>
    public TimeSpan Unanswered { get; init; }

    /// <summary>How long calls fail, each moment by the share of them.</summary>
    public TimeSpan Failed { get; init; }

    /// <summary>Whether a ready pod is there in the end.</summary>
    public bool Returns { get; init; } = true;

    /// <summary>Whether what happened to it has come to its end: a rollout, a drain.</summary>
    public bool Ends { get; init; } = true;

    /// <summary>Why it has not, in the API's words; null where it has.</summary>
    public string? Refusal { get; init; }
}

/// <summary>What one run did to a path: see <see cref="PathPrediction"/>.</summary>
internal sealed record PathRun(TimeSpan Down, TimeSpan Degraded, double FailingShare)
{
    /// <summary>Which share of calls failed when; kept only where that is wanted.</summary>
    public IReadOnlyList<FailingSpan> Course { get; init; } = [];
}

/// <summary>A time in which a share of calls fails.</summary>
/// <param name="From">When it begins, after the beginning of the loss.</param>
/// <param name="To">When it ends.</param>
/// <param name="Share">How many, above 0 to 1.</param>
internal readonly record struct FailingSpan(TimeSpan From, TimeSpan To, double Share);
