using ChaosPS.Clusters;

namespace ChaosPS.Sandbox.Sources;

/// <summary>What a sandbox starts from.</summary>
internal sealed record SandboxSource
{
    /// <summary>The sandbox's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where everything is at the start.</summary>
    public required ClusterSnapshot Snapshot { get; init; }

    /// <summary>When the sandbox's clock starts: the snapshot is of then, or of a time before in which everything started.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>The objects as they were written.</summary>
    public required ManifestStore Manifests { get; init; }

    /// <summary>The scale sets behind the nodes.</summary>
    public required IReadOnlyList<SandboxScaleSet> ScaleSets { get; init; }

    /// <summary>The subscription of the machines.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>The tenant of the subscription.</summary>
    public required string TenantId { get; init; }

    /// <summary>Where users reach the application.</summary>
    public required Uri ApplicationUri { get; init; }

    /// <summary>Which pods are ingress controllers; null where it is as the simulation assumes.</summary>
    public LabelSelector? IngressControllers { get; init; }

    /// <summary>The hosts that the application answers to.</summary>
    public IReadOnlyList<string> Hosts =>
        [.. Snapshot.IngressPaths.Select(static path => path.Uri.Host).Prepend(ApplicationUri.Host).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The variables that point at the sandbox.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
}

/// <summary>A scale set of the sandbox.</summary>
/// <param name="ScaleSet">What it is.</param>
/// <param name="VMSize">The size of its machines, such as <c>Standard_D4s_v3</c>.</param>
/// <param name="Zones">The zones that it spans.</param>
/// <param name="PoolName">The AKS node pool that it carries.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record SandboxScaleSet(ScaleSet ScaleSet, string VMSize, IReadOnlyList<string> Zones, string PoolName, DateTimeOffset CreatedAt);
