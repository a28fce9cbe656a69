namespace ChaosPS.Clusters;

/// <summary>A rule that pods be spread evenly over zones, nodes, or other domains.</summary>
/// <param name="TopologyKey">The node label whose equal values make one domain.</param>
/// <param name="MaxSkew">How many more pods than the emptiest domain one may have, at least 1.</param>
/// <param name="Selector">The pods that count; null counts none.</param>
/// <param name="IsRequired">Whether pods wait rather than break it (<c>whenUnsatisfiable: DoNotSchedule</c>).</param>
public sealed record TopologySpread(string TopologyKey, int MaxSkew, LabelSelector? Selector, bool IsRequired)
{
    /// <summary>With fewer domains than this the emptiest is taken to have no pod; only for required rules.</summary>
    public int MinDomains { get; init; } = 1;

    /// <summary>
    /// Whether nodes with taints that the pod does not tolerate are left out (<c>nodeTaintsPolicy: Honor</c>). Kubernetes' default is no:
    /// a zone of dead nodes is then still a domain, and an empty one.
    /// </summary>
    public bool HonorsTaints { get; init; }

    /// <summary>Whether nodes that the pod's selector and affinity exclude are left out (<c>nodeAffinityPolicy</c>); Kubernetes' default is yes.</summary>
    public bool HonorsAffinity { get; init; } = true;

    /// <summary>Labels whose values must be the pod's own, besides the selector: with <c>pod-template-hash</c> each rollout counts for itself.</summary>
    public IReadOnlyList<string> MatchLabelKeys { get; init; } = [];
}
