using System.Text.Json.Nodes;
using ChaosPS.Ports;

namespace ChaosPS.Manifests;

/// <summary>A Kubernetes object in a file.</summary>
/// <param name="File">The file.</param>
/// <param name="Document">The number of its document, from 0.</param>
/// <param name="Path">Where in the document it is: nowhere in particular, or in the items of a list.</param>
/// <param name="Node">As it was read, with its place.</param>
/// <param name="Json">What it says.</param>
internal sealed record ManifestObject(ManifestFile File, int Document, IReadOnlyList<object> Path, DocumentMapping Node, JsonObject Json)
{
    /// <summary>The kind.</summary>
    public string Kind => Text(Json["kind"]);

    /// <summary>The name.</summary>
    public string Name => Text((Json["metadata"] as JsonObject)?["name"]);

    /// <summary>The namespace; null where whoever applies it says so.</summary>
    public string? Namespace => Text((Json["metadata"] as JsonObject)?["namespace"]) is { Length: > 0 } text ? text : null;

    /// <summary>Whether a cmdlet changes such objects.</summary>
    public bool IsWorkload => Kind is "Deployment" or "StatefulSet" or "DaemonSet" && Text(Json["apiVersion"]).StartsWith("apps/", StringComparison.Ordinal);

    /// <summary>Where it stands: <c>k8s/search.yaml(12,1)</c>.</summary>
    public string Place => PlaceOf(Node);

    /// <summary>Where a field of it stands, or the nearest thing around it that is there.</summary>
    public string PlaceOfField(params ReadOnlySpan<string> path)
    {
        DocumentNode at = Node;
        foreach (var name in path)
        {
            if (at is not DocumentMapping mapping || mapping.Entries.FirstOrDefault(entry => entry.Key.Value is string key && key == name) is not { } entry) break;
            at = entry.Value is DocumentMapping or DocumentSequence ? entry.Value : entry.Key;
        }

        return PlaceOf(at);
    }

    /// <summary>kind/namespace/name.</summary>
    public override string ToString() => Namespace is null ? $"{Kind}/{Name}" : $"{Kind}/{Namespace}/{Name}";

    private string PlaceOf(DocumentNode node) => $"{File.Source}({node.Line},{node.Column})";

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
