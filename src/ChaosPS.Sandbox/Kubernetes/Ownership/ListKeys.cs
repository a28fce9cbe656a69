using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kubernetes.Ownership;

/// <summary>Which lists and maps have parts of their own, as far as ownership of fields goes; all others belong to somebody as a whole.</summary>
/// <remarks>Source: the markers <c>x-kubernetes-list-map-keys</c>, <c>x-kubernetes-list-type</c> and <c>x-kubernetes-map-type</c> of the API's OpenAPI document.</remarks>
internal static class ListKeys
{
    private static readonly Dictionary<string, string[]> s_keys = new()
    {
        ["containers"] = ["name"],
        ["initContainers"] = ["name"],
        ["ephemeralContainers"] = ["name"],
        ["env"] = ["name"],
        ["volumes"] = ["name"],
        ["imagePullSecrets"] = ["name"],
        ["volumeMounts"] = ["mountPath"],
        ["volumeDevices"] = ["devicePath"],
        ["hostAliases"] = ["ip"],
        ["topologySpreadConstraints"] = ["topologyKey", "whenUnsatisfiable"],
        ["taints"] = ["key", "effect"],
        ["conditions"] = ["type"],
        ["addresses"] = ["type"],
        ["ownerReferences"] = ["uid"],
    };

    private static readonly HashSet<string> s_wholes =
        ["selector", "nodeSelector", "labelSelector", "namespaceSelector", "podSelector", "matchLabels", "fieldRef", "secretKeyRef", "configMapKeyRef", "resourceFieldRef"];

    /// <summary>The members that tell the items of a list apart; null for a list that is one value.</summary>
    public static string[]? Of(string name, JsonArray list)
    {
        if (name != "ports") return s_keys.GetValueOrDefault(name);
        return list.OfType<JsonObject>().Any(port => port.ContainsKey("containerPort")) ? ["containerPort", "protocol"] : ["port", "protocol"];
    }

    /// <summary>Whether a list is a set of values, each of which may belong to somebody else.</summary>
    public static bool IsSet(string name) => name == "finalizers";

    /// <summary>Whether an object is one value.</summary>
    public static bool IsWhole(string name) => s_wholes.Contains(name);

    /// <summary>What an item of a keyed list is called in sets of fields: <c>k:{"name":"api"}</c>. A missing protocol is TCP.</summary>
    public static string ItemName(JsonObject item, string[] keys)
    {
        var known = new JsonObject();
        foreach (var key in keys.Order(StringComparer.Ordinal)) known[key] = item[key]?.DeepClone() ?? (key == "protocol" ? "TCP" : null);
        return "k:" + known.ToJsonString(Http.FaceResponse.JsonOptions);
    }
}
