using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Providers.Kubernetes.Access;
using ChaosPS.Providers.Yaml;
using ChaosPS.Safety;
using k8s;

namespace ChaosPS.Providers.Kubernetes;

/// <summary>The Kubernetes API through KubernetesClient's connection and credentials; bodies are read by <see cref="KubernetesReader"/>.</summary>
internal sealed partial class KubernetesCluster : ICluster, IDisposable
{
    private const int MostConflicts = 5;

    private static readonly (string Kind, string Resource)[] s_workloads =
        [("Deployment", "deployments"), ("StatefulSet", "statefulsets"), ("DaemonSet", "daemonsets")];

    private readonly string _name;
    private readonly string _server;
    private readonly TimeProvider _time;
    private readonly KubernetesTransport _transport;
    private readonly ClusterIdentity _byAddress;
    private ClusterIdentity? _identity;

    /// <summary>Makes the client of a real cluster; nothing is sent yet.</summary>
    /// <param name="access">The way to it.</param>
    /// <param name="time">The clock that ages, time-outs and pauses count on.</param>
    public KubernetesCluster(ClusterAccess access, TimeProvider time)
        : this(AddressIdentity.Of(access), access.Configuration, time, access.CreateHandlers())
    {
    }

    /// <summary>Makes the client; nothing is sent yet.</summary>
    /// <param name="name">The context's or sandbox's name.</param>
    /// <param name="configuration">The server and the credentials.</param>
    /// <param name="time">The clock that ages, time-outs and pauses count on.</param>
    /// <param name="handlers">Handlers before the network, or instead of it.</param>
    public KubernetesCluster(string name, KubernetesClientConfiguration configuration, TimeProvider time, params DelegatingHandler[] handlers)
        : this(AddressIdentity.Of(new ClusterAccess { Name = name, Server = configuration.Host.TrimEnd('/') }), configuration, time, handlers)
    {
    }

    private KubernetesCluster(ClusterIdentity byAddress, KubernetesClientConfiguration configuration, TimeProvider time, DelegatingHandler[] handlers)
    {
        _name = byAddress.Name;
        _server = byAddress.Server;
        _byAddress = byAddress;
        _time = time;
        _transport = new KubernetesTransport(configuration, _name, time, handlers);
        _transport.CreateWebSocketBuilder = () => new ConnectionWebSocket(_transport.HttpClient);
    }

    /// <inheritdoc/>
    public async Task<ClusterIdentity> GetIdentityAsync(CancellationToken cancellationToken)
    {
        if (_identity is { } known) return known;
        try
        {
            var space = await _transport.GetAsync(new ApiCall("get", "", "v1", "namespaces", Name: "kube-system"), "", cancellationToken);
            var id = space.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("uid", out var uid) ? uid.GetString() ?? "" : "";
            if (id.Length == 0) throw ChaosErrors.ApiAnswerInvalid("namespace", _name, "it has no uid");
            return _identity = new ClusterIdentity(_name, _server, id);
        }
        catch (ChaosException exception) when (exception.Kind == ErrorKind.PermissionDenied)
        {
            return _identity = _byAddress;
        }
    }

    /// <inheritdoc/>
    public async Task<string> GetVersionAsync(CancellationToken cancellationToken)
    {
        var version = await _transport.GetAsync(ApiCall.ServerVersion, "", cancellationToken);
        return version.TryGetProperty("gitVersion", out var text) && text.GetString() is { Length: > 0 } known
            ? known : throw ChaosErrors.ApiAnswerInvalid("version", _name, "it has no gitVersion");
    }

