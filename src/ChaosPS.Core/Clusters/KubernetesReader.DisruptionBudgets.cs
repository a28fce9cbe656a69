namespace ChaosPS.Clusters;

public static partial class KubernetesReader
{
    /// <summary>Reads a PodDisruptionBudget.</summary>
    public static DisruptionBudget ReadDisruptionBudget(ApiFields budget, ClusterIdentity cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return new DisruptionBudget
        {
            Name = Name(budget, "disruption budget", cluster),
            Namespace = budget.Text("metadata", "namespace") ?? "default",
            Cluster = cluster,
            Uid = budget.Text("metadata", "uid") ?? "",
            Selector = budget.At("spec", "selector") is { } selector ? ReadLabelSelector(selector) : null,
            MinAvailable = budget.Scalar("spec", "minAvailable"),
            MaxUnavailable = budget.Scalar("spec", "maxUnavailable"),
            AlwaysAllowUnhealthy = budget.Text("spec", "unhealthyPodEvictionPolicy") == "AlwaysAllow",
        };
    }
}
