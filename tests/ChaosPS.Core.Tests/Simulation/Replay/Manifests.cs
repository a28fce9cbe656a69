using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ChaosPS.Core.Tests.Simulation.Replay;

/// <summary>Reads the manifests that the recorded cluster was made with.</summary>
internal static class Manifests
{
    public static IEnumerable<JsonElement> Read(string file)
    {
        YamlStream stream = [];
        using var reader = File.OpenText(Path.Combine(AppContext.BaseDirectory, "Recordings", "manifests", file));
        stream.Load(reader);
        return [.. stream.Documents.Select(document => JsonSerializer.SerializeToElement(Convert(document.RootNode)))];
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, Convert(child.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when long.TryParse(text, out var number) => number,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } flag => flag.Value == "true",
        YamlScalarNode scalar => scalar.Value,
        _ => throw new NotSupportedException(node.Tag.ToString()),
    };
}
