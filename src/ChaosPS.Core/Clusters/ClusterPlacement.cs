namespace ChaosPS.Clusters;

/// <summary>Where the pods of a cluster serve.</summary>
/// <param name="Pods">The pods that serve.</param>
/// <param name="ZoneOfNode">The zone of each node by the node's name; null for a node without one.</param>
public sealed record ClusterPlacement(IReadOnlyList<PodPlacement> Pods, IReadOnlyDictionary<string, string?> ZoneOfNode);
