using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;

namespace ChaosPS.Snapshots;

/// <summary>A cluster at one moment as a snapshot file has it: the objects of its API, less what a snapshot must not hold.</summary>
public sealed record SnapshotDocument
{
    /// <summary>When it was taken, on the cluster's clock.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The API server's version.</summary>
    public required string Version { get; init; }

    /// <summary>Which cluster it is of.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>The version of ChaosPS that took it.</summary>
    public required string MadeBy { get; init; }

    /// <summary>What could not be read, such as <c>horizontalpodautoscalers.autoscaling</c>.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>The objects, sorted by kind, namespace and name.</summary>
    public required IReadOnlyList<JsonObject> Objects { get; init; }

    /// <summary>What simulations start from.</summary>
    public ClusterSnapshot ToSnapshot() => KubernetesReader.ReadSnapshot(
        Objects.Select(static item => JsonSerializer.SerializeToElement(item)), Cluster, TakenAt, Version);
}
