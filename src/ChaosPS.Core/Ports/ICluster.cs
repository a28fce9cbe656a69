using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Preflight;
using ChaosPS.Safety;

namespace ChaosPS.Ports;

/// <summary>The Kubernetes API, as far as ChaosPS uses it.</summary>
/// <remarks>Every method throws <see cref="ChaosPS.Errors.ChaosException"/> for failures that the API reports, and honours its token.</remarks>
public partial interface ICluster
{
    /// <summary>Which cluster it is; asked once, then remembered.</summary>
    Task<ClusterIdentity> GetIdentityAsync(CancellationToken cancellationToken);

    /// <summary>The API server's version, such as <c>v1.32.9</c>.</summary>
    Task<string> GetVersionAsync(CancellationToken cancellationToken);

    /// <summary>How far the API server's clock is ahead of ours, to a second or so; null when it does not tell the time.</summary>
    Task<TimeSpan?> GetClockSkewAsync(CancellationToken cancellationToken);

    /// <summary>Whether access control lets us do something.</summary>
    /// <param name="right">What.</param>
    /// <param name="namespace">Where; null for all namespaces, or what is the cluster's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<bool> IsAllowedAsync(ClusterRight right, string? @namespace, CancellationToken cancellationToken);

    /// <summary>Objects of any kind, page by page, each as <paramref name="read"/> turns it; in the API's order.</summary>
    /// <param name="resource">The kind.</param>
    /// <param name="namespace">The namespace; null for all of them, and for objects of the cluster.</param>
    /// <param name="read">Gets each object while its page is in memory. An item of a list does not say its kind.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<IReadOnlyList<T>> ListAsync<T>(ApiResource resource, string? @namespace, Func<JsonElement, T> read, CancellationToken cancellationToken);

    /// <summary>All nodes, in the order of their names.</summary>
    Task<IReadOnlyList<ClusterNode>> GetNodesAsync(CancellationToken cancellationToken);

    /// <summary>One node; null when there is none of that name.</summary>
    Task<ClusterNode?> GetNodeAsync(string name, CancellationToken cancellationToken);

    /// <summary>Tells of nodes: first of each that is there, then of every change, until the token ends it or nobody reads on.</summary>
    /// <param name="name">The one node to watch; null for all.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <remarks>
    /// A connection that breaks, a stream that the server ends and one that has become too old are taken up again; of what was missed meanwhile, the
    /// outcome is told. Errors are those of reading: a server that keeps failing, or refuses.
    /// </remarks>
    IAsyncEnumerable<WatchEvent<ClusterNode>> WatchNodesAsync(string? name, CancellationToken cancellationToken);

    /// <summary>Pods of one namespace, or of all when <paramref name="namespace"/> is null, in the order of namespace and name.</summary>
    Task<IReadOnlyList<ClusterPod>> GetPodsAsync(string? @namespace, string? labelSelector, CancellationToken cancellationToken);

    /// <summary>The pods on a node, of all namespaces.</summary>
    Task<IReadOnlyList<ClusterPod>> GetPodsOnNodeAsync(string node, CancellationToken cancellationToken);

    /// <summary>
    /// Where the pods of one namespace serve, or of all when <paramref name="namespace"/> is null, with the workloads there. It costs a fraction of
    /// reading the pods.
    /// </summary>
    Task<ClusterPlacement> GetPlacementAsync(string? @namespace, CancellationToken cancellationToken);

    /// <summary>A namespace; null when there is none of that name.</summary>
    Task<ClusterNamespace?> GetNamespaceAsync(string name, CancellationToken cancellationToken);

    /// <summary>The cluster's own policy, the annotation <c>chaosps.dev/policy</c> of its namespace <c>kube-system</c>; null when it has none.</summary>
    /// <exception cref="ChaosPS.Errors.ChaosException">It is no policy: id <c>PolicyInvalid</c>.</exception>
    Task<BlastPolicy?> GetPolicyAsync(CancellationToken cancellationToken);

    /// <summary>The data of a ConfigMap; null when there is none of that name.</summary>
    Task<IReadOnlyDictionary<string, string>?> GetConfigMapAsync(string @namespace, string name, CancellationToken cancellationToken);

    /// <summary>Deployments, StatefulSets, DaemonSets of one namespace, or of all when <paramref name="namespace"/> is null.</summary>
    Task<IReadOnlyList<Workload>> GetWorkloadsAsync(string? @namespace, CancellationToken cancellationToken);

