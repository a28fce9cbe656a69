using System.Text.Json.Nodes;

namespace ChaosPS.Clusters;

/// <summary>Merge patches of JSON objects (RFC 7386): members are set, null takes them away, lists are replaced as a whole.</summary>
internal static class JsonMerge
{
    /// <summary>What a patch makes of a value. Neither is changed.</summary>
    public static JsonNode? Apply(JsonNode? value, JsonNode? patch)
    {
        if (patch is not JsonObject members) return patch?.DeepClone();
        var result = value is JsonObject existing ? (JsonObject)existing.DeepClone() : [];
        foreach (var (name, member) in members)
        {
            if (member is null) result.Remove(name);
            else result[name] = Apply(result[name], member);
        }

        return result;
    }

    /// <summary>Whether a patch would change nothing.</summary>
    public static bool Holds(JsonNode? value, JsonNode patch) => JsonNode.DeepEquals(Apply(value, patch), value);

    /// <summary>The smallest patch that makes one object of another; empty when they are equal.</summary>
    public static JsonObject Difference(JsonObject before, JsonObject after)
    {
        var patch = new JsonObject();
        foreach (var (name, _) in before)
        {
            if (!after.ContainsKey(name)) patch[name] = null;
        }

        foreach (var (name, value) in after)
        {
            if (before.TryGetPropertyValue(name, out var old) && JsonNode.DeepEquals(old, value)) continue;
            patch[name] = old is JsonObject left && value is JsonObject right ? Difference(left, right) : value?.DeepClone();
        }

        return patch;
    }
}
