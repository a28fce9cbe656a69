namespace ChaosPS.Clusters;

/// <summary>Where the pods of a cluster serve, and the workloads that they may be of.</summary>
/// <param name="Workloads">The workloads, in the order of namespace and name.</param>
/// <param name="Pods">The pods that serve.</param>
/// <param name="ZoneOfNode">The zone of each node by the node's name; null for a node without one.</param>
public sealed record ClusterPlacement(
    IReadOnlyList<Workload> Workloads, IReadOnlyList<ServingPods> Pods, IReadOnlyDictionary<string, string?> ZoneOfNode);
