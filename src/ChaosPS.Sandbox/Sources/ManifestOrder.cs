namespace ChaosPS.Sandbox.Sources;

/// <summary>The order in which objects can be made: what others need comes first.</summary>
internal static class ManifestOrder
{
    private static readonly string[] s_kinds =
    [
        "Namespace", "CustomResourceDefinition", "PriorityClass", "StorageClass", "IngressClass", "CSIDriver", "Node", "CSINode", "ResourceQuota", "LimitRange",
        "NetworkPolicy", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Secret", "ConfigMap", "PersistentVolume",
        "PersistentVolumeClaim", "VolumeAttachment", "Service", "Endpoints", "EndpointSlice", "PodDisruptionBudget", "Lease", "DaemonSet", "Pod", "ReplicaSet",
        "Deployment", "StatefulSet", "Job", "CronJob", "HorizontalPodAutoscaler", "Ingress",
    ];

    /// <summary>The place of a kind in the order; others come last.</summary>
    public static int Of(string kind) => Array.IndexOf(s_kinds, kind) is >= 0 and var place ? place : s_kinds.Length;
}
