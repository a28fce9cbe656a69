using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>Compares JSON as the API server understands it: the order of members means nothing, and null is as good as missing.</summary>
/// <remarks>Typed clients send back what they read in another order and without nulls; that is no change.</remarks>
internal static class CanonicalJson
{
    /// <summary>Whether both mean the same.</summary>
    public static bool AreEqual(JsonNode? left, JsonNode? right) => Text(left) == Text(right);

    /// <summary>The one text of everything that means the same.</summary>
    public static string Text(JsonNode? node) => Sort(node)?.ToJsonString() ?? "null";

    private static JsonNode? Sort(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map
            .Where(member => member.Value is not null)
            .OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Sort(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sort)]),
        _ => node?.DeepClone(),
    };
}
