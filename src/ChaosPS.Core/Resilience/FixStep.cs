using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>What a single change is about: a candidate has at most one of each.</summary>
internal enum FixDimension
{
    Softening,
    NodePlacement,
    ZonePlacement,
    Strategy,
    Probe,
    Budget,
    Toleration,
    Replicas,
}

/// <summary>A single change of a workload.</summary>
/// <param name="Dimension">What it is about.</param>
/// <param name="Rank">Of two that cost the same the lower is tried first: what asks for less.</param>
/// <param name="Text">In words.</param>
/// <param name="Apply">Writes it into the change of the workload.</param>
internal sealed record FixStep(FixDimension Dimension, int Rank, string Text, Func<WorkloadOverlay, WorkloadOverlay> Apply)
{
    /// <summary>The pods that it adds.</summary>
    public int Pods { get; init; }

    /// <summary>The budget that it adds or replaces.</summary>
    public DisruptionBudget? Budget { get; init; }
}
