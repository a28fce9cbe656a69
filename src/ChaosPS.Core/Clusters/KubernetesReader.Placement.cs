namespace ChaosPS.Clusters;

public static partial class KubernetesReader
{
    private const string ZoneLabel = "topology.kubernetes.io/zone";

    /// <summary>Reads where a pod serves; null when it does not: it is not ready, on no node, or being deleted.</summary>
    internal static PodPlacement? ReadPlacement(ApiFields pod)
    {
        if (pod.Text("spec", "nodeName") is not { } node || pod.Time("metadata", "deletionTimestamp") is not null) return null;
        return IsReady(pod) ? new PodPlacement(pod.Text("metadata", "namespace") ?? "default", node, pod.Map("metadata", "labels")) : null;
    }

    /// <summary>Reads the name of a node and the zone that it is in, if it is in one.</summary>
    public static KeyValuePair<string, string?> ReadZone(ApiFields node, ClusterIdentity cluster) =>
        new(Name(node, "node", cluster), node.Text("metadata", "labels", ZoneLabel));

    private static bool IsReady(ApiFields pod) => Condition(pod.Items("status", "conditions"), "Ready").Text("status") == "True";
}
