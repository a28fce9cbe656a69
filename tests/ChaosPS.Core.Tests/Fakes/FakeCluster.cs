using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Preflight;
using ChaosPS.Safety;

namespace ChaosPS.Tests.Fakes;

/// <summary>A cluster that is what the test says it is, and counts what is changed.</summary>
public sealed partial class FakeCluster : ICluster
{
    public static readonly ClusterIdentity Identity = new("fake", "https://fake.invalid", "b2f3d7a0-0000-0000-0000-000000000001");

    public List<ClusterNode> Nodes { get; } = [];

    public List<ClusterPod> Pods { get; } = [];

    public List<Workload> Workloads { get; } = [];

    public List<IngressPath> IngressPaths { get; } = [];

    /// <summary>What the API lists, as JSON with kinds.</summary>
    public List<System.Text.Json.Nodes.JsonObject> Objects { get; } = [];

    /// <summary>Resources that may not be listed.</summary>
    public List<string> Forbidden { get; } = [];

    public List<ClusterNamespace> Namespaces { get; } = [];

    public Dictionary<string, Dictionary<string, string>> ConfigMaps { get; } = [];

    public BlastPolicy? Policy { get; set; }

    public Dictionary<string, RunLease> Leases { get; } = [];

    public List<RunLease> LeaseWrites { get; } = [];

    /// <summary>What somebody else does right after a mark was written.</summary>
    public Action? OnLeaseWrite { get; set; }

    public ChaosException? LeaseFailure { get; set; }

    /// <summary>What the reading of marks fails with; null when it does not.</summary>
    public ChaosException? LeaseReadFailure { get; set; }

    /// <summary>What somebody else does right after the pods of a node were read, which is the last look before a change.</summary>
    public Action? OnPodsRead { get; set; }

    public List<string> Changes { get; } = [];

    /// <summary>What the cluster is known by.</summary>
    public ClusterIdentity Known { get; set; } = Identity;

    /// <summary>Whether nobody answers for the API server; null when somebody does.</summary>
    public Func<bool>? IsAway { get; set; }

    public Task<ClusterIdentity> GetIdentityAsync(CancellationToken cancellationToken) =>
        IsAway?.Invoke() == true ? Task.FromException<ClusterIdentity>(Away()) : Task.FromResult(Known);

    public Task<string> GetVersionAsync(CancellationToken cancellationToken) => Task.FromResult("v1.32.9");

    public Task<TimeSpan?> GetClockSkewAsync(CancellationToken cancellationToken) => Task.FromResult(Skew);

    public TimeSpan? Skew { get; set; }

    public Task<IReadOnlyList<T>> ListAsync<T>(
        ApiResource resource, string? @namespace, Func<System.Text.Json.JsonElement, T> read, CancellationToken cancellationToken) =>
        Forbidden.Contains(resource.Plural)
            ? throw Errors.ChaosErrors.ClusterForbidden($"list {resource.Plural}", "fake", "forbidden", "a rule")
            : Task.FromResult<IReadOnlyList<T>>(
        [
            .. Objects.Where(item => (string?)item["kind"] == resource.Kind && (@namespace is null || (string?)item["metadata"]!["namespace"] == @namespace))
                .Select(item => read(System.Text.Json.JsonSerializer.SerializeToElement(item))),
        ]);

    public Task<IReadOnlyList<ClusterNode>> GetNodesAsync(CancellationToken cancellationToken) =>
        IsAway?.Invoke() == true ? Task.FromException<IReadOnlyList<ClusterNode>>(Away()) : Task.FromResult<IReadOnlyList<ClusterNode>>([.. Nodes]);

    private static ChaosException Away() => new("ClusterUnreachable", ErrorKind.ConnectionFailed, "No such host is known.", null, null);

