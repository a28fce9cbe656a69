namespace ChaosPS.Providers.Kubernetes.KubeConfigs;

/// <summary>Which user works on which cluster.</summary>
/// <param name="Cluster">The cluster's name; empty when the context has none.</param>
/// <param name="User">The user's name; empty when the context has none.</param>
/// <param name="Namespace">The namespace; empty when the context has none.</param>
internal sealed record KubeConfigContext(string Cluster, string User, string Namespace);
