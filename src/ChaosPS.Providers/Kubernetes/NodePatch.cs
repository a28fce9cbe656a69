using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;

namespace ChaosPS.Providers.Kubernetes;

/// <summary>Merge patches of nodes. Each carries the resource version, so that the API answers 409 when somebody else was faster.</summary>
internal static class NodePatch
{
    /// <summary>The patch that cordons or uncordons; null when the node is so already.</summary>
    public static string? Unschedulable(JsonElement node, bool unschedulable)
    {
        var root = JsonNode.Parse(node.GetRawText())!;
        if (((bool?)root["spec"]?["unschedulable"] ?? false) == unschedulable) return null;
        return Write(root, "unschedulable", unschedulable ? true : null); // uncordoned, a node says nothing about it
    }

    /// <summary>The patch that adds a taint; null when the node has one of that key and effect already, whatever its value.</summary>
    public static string? AddTaint(JsonElement node, Taint taint)
    {
        var root = JsonNode.Parse(node.GetRawText())!;
        var taints = Taints(root);
        if (taints.Any(other => IsSame(other, taint))) return null;
        var added = new JsonObject { ["key"] = taint.Key, ["effect"] = taint.Effect.ToString() };
        if (taint.Value.Length > 0) added["value"] = taint.Value;
        taints.Add(added);
        return Write(root, "taints", taints);
    }

    /// <summary>The patch that takes away the taint of that key, value and effect; null when the node does not have it.</summary>
    public static string? RemoveTaint(JsonElement node, Taint taint)
    {
        var root = JsonNode.Parse(node.GetRawText())!;
        var taints = Taints(root);
        var removed = taints.RemoveAll(other => IsSame(other, taint) && ((string?)other!["value"] ?? "") == taint.Value);
        return removed == 0 ? null : Write(root, "taints", taints.Count == 0 ? null : taints);
    }

    /// <summary>The taints word for word: the API replaces the list as a whole.</summary>
    private static JsonArray Taints(JsonNode node) => node["spec"]?["taints"]?.DeepClone().AsArray() ?? [];

    // A node can have one taint of a key and an effect.
    private static bool IsSame(JsonNode? written, Taint taint) =>
        (string?)written?["key"] == taint.Key && (string?)written?["effect"] == taint.Effect.ToString();

    private static string Write(JsonNode node, string field, JsonNode? value) => new JsonObject
    {
        ["metadata"] = new JsonObject { ["resourceVersion"] = node["metadata"]?["resourceVersion"]?.DeepClone() },
        ["spec"] = new JsonObject { [field] = value },
    }.ToJsonString();
}
