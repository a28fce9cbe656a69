using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChaosPS.Tests;

/// <summary>An experiment with one thing changed, as the recorded questions have it.</summary>
internal static class MutatedExperiment
{
    /// <summary>The experiment of a matrix with the change of a case: a place and its new value, or none when it is removed.</summary>
    public static JsonNode? Of(JsonElement matrix, JsonElement change)
    {
        JsonElement[] path = [.. change.GetProperty("at").EnumerateArray()];
        if (path.Length == 0) return JsonNode.Parse(change.GetProperty("value").GetRawText());
        var experiment = JsonNode.Parse(matrix.GetProperty("experiment").GetRawText())!;
        var at = experiment;
        foreach (var part in path[..^1]) at = part.ValueKind == JsonValueKind.Number ? at[part.GetInt32()]! : at[part.GetString()!]!;
        var isRemoved = !change.TryGetProperty("value", out var value);
        switch (at, path[^1])
        {
            case (JsonArray list, var index) when isRemoved: list.RemoveAt(index.GetInt32()); break;
            case (JsonArray list, var index): list[index.GetInt32()] = JsonNode.Parse(value.GetRawText()); break;
            case (JsonObject map, var key) when isRemoved: map.Remove(key.GetString()!); break;
            case (JsonObject map, var key): map[key.GetString()!] = JsonNode.Parse(value.GetRawText()); break;
        }

        return experiment;
    }

    /// <summary>Whether the change is at one of these keys: the last one of its path, or all of them between points.</summary>
    public static bool IsUnder(JsonElement change, ICollection<string> keys)
    {
        string[] names = [.. change.GetProperty("at").EnumerateArray().Where(static part => part.ValueKind == JsonValueKind.String).Select(static part => part.GetString()!)];
        return keys.Contains(names.LastOrDefault() ?? "") || keys.Contains(string.Join('.', names));
    }
}
