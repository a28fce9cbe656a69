using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Writers;

/// <summary>Writes Nodes and their Leases.</summary>
internal static class NodeWriter
{
    /// <summary>The namespace of the leases.</summary>
    public const string LeaseNamespace = "kube-node-lease";

    /// <summary>A Node.</summary>
    public static JsonObject Write(ApiObject item, SimulatedNode node, StableId ids, DateTimeOffset now)
    {
        var json = JsonParts.Copy(item.Manifest!);
        var metadata = json.Member("metadata");
        metadata["creationTimestamp"] = ApiTime.Text(node.CreationTimestamp);
        JsonParts.Stamp(metadata, item);

        var spec = json.Member("spec");
        spec.Remove("unschedulable");
        spec.Remove("taints");
        if (node.Unschedulable) spec["unschedulable"] = true;
        if (node.Taints.Count > 0) spec["taints"] = new JsonArray([.. node.Taints.Select(Taint)]);

        var status = json.Member("status");
        var heartbeat = ApiTime.Text(node.StatusHeartbeatTime(now));
        status["conditions"] = new JsonArray([.. node.Conditions.Select(condition => new JsonObject
        {
            ["type"] = condition.Type,
            ["status"] = condition.Status,
            ["lastHeartbeatTime"] = heartbeat,
            ["lastTransitionTime"] = ApiTime.Text(condition.LastTransitionTime),
            ["reason"] = condition.Reason,
            ["message"] = condition.Message,
        })]);
        var info = status.Member("nodeInfo");
        info["machineID"] = ids.Digest($"machine/{node.Name}")[..32];
        info["systemUUID"] = ids.Uid($"system/{node.Name}");
        info["bootID"] = ids.Uid($"boot/{node.Name}");
        return json;
    }

    /// <summary>The Lease that the node's kubelet renews.</summary>
    public static JsonObject WriteLease(ApiObject item, SimulatedNode node, StableId ids, DateTimeOffset now) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = node.Name,
            ["namespace"] = LeaseNamespace,
            ["uid"] = ids.Uid($"Lease/{node.Name}"),
            ["resourceVersion"] = JsonParts.Number(item.Version),
            ["creationTimestamp"] = ApiTime.Text(node.CreationTimestamp),
            ["ownerReferences"] = new JsonArray(
                new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = node.Name, ["uid"] = node.Uid }),
        },
        ["spec"] = new JsonObject
        {
            ["holderIdentity"] = node.Name,
            ["leaseDurationSeconds"] = 40,
            ["renewTime"] = ApiTime.MicroText(node.LeaseRenewTime(now)),
        },
    };

    private static JsonObject Taint(Clusters.Taint taint)
    {
        var json = new JsonObject { ["key"] = taint.Key };
        if (taint.Value.Length > 0) json["value"] = taint.Value;
        json["effect"] = taint.Effect.ToString();
        if (taint.TimeAdded is { } added) json["timeAdded"] = ApiTime.Text(added);
        return json;
    }
}
