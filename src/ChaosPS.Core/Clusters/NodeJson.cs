using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChaosPS.Clusters;

/// <summary>Nodes of JSON in other forms. The serializer has them too, but prepares for every type that there is first, and a new process waits for that.</summary>
internal static class NodeJson
{
    /// <summary>A node as Core reads JSON.</summary>
    public static JsonElement ToElement(this JsonNode node) => JsonElement.Parse(Write(node, default).WrittenSpan);

    /// <summary>A node as UTF-8.</summary>
    public static byte[] ToBytes(this JsonNode node, JsonWriterOptions options) => Write(node, options).WrittenSpan.ToArray();

    private static ArrayBufferWriter<byte> Write(JsonNode node, JsonWriterOptions options)
    {
        var written = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(written, options);
        node.WriteTo(writer);
        writer.Flush();
        return written;
    }
}
