using ChaosPS.Clusters;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary>The kinds of objects that activities work on by their names.</summary>
internal static class Kinds
{
    public static ApiResource Deployment { get; } = new("apps", "v1", "Deployment", "deployments", true);

    public static ApiResource StatefulSet { get; } = new("apps", "v1", "StatefulSet", "statefulsets", true);

    public static ApiResource DaemonSet { get; } = new("apps", "v1", "DaemonSet", "daemonsets", true);

    public static ApiResource ReplicaSet { get; } = new("apps", "v1", "ReplicaSet", "replicasets", true);

    public static ApiResource Pod { get; } = new("", "v1", "Pod", "pods", true);

    public static ApiResource Node { get; } = new("", "v1", "Node", "nodes", false);

    public static ApiResource Namespace { get; } = new("", "v1", "Namespace", "namespaces", false);

    public static ApiResource Service { get; } = new("", "v1", "Service", "services", true);

    public static ApiResource Secret { get; } = new("", "v1", "Secret", "secrets", true);

    public static ApiResource Ingress { get; } = new("networking.k8s.io", "v1", "Ingress", "ingresses", true);

    public static ApiResource NetworkPolicy { get; } = new("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true);

    public static ApiResource Event { get; } = new("events.k8s.io", "v1", "Event", "events", true);

    public static ApiResource NetworkChaos { get; } = new("chaos-mesh.org", "v1alpha1", "NetworkChaos", "networkchaos", true);

    public static ApiResource StressChaos { get; } = new("chaos-mesh.org", "v1alpha1", "StressChaos", "stresschaos", true);
}
