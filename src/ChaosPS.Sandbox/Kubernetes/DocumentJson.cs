using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using ChaosPS.Ports;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>A document that was read from YAML, as JSON.</summary>
internal static class DocumentJson
{
    /// <summary>The same in JSON. YAML's times become texts again, as the API writes times.</summary>
    public static JsonNode? Of(DocumentNode node) => node switch
    {
        DocumentMapping map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(Name(entry.Key), Of(entry.Value)))),
        DocumentSequence list => new JsonArray([.. list.Items.Select(Of)]),
        DocumentScalar scalar => Of(scalar.Value),
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };

    private static string Name(DocumentScalar key) => Of(key.Value)?.ToString() ?? "null";

    private static JsonNode? Of(object? value) => value switch
    {
        null => null,
        bool flag => flag,
        long number => number,
        double number => number,
        BigInteger number => JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture)),
        DateTimeOffset time => time.Ticks % TimeSpan.TicksPerSecond == 0 ? ApiTime.Text(time) : ApiTime.MicroText(time),
        _ => value.ToString(),
    };
}
