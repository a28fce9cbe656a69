namespace ChaosPS.Clusters;

/// <summary>A PersistentVolumeClaim with what of its volume decides where pods can use it.</summary>
public sealed record VolumeClaim
{
    /// <summary>The claim's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The cluster that it was read from.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>The object's uid.</summary>
    public string Uid { get; init; } = "";

    /// <summary>The volume that it is bound to; null until there is one.</summary>
    public string? VolumeName { get; init; }

    /// <summary>
    /// Whether the volume is a disk: attached to one node at a time, and counted against the node's limit. Volumes that many nodes can mount are
    /// files of a server, which nobody attaches.
    /// </summary>
    public bool IsDisk { get; init; } = true;

    /// <summary>The nodes that can use the volume, one of these terms; empty means all.</summary>
    public IReadOnlyList<NodeAffinityTerm> NodeAffinity { get; init; } = [];

    /// <summary>namespace/name.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