    /// <summary>One workload as it is now; null when it is gone.</summary>
    Task<Workload?> GetWorkloadAsync(Workload workload, CancellationToken cancellationToken);

    /// <summary>The paths that Ingresses publish, of one namespace, or of all when <paramref name="namespace"/> is null.</summary>
    Task<IReadOnlyList<IngressPath>> GetIngressPathsAsync(string? @namespace, CancellationToken cancellationToken);

    /// <summary>Sets the replicas of a workload through its scale subresource, on condition that it is the workload that was read; returns it as the API answered or then shows it.</summary>
    Task<Workload> SetReplicasAsync(Workload workload, int replicas, bool dryRun, CancellationToken cancellationToken);

    /// <summary>Adds a required pod anti-affinity term to the workload's pod template; null when it has the same term already.</summary>
    Task<Workload?> AddPodAntiAffinityAsync(Workload workload, PodAffinityTerm term, bool dryRun, CancellationToken cancellationToken);

    /// <summary>Cordons a node or ends that, on condition that it is the node that was read.</summary>
    /// <returns>The node as it is then; null when it was so already, so that nothing was changed.</returns>
    Task<ClusterNode?> SetUnschedulableAsync(ClusterNode node, bool unschedulable, bool dryRun, CancellationToken cancellationToken);

    /// <summary>Adds a taint to a node, on condition that it is the node that was read.</summary>
    /// <returns>The node as it is then; null when it has a taint of that key and effect already, whatever its value: nothing was changed.</returns>
    Task<ClusterNode?> AddTaintAsync(ClusterNode node, Taint taint, bool dryRun, CancellationToken cancellationToken);

    /// <summary>Takes the taint of that key, value and effect away from a node, on condition that it is the node that was read.</summary>
    /// <returns>The node as it is then; null when it does not have the taint.</returns>
    Task<ClusterNode?> RemoveTaintAsync(ClusterNode node, Taint taint, bool dryRun, CancellationToken cancellationToken);

    /// <summary>Asks the eviction API to delete a pod, on condition that it is the pod that was read. It returns when the deletion has begun.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="gracePeriodSeconds">Seconds between the termination signal and the kill; null for the pod's own.</param>
    /// <param name="dryRun">Only ask whether it would be.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChaosPS.Errors.ChaosException">
    /// A disruption budget forbids it now (id <c>EvictionRefused</c>, kind LimitExceeded), or the pod has several budgets, which the API never
    /// evicts (<c>EvictionImpossible</c>); it is gone (kind NotFound), or another one has its name (kind Conflict).
    /// </exception>
    Task EvictPodAsync(ClusterPod pod, int? gracePeriodSeconds, bool dryRun, CancellationToken cancellationToken);

    /// <summary>Deletes a pod without asking disruption budgets, on condition that it is the pod that was read. It returns when the deletion has begun.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="gracePeriodSeconds">Seconds between the termination signal and the kill; 0 takes the object away at once; null for the pod's own.</param>
    /// <param name="dryRun">Only ask whether it would be.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChaosPS.Errors.ChaosException">It is gone (kind NotFound), or another one has its name (kind Conflict).</exception>
    Task DeletePodAsync(ClusterPod pod, int? gracePeriodSeconds, bool dryRun, CancellationToken cancellationToken);

    /// <summary>The marks of all runs.</summary>
    Task<IReadOnlyList<RunLease>> GetRunLeasesAsync(CancellationToken cancellationToken);

    /// <summary>Writes the mark of a run, new or over the one that is there.</summary>
    Task PutRunLeaseAsync(RunLease lease, CancellationToken cancellationToken);

    /// <summary>Takes the mark of a run away; one that is gone is no error.</summary>
    Task DeleteRunLeaseAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Takes a required pod anti-affinity term out of the workload's pod template.</summary>
    /// <returns>Whether it was there.</returns>
    Task<bool> RemovePodAntiAffinityAsync(Workload workload, PodAffinityTerm term, CancellationToken cancellationToken);
}

/// <summary>Reading that several ports need.</summary>
public static class ClusterExtensions
{
    /// <summary>The workload of that kind and name; null when there is none.</summary>
    public static async Task<Workload?> FindWorkloadAsync(
        this ICluster cluster, string @namespace, string kind, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var workloads = await cluster.GetWorkloadsAsync(@namespace, cancellationToken);
        return workloads.FirstOrDefault(workload => workload.Kind == kind && workload.Name == name);
    }
}
