namespace ChaosPS.Clusters;

public static partial class KubernetesReader
{
    /// <summary>Reads a HorizontalPodAutoscaler, of autoscaling/v2 or v1.</summary>
    public static Autoscaler ReadAutoscaler(ApiFields autoscaler, ClusterIdentity cluster)
    {
        const int DefaultUtilization = 80;
        ArgumentNullException.ThrowIfNull(cluster);
        ApiFields[] metrics = [.. autoscaler.Items("spec", "metrics")];
        var cpu = Array.Find(metrics, static metric => metric.Text("type") == "Resource" && metric.Text("resource", "name") == "cpu");
        return new Autoscaler
        {
            Name = Name(autoscaler, "autoscaler", cluster),
            Namespace = autoscaler.Text("metadata", "namespace") ?? "default",
            Cluster = cluster,
            Uid = autoscaler.Text("metadata", "uid") ?? "",
            TargetKind = autoscaler.Text("spec", "scaleTargetRef", "kind") ?? "",
            TargetName = autoscaler.Text("spec", "scaleTargetRef", "name") ?? "",
            MinReplicas = (int)(autoscaler.Number("spec", "minReplicas") ?? 1),
            MaxReplicas = autoscaler.Count("spec", "maxReplicas"),
            CpuUtilization = (int?)(autoscaler.Number("spec", "targetCPUUtilizationPercentage") ?? cpu.Number("resource", "target", "averageUtilization")) ??
                (metrics.Length == 0 ? DefaultUtilization : null),
        };
    }
}
