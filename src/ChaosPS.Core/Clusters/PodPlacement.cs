namespace ChaosPS.Clusters;

/// <summary>A pod that serves: it is ready, on a node, and not being deleted. Of a pod, no more is needed to see how a workload is spread.</summary>
/// <param name="Namespace">The pod's namespace.</param>
/// <param name="NodeName">The node that it is on.</param>
/// <param name="Labels">Its labels.</param>
internal readonly record struct PodPlacement(string Namespace, string NodeName, IReadOnlyDictionary<string, string> Labels);
