using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Tests.Fakes;

/// <summary>A cluster that is what the test says it is, and counts what is changed.</summary>
public sealed class FakeCluster : ICluster
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

    public List<string> Changes { get; } = [];

    public Task<ClusterIdentity> GetIdentityAsync(CancellationToken cancellationToken) => Task.FromResult(Identity);

    public Task<string> GetVersionAsync(CancellationToken cancellationToken) => Task.FromResult("v1.32.9");

    public Task<IReadOnlyList<T>> ListAsync<T>(
        ApiResource resource, string? @namespace, Func<System.Text.Json.JsonElement, T> read, CancellationToken cancellationToken) =>
        Forbidden.Contains(resource.Plural)
            ? throw Errors.ChaosErrors.ClusterForbidden($"list {resource.Plural}", "fake", "forbidden", "list", resource.Plural, resource.Group, @namespace)
            : Task.FromResult<IReadOnlyList<T>>(
        [
            .. Objects.Where(item => (string?)item["kind"] == resource.Kind && (@namespace is null || (string?)item["metadata"]!["namespace"] == @namespace))
                .Select(item => read(System.Text.Json.JsonSerializer.SerializeToElement(item))),
        ]);

    public Task<IReadOnlyList<ClusterNode>> GetNodesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ClusterNode>>([.. Nodes]);

    public Task<ClusterNode?> GetNodeAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Nodes.Find(node => node.Name == name));

    public Task<IReadOnlyList<ClusterPod>> GetPodsAsync(string? @namespace, string? labelSelector, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ClusterPod>>([.. Pods.Where(pod => @namespace is null || pod.Namespace == @namespace)]);

    public Task<IReadOnlyList<ClusterPod>> GetPodsOnNodeAsync(string node, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ClusterPod>>([.. Pods.Where(pod => pod.NodeName == node)]);

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

    public Task<IReadOnlyList<RunLease>> GetRunLeasesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RunLease>>([.. Leases.Values]);

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
