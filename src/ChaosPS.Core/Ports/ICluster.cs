using ChaosPS.Clusters;

namespace ChaosPS.Ports;

/// <summary>The Kubernetes API, as far as ChaosPS uses it.</summary>
/// <remarks>Every method throws <see cref="ChaosPS.Errors.ChaosException"/> for failures that the API reports, and honours its token.</remarks>
public interface ICluster
{
    /// <summary>Which cluster it is; asked once, then remembered.</summary>
    Task<ClusterIdentity> GetIdentityAsync(CancellationToken cancellationToken);

    /// <summary>All nodes, in the order of their names.</summary>
    Task<IReadOnlyList<ClusterNode>> GetNodesAsync(CancellationToken cancellationToken);

    /// <summary>One node; null when there is none of that name.</summary>
    Task<ClusterNode?> GetNodeAsync(string name, CancellationToken cancellationToken);

    /// <summary>Pods of one namespace, or of all when <paramref name="namespace"/> is null, in the order of namespace and name.</summary>
    Task<IReadOnlyList<ClusterPod>> GetPodsAsync(string? @namespace, string? labelSelector, CancellationToken cancellationToken);

    /// <summary>Deployments, StatefulSets, DaemonSets of one namespace, or of all when <paramref name="namespace"/> is null.</summary>
    Task<IReadOnlyList<Workload>> GetWorkloadsAsync(string? @namespace, CancellationToken cancellationToken);

    /// <summary>One workload as it is now; null when it is gone.</summary>
    Task<Workload?> GetWorkloadAsync(Workload workload, CancellationToken cancellationToken);

    /// <summary>The paths that Ingresses publish, of one namespace, or of all when <paramref name="namespace"/> is null.</summary>
    Task<IReadOnlyList<IngressPath>> GetIngressPathsAsync(string? @namespace, CancellationToken cancellationToken);

    /// <summary>Sets the replicas of a workload through its scale subresource; returns it as the API answered or then shows it.</summary>
    Task<Workload> SetReplicasAsync(Workload workload, int replicas, bool dryRun, CancellationToken cancellationToken);

    /// <summary>Adds a required pod anti-affinity term to the workload's pod template.</summary>
    Task<Workload> AddPodAntiAffinityAsync(Workload workload, PodAffinityTerm term, bool dryRun, CancellationToken cancellationToken);
}