    public Task<ClusterNode?> GetNodeAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Nodes.Find(node => node.Name == name));

    public IAsyncEnumerable<WatchEvent<ClusterNode>> WatchNodesAsync(string? name, CancellationToken cancellationToken) =>
        Nodes.Where(node => name is null || node.Name == name).Select(static node => new WatchEvent<ClusterNode>(WatchEventType.Added, node)).ToAsyncEnumerable();

    public async Task<ClusterPlacement> GetPlacementAsync(string? @namespace, CancellationToken cancellationToken) => new(
        await GetWorkloadsAsync(@namespace, cancellationToken),
        [
            .. (await GetPodsAsync(@namespace, null, cancellationToken))
                .Where(pod => pod is { Ready: true, Terminating: false, NodeName: not null })
                .Select(pod => new ServingPods(new PodPlacement(pod.Namespace, pod.NodeName!, pod.Labels))),
        ],
        (await GetNodesAsync(cancellationToken)).ToDictionary(node => node.Name, node => node.Zone));

    /// <summary>Rights that access control does not give, such as <c>get nodes</c>.</summary>
    public HashSet<string> MissingRights { get; } = [];

    public Task<bool> IsAllowedAsync(ClusterRight right, string? @namespace, CancellationToken cancellationToken) => Task.FromResult(!MissingRights.Contains(right.ToString()));

    public Task<IReadOnlyList<ClusterPod>> GetPodsAsync(string? @namespace, string? labelSelector, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ClusterPod>>([.. Pods.Where(pod => @namespace is null || pod.Namespace == @namespace)]);

    public Task<IReadOnlyList<ClusterPod>> GetPodsOnNodeAsync(string node, CancellationToken cancellationToken)
    {
        OnPodsRead?.Invoke();
        return Task.FromResult<IReadOnlyList<ClusterPod>>([.. Pods.Where(pod => pod.NodeName == node)]);
    }

    public Task<ClusterNamespace?> GetNamespaceAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(Namespaces.Find(other => other.Name == name));

    public Task<BlastPolicy?> GetPolicyAsync(CancellationToken cancellationToken) => Task.FromResult(Policy);

    /// <summary>What the reading of ConfigMaps fails with; null when it does not.</summary>
    public Func<Exception?> ConfigMapFailure { get; set; } = static () => null;

    public Task<IReadOnlyDictionary<string, string>?> GetConfigMapAsync(string @namespace, string name, CancellationToken cancellationToken) =>
        ConfigMapFailure() is { } failure ? throw failure : Task.FromResult<IReadOnlyDictionary<string, string>?>(ConfigMaps.GetValueOrDefault($"{@namespace}/{name}"));

    public Task<IReadOnlyList<Workload>> GetWorkloadsAsync(string? @namespace, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Workload>>([.. Workloads.Where(workload => @namespace is null || workload.Namespace == @namespace)]);

    public Task<Workload?> GetWorkloadAsync(Workload workload, CancellationToken cancellationToken) =>
        Task.FromResult(Workloads.Find(other => other.Name == workload.Name && other.Namespace == workload.Namespace));

    public Task<IReadOnlyList<IngressPath>> GetIngressPathsAsync(string? @namespace, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IngressPath>>([.. IngressPaths]);

    public Task<Workload> SetReplicasAsync(Workload workload, int replicas, bool dryRun, CancellationToken cancellationToken)
    {
        Changes.Add($"scale {workload.Name} {replicas}");
        var changed = workload with { Replicas = replicas };
        Workloads[Workloads.FindIndex(other => other.Name == workload.Name && other.Namespace == workload.Namespace)] = changed;
        return Task.FromResult(changed);
    }

    /// <summary>Whether the workloads have every term already.</summary>
    public bool HasTerms { get; set; }

    public Task<Workload?> AddPodAntiAffinityAsync(Workload workload, PodAffinityTerm term, bool dryRun, CancellationToken cancellationToken)
    {
        if (HasTerms) return Task.FromResult<Workload?>(null);
        Changes.Add($"anti-affinity {workload.Name} {term.TopologyKey}");
        return Task.FromResult<Workload?>(workload);
    }

    public Task<ClusterNode?> SetUnschedulableAsync(ClusterNode node, bool unschedulable, bool dryRun, CancellationToken cancellationToken) =>
        ChangeNode(node, $"{(unschedulable ? "cordon" : "uncordon")} {node.Name}", dryRun,
            now => now.Unschedulable == unschedulable ? null : now with { Unschedulable = unschedulable });

    public Task<ClusterNode?> AddTaintAsync(ClusterNode node, Taint taint, bool dryRun, CancellationToken cancellationToken) =>
        ChangeNode(node, $"taint {node.Name} {taint}", dryRun,
            now => now.Taints.Any(other => other.Key == taint.Key && other.Effect == taint.Effect) ? null : now with { Taints = [.. now.Taints, taint] });

    public Task<ClusterNode?> RemoveTaintAsync(ClusterNode node, Taint taint, bool dryRun, CancellationToken cancellationToken) =>
        ChangeNode(node, $"untaint {node.Name} {taint}", dryRun,
            now => now.Taints.Contains(taint) ? now with { Taints = [.. now.Taints.Where(other => other != taint)] } : null);

    /// <summary>What evictions and deletions of pods come upon; by default the pod is gone at once.</summary>
    public Action<ClusterPod> OnPodRemoval { get; set; } = static _ => { };

    public Task EvictPodAsync(ClusterPod pod, int? gracePeriodSeconds, bool dryRun, CancellationToken cancellationToken) =>
        RemovePod("evict", pod, gracePeriodSeconds, dryRun);

    public Task DeletePodAsync(ClusterPod pod, int? gracePeriodSeconds, bool dryRun, CancellationToken cancellationToken) =>
        RemovePod("delete", pod, gracePeriodSeconds, dryRun);

    private Task<ClusterNode?> ChangeNode(ClusterNode node, string change, bool dryRun, Func<ClusterNode, ClusterNode?> apply)
    {
        var index = Nodes.FindIndex(other => other.Name == node.Name);
        if (index < 0) throw ChaosErrors.ClusterObjectNotFound(change, "fake", $"nodes \"{node.Name}\" not found");
        if (apply(Nodes[index]) is not { } changed) return Task.FromResult<ClusterNode?>(null);
        if (!dryRun)
        {
            Changes.Add(change);
            Nodes[index] = changed;
        }

        return Task.FromResult<ClusterNode?>(changed);
    }

    private Task RemovePod(string how, ClusterPod pod, int? gracePeriodSeconds, bool dryRun)
    {
        OnPodRemoval(pod);
        if (dryRun) return Task.CompletedTask;
        Changes.Add(gracePeriodSeconds is { } seconds ? $"{how} {pod} {seconds}" : $"{how} {pod}");
        Pods.RemoveAll(other => other.Namespace == pod.Namespace && other.Name == pod.Name);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<RunLease>> GetRunLeasesAsync(CancellationToken cancellationToken) =>
        LeaseReadFailure is { } failure ? throw failure : Task.FromResult<IReadOnlyList<RunLease>>([.. Leases.Values]);

    public Task PutRunLeaseAsync(RunLease lease, CancellationToken cancellationToken)
    {
        if (LeaseFailure is { } failure) throw failure;
        Leases[lease.RunId] = lease;
        LeaseWrites.Add(lease);
        OnLeaseWrite?.Invoke();
        return Task.CompletedTask;
    }

    public Task DeleteRunLeaseAsync(string runId, CancellationToken cancellationToken)
    {
        Leases.Remove(runId);
        return Task.CompletedTask;
    }

    public Task<bool> RemovePodAntiAffinityAsync(Workload workload, PodAffinityTerm term, CancellationToken cancellationToken)
    {
        Changes.Add($"no anti-affinity {workload.Name} {term.TopologyKey}");
        return Task.FromResult(true);
    }

    public static NodeCondition Condition(bool ready, DateTimeOffset heartbeat) =>
        new("Ready", ready ? "True" : "Unknown", ready ? "KubeletReady" : "NodeStatusUnknown", "", heartbeat, heartbeat);
}
