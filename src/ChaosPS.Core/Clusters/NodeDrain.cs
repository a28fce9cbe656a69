namespace ChaosPS.Clusters;

/// <summary>What a drain took away from a node.</summary>
/// <param name="Pods">The pods that are gone, in the order in which they went.</param>
/// <param name="At">When it began.</param>
/// <param name="Elapsed">How long it took until the last one was gone.</param>
/// <param name="RunId">The run whose recovery log has it.</param>
public sealed record NodeDrain(IReadOnlyList<DrainedPod> Pods, DateTimeOffset At, TimeSpan Elapsed, string RunId);

/// <summary>A pod that a drain took away.</summary>
/// <param name="Pod">The pod as it was before.</param>
/// <param name="Removal">How.</param>
/// <param name="Elapsed">From the first request until it was gone, refusals of its budget included.</param>
public sealed record DrainedPod(ClusterPod Pod, PodRemoval Removal, TimeSpan Elapsed)
{
    /// <summary>namespace/name.</summary>
    public override string ToString() => Pod.ToString();
}
