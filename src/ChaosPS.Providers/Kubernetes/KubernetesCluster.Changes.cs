using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Providers.Kubernetes;

/// <content>Changes of nodes and pods.</content>
internal sealed partial class KubernetesCluster
{
    /// <inheritdoc/>
    public Task<ClusterNode?> SetUnschedulableAsync(ClusterNode node, bool unschedulable, bool dryRun, CancellationToken cancellationToken) =>
        PatchNodeAsync(node, current => NodePatch.Unschedulable(current, unschedulable), dryRun, cancellationToken);

    /// <inheritdoc/>
    public Task<ClusterNode?> AddTaintAsync(ClusterNode node, Taint taint, bool dryRun, CancellationToken cancellationToken) =>
        PatchNodeAsync(node, current => NodePatch.AddTaint(current, taint), dryRun, cancellationToken);

    /// <inheritdoc/>
    public Task<ClusterNode?> RemoveTaintAsync(ClusterNode node, Taint taint, bool dryRun, CancellationToken cancellationToken) =>
        PatchNodeAsync(node, current => NodePatch.RemoveTaint(current, taint), dryRun, cancellationToken);

    /// <inheritdoc/>
    public async Task EvictPodAsync(ClusterPod pod, int? gracePeriodSeconds, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pod);
        var eviction = new JsonObject
        {
            ["apiVersion"] = "policy/v1",
            ["kind"] = "Eviction",
            ["metadata"] = new JsonObject { ["name"] = pod.Name, ["namespace"] = pod.Namespace },
            ["deleteOptions"] = DeleteOptions(pod, gracePeriodSeconds),
        };
        await _transport.PostAsync(
            new ApiCall("create", "", "v1", "pods", pod.Namespace, pod.Name, "eviction"), eviction.ToJsonString(), dryRun, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeletePodAsync(ClusterPod pod, int? gracePeriodSeconds, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pod);
        var options = DeleteOptions(pod, gracePeriodSeconds);
        if (dryRun) options["dryRun"] = new JsonArray("All");
        await _transport.DeleteAsync(new ApiCall("delete", "", "v1", "pods", pod.Namespace, pod.Name), options.ToJsonString(), cancellationToken);
    }

    /// <summary>A pod that was made again under the same name is another pod, and is left alone.</summary>
    private static JsonObject DeleteOptions(ClusterPod pod, int? gracePeriodSeconds)
    {
        var options = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (gracePeriodSeconds is { } seconds) options["gracePeriodSeconds"] = seconds;
        if (pod.Uid.Length > 0) options["preconditions"] = new JsonObject { ["uid"] = pod.Uid };
        return options;
    }

    /// <summary>Changes a node on condition that nobody else changes it meanwhile; null when it is as wanted already.</summary>
    private async Task<ClusterNode?> PatchNodeAsync(
        ClusterNode node, Func<JsonElement, string?> patchOf, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        var patchCall = new ApiCall("patch", "", "v1", "nodes", Name: node.Name);
        for (var attempt = 1; ; attempt++)
        {
            var current = await _transport.GetAsync(patchCall with { Verb = "get" }, "", cancellationToken);
            var now = KubernetesReader.ReadNode(current, node.Cluster, _time.GetUtcNow());
            if (node.Uid.Length > 0 && now.Uid != node.Uid)
                throw ChaosErrors.ClusterConflict(patchCall.ToString(), _name, "the node was removed since it was read, and another one has its name");
            if (patchOf(current) is not { } patch) return null;
            try
            {
                var changed = await _transport.PatchAsync(patchCall, "application/merge-patch+json", patch, dryRun, cancellationToken);
                return KubernetesReader.ReadNode(changed, node.Cluster, _time.GetUtcNow());
            }
            catch (ChaosException exception) when (exception.Kind == ErrorKind.Conflict && attempt < MostConflicts)
            {
                // The kubelet's reports change the resource version too: read again, and look whether there still is something to change.
            }
        }
    }
}
