using System.Text.Json.Nodes;
using ChaosPS.Ports;

namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>Writes a part of a kubeconfig as JSON.</summary>
internal static class DocumentJson
{
    /// <summary>A node as JSON; a time is written as text.</summary>
    public static JsonNode? Write(DocumentNode node) => node switch
    {
        DocumentMapping mapping => new JsonObject(mapping.Entries.Select(static entry => KeyValuePair.Create(entry.Key.Value?.ToString() ?? "null", Write(entry.Value)))),
        DocumentSequence sequence => new JsonArray([.. sequence.Items.Select(Write)]),
        DocumentScalar { Value: null } => null,
        DocumentScalar { Value: bool flag } => flag,
        DocumentScalar { Value: long number } => number,
        DocumentScalar { Value: double number } => number,
        DocumentScalar scalar => Convert.ToString(scalar.Value, System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };
}
