namespace ChaosPS.Clusters;

/// <summary>A PodDisruptionBudget: how many of some pods the eviction API may take away. Taints and deletions do not ask it.</summary>
public sealed record DisruptionBudget
{
    /// <summary>The budget's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The cluster that it was read from.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>The object's uid.</summary>
    public string Uid { get; init; } = "";

    /// <summary>The pods that it protects; null protects none, an empty selector all of the namespace.</summary>
    public LabelSelector? Selector { get; init; }

    /// <summary>How many must stay healthy, as a number or a percentage; null when <see cref="MaxUnavailable"/> says it.</summary>
    public string? MinAvailable { get; init; }

    /// <summary>How many may be missing, as a number or a percentage; null when <see cref="MinAvailable"/> says it.</summary>
    public string? MaxUnavailable { get; init; }

    /// <summary>Whether pods that are not ready may always be evicted (<c>unhealthyPodEvictionPolicy: AlwaysAllow</c>).</summary>
    public bool AlwaysAllowUnhealthy { get; init; }

    /// <summary>namespace/name.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
