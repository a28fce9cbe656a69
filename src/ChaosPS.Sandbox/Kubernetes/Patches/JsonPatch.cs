using System.Globalization;
using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kubernetes.Patches;

/// <summary>JSON patch: a list of operations, all of which must succeed.</summary>
/// <remarks>Source: RFC 6902; pointers: RFC 6901.</remarks>
internal static class JsonPatch
{
    /// <summary>The object after all operations; the given one is not changed.</summary>
    /// <exception cref="StatusException">An operation is none, does not apply, or its test fails.</exception>
    public static JsonObject Apply(JsonObject target, JsonArray operations)
    {
        JsonNode? document = target.DeepClone();
        foreach (var node in operations)
        {
            if (node is not JsonObject operation) throw StatusException.PatchRejected();
            document = Run(document, operation);
        }

        return document as JsonObject ?? throw StatusException.PatchRejected();
    }

    private static JsonNode? Run(JsonNode? document, JsonObject operation)
    {
        var path = Pointer(operation, "path");
        switch (Text(operation, "op"))
        {
            case "add":
                return Add(document, path, Value(operation));
            case "remove":
                Remove(document, path);
                return document;
            case "replace":
                if (path.Length == 0) return Value(operation);
                Remove(document, path);
                return Add(document, path, Value(operation));
            case "move":
                var moved = Find(document, Pointer(operation, "from"))?.DeepClone();
                Remove(document, Pointer(operation, "from"));
                return Add(document, path, moved);
            case "copy":
                return Add(document, path, Find(document, Pointer(operation, "from"))?.DeepClone());
            case "test":
                return JsonNode.DeepEquals(Find(document, path), Value(operation)) ? document : throw StatusException.PatchRejected();
            default:
                throw StatusException.PatchRejected();
        }
    }

    private static JsonNode? Add(JsonNode? document, string[] path, JsonNode? value)
    {
        if (path.Length == 0) return value;
        switch (Find(document, path[..^1]))
        {
            case JsonObject parent:
                parent[path[^1]] = value;
                break;
            case JsonArray list:
                list.Insert(path[^1] == "-" ? list.Count : Index(path[^1], list.Count), value);
                break;
            default:
                throw StatusException.PatchRejected();
        }

        return document;
    }

    private static void Remove(JsonNode? document, string[] path)
    {
        if (path.Length == 0) throw StatusException.PatchRejected();
        switch (Find(document, path[..^1]))
        {
            case JsonObject parent when parent.Remove(path[^1]):
                break;
            case JsonArray list:
                list.RemoveAt(Index(path[^1], list.Count - 1));
                break;
            default:
                throw StatusException.PatchRejected();
        }
    }

    private static JsonNode? Find(JsonNode? document, string[] path)
    {
        foreach (var step in path)
        {
            document = document switch
            {
                JsonObject map when map.TryGetPropertyValue(step, out var member) => member,
                JsonArray list => list[Index(step, list.Count - 1)],
                _ => throw StatusException.PatchRejected(),
            };
        }

        return document;
    }

    private static int Index(string step, int last) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= last ? index : throw StatusException.PatchRejected();

    private static string[] Pointer(JsonObject operation, string name) => Text(operation, name) switch
    {
        "" => [],
        ['/', ..] pointer => [.. pointer[1..].Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))],
        _ => throw StatusException.PatchRejected(),
    };

    private static JsonNode? Value(JsonObject operation) =>
        operation.TryGetPropertyValue("value", out var value) ? value?.DeepClone() : throw StatusException.PatchRejected();

    private static string Text(JsonObject operation, string name) =>
        operation[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw StatusException.PatchRejected();
}