    /// <inheritdoc/>
    public async Task<TimeSpan?> GetClockSkewAsync(CancellationToken cancellationToken)
    {
        var sent = _time.GetUtcNow();
        await _transport.GetAsync(ApiCall.ServerVersion, "", cancellationToken);
        var middle = sent + ((_time.GetUtcNow() - sent) / 2);
        return _transport.Date is { } date ? date + TimeSpan.FromSeconds(0.5) - middle : null; // it tells whole seconds, cut off
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<T>> ListAsync<T>(
        ApiResource resource, string? @namespace, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return await ListAsync(new ApiCall("list", resource.Group, resource.Version, resource.Plural, @namespace), null, read, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ClusterNode>> GetNodesAsync(CancellationToken cancellationToken)
    {
        var identity = await GetIdentityAsync(cancellationToken);
        var nodes = await ReadListAsync(
            new ApiCall("list", "", "v1", "nodes"), "Node", null, item => KubernetesReader.ReadNode(item, identity, _time.GetUtcNow()), cancellationToken);
        return [.. nodes.OrderBy(static node => node.Name, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async Task<ClusterNode?> GetNodeAsync(string name, CancellationToken cancellationToken)
    {
        var identity = await GetIdentityAsync(cancellationToken);
        var node = await FindAsync(new ApiCall("get", "", "v1", "nodes", Name: name), cancellationToken);
        return node is { } found ? KubernetesReader.ReadNode(found, identity, _time.GetUtcNow()) : null;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClusterPod>> GetPodsAsync(string? @namespace, string? labelSelector, CancellationToken cancellationToken)
    {
        // The server's words for a wrong selector do not say where; ours do, and cost no call.
        if (labelSelector is not null) LabelSelector.Parse(labelSelector);
        return ListPodsAsync(@namespace, labelSelector is null ? null : $"labelSelector={Uri.EscapeDataString(labelSelector)}", cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClusterPod>> GetPodsOnNodeAsync(string node, CancellationToken cancellationToken) =>
        ListPodsAsync(null, $"fieldSelector={Uri.EscapeDataString($"spec.nodeName={node}")}", cancellationToken);

    /// <inheritdoc/>
    public async Task<ClusterNamespace?> GetNamespaceAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(new ApiCall("get", "", "v1", "namespaces", Name: name), cancellationToken) is { } found ? KubernetesReader.ReadNamespace(found) : null;

    /// <inheritdoc/>
    public async Task<BlastPolicy?> GetPolicyAsync(CancellationToken cancellationToken)
    {
        var system = await GetNamespaceAsync("kube-system", cancellationToken);
        return system?.Annotations.GetValueOrDefault(BlastPolicyReader.Annotation) is { } text
            ? BlastPolicyReader.Read(text, $"the annotation {BlastPolicyReader.Annotation} of {_name}", new YamlDocumentReader())
            : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>?> GetConfigMapAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        var map = await FindAsync(new ApiCall("get", "", "v1", "configmaps", @namespace, name), cancellationToken);
        return map is { } found && found.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object
            ? data.EnumerateObject().ToDictionary(static entry => entry.Name, static entry => entry.Value.ToString())
            : map is null ? null : new Dictionary<string, string>();
    }

    /// <inheritdoc/>
    public async Task<Workload?> GetWorkloadAsync(Workload workload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workload);
        var found = await FindAsync(Call("get", workload), cancellationToken);
        return found is { } body ? KubernetesReader.ReadWorkload(body, workload.Kind, workload.Cluster) : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IngressPath>> GetIngressPathsAsync(string? @namespace, CancellationToken cancellationToken)
    {
        var identity = await GetIdentityAsync(cancellationToken);
        var ingresses = await ListAsync(
            new ApiCall("list", "networking.k8s.io", "v1", "ingresses", @namespace), null,
            item => KubernetesReader.ReadIngressPaths(item, identity), cancellationToken);
        return [.. ingresses.SelectMany(static paths => paths)];
    }

    /// <inheritdoc/>
    public async Task<Workload> SetReplicasAsync(Workload workload, int replicas, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workload);
        if (workload.Kind is not ("Deployment" or "StatefulSet")) throw ChaosErrors.WorkloadKindNotSupported(workload.ToString(), "Setting replicas");
        var patch = new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } };
        if (workload.Uid.Length > 0) patch["metadata"] = new JsonObject { ["uid"] = workload.Uid }; // 409 for another one of that name
        await _transport.PatchAsync(Call("patch", workload, "scale"), "application/merge-patch+json", patch.ToJsonString(), dryRun, cancellationToken);
        var scaled = workload with { Replicas = replicas };
        if (dryRun) return scaled;
        try
        {
            return await ReadAsync(workload, cancellationToken);
        }
        catch (ChaosException)
        {
            return scaled; // it is scaled, and who may do that need not be allowed to look
        }
    }

    /// <inheritdoc/>
    public async Task<Workload?> AddPodAntiAffinityAsync(Workload workload, PodAffinityTerm term, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(term);
        for (var attempt = 1; ; attempt++)
        {
            var current = await _transport.GetAsync(Call("get", workload), "", cancellationToken);
            if (AntiAffinityPatch.Create(current, term) is not { } patch) return null;
            try
            {
                var changed = await _transport.PatchAsync(
                    Call("patch", workload), "application/strategic-merge-patch+json", patch, dryRun, cancellationToken);
                return KubernetesReader.ReadWorkload(changed, workload.Kind, workload.Cluster);
            }
            catch (ChaosException exception) when (exception.Kind == ErrorKind.Conflict && attempt < MostConflicts)
            {
                // Status updates of the controllers change the resource version too: read again and add the term to what is there now.
            }
        }
    }

    /// <inheritdoc/>
    public async Task<bool> RemovePodAntiAffinityAsync(Workload workload, PodAffinityTerm term, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(term);
        for (var attempt = 1; ; attempt++)
        {
            var current = await _transport.GetAsync(Call("get", workload), "", cancellationToken);
            if (AntiAffinityPatch.Remove(current, term) is not { } patch) return false;
            try
            {
                await _transport.PatchAsync(Call("patch", workload), "application/json-patch+json", patch, dryRun: false, cancellationToken);
                return true;
            }
            catch (ChaosException exception) when (exception.Kind == ErrorKind.Conflict && attempt < MostConflicts)
            {
                // As above: read again and look for the term in what is there now.
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunLease>> GetRunLeasesAsync(CancellationToken cancellationToken)
    {
        var leases = await ListAsync(
            RunLeaseObject.Call("list"), $"labelSelector={Uri.EscapeDataString(RunLeaseObject.Selector)}", RunLeaseObject.Read, cancellationToken);
        return [.. leases.OfType<RunLease>()];
    }

    /// <inheritdoc/>
    public async Task PutRunLeaseAsync(RunLease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        await _transport.ApplyAsync(RunLeaseObject.Call("patch", lease.RunId), RunLeaseObject.Write(lease), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteRunLeaseAsync(string runId, CancellationToken cancellationToken)
    {
        try
        {
            await _transport.DeleteAsync(RunLeaseObject.Call("delete", runId), options: null, cancellationToken);
        }
        catch (ChaosException exception) when (exception.ErrorId == ChaosErrors.ClusterObjectNotFoundId)
        {
            // Somebody else has taken it away.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private async Task<Workload> ReadAsync(Workload workload, CancellationToken cancellationToken) =>
        KubernetesReader.ReadWorkload(await _transport.GetAsync(Call("get", workload), "", cancellationToken), workload.Kind, workload.Cluster);

    /// <summary>An object; null when there is none of that name.</summary>
    private async Task<JsonElement?> FindAsync(ApiCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await _transport.GetAsync(call, "", cancellationToken);
        }
        catch (ChaosException exception) when (exception.ErrorId == ChaosErrors.ClusterObjectNotFoundId)
        {
            return null;
        }
    }

    private static ApiCall Call(string verb, Workload workload, string? subresource = null) => new(
        verb, "apps", "v1", s_workloads.First(known => known.Kind == workload.Kind).Resource, workload.Namespace, workload.Name, subresource);
}
