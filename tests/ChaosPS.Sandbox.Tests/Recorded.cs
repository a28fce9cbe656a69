using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Tests;

/// <summary>Answers of a real Kubernetes 1.32 control plane.</summary>
internal static class Recorded
{
    public static JsonObject Read(string name)
    {
        using var stream = typeof(Recorded).Assembly.GetManifestResourceStream(name)!;
        return JsonNode.Parse(stream)!.AsObject();
    }

    /// <summary>The same with other names in its texts.</summary>
    public static JsonObject ReadReplacing(string name, params ReadOnlySpan<(string From, string To)> names)
    {
        var text = Read(name).ToJsonString();
        foreach (var (from, to) in names) text = text.Replace(from, to, StringComparison.Ordinal);
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>The paths of all members, list indices left out, so that the shapes of two objects can be compared.</summary>
    public static SortedSet<string> Shape(JsonNode? node)
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        Walk(node, "");
        return paths;

        void Walk(JsonNode? node, string path)
        {
            switch (node)
            {
                // Maps from names that users choose: the names are no part of the shape.
                case JsonObject map when path.EndsWith("labels", StringComparison.Ordinal) || path.EndsWith("annotations", StringComparison.Ordinal) || path.EndsWith("matchLabels", StringComparison.Ordinal):
                    break;
                case JsonObject map:
                    foreach (var (name, value) in map)
                    {
                        if (name == "managedFields") continue;
                        paths.Add($"{path}/{name}");
                        Walk(value, $"{path}/{name}");
                    }

                    break;
                case JsonArray list:
                    foreach (var item in list) Walk(item, path);
                    break;
            }
        }
    }
}
