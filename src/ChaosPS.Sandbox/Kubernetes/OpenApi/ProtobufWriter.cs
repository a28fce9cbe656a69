using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Clusters.Schema;

namespace ChaosPS.Sandbox.Kubernetes.OpenApi;

/// <summary>
/// Writes objects and lists as protobuf, as a real API server does: what cannot be missing is written although it is zero or empty.
/// </summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding and https://protobuf.dev/programming-guides/encoding/ .</remarks>
internal static class ProtobufWriter
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private const string List = "List";

    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>Whether objects or lists of a kind can be written: those that the schema has.</summary>
    public static bool Knows(string apiVersion, string kind) => ApiSchema.Find(apiVersion, kind) is not null || ItemOf(apiVersion, kind) is not null;

    /// <summary>The body with an object or a list, which says what it is.</summary>
    public static byte[] Write(JsonObject json)
    {
        var (apiVersion, kind) = ((string)json["apiVersion"]!, (string)json["kind"]!);
        var raw = ApiSchema.Find(apiVersion, kind) is { } type
            ? Message(json, type)
            : ListMessage(json, ItemOf(apiVersion, kind) ?? throw new ArgumentException($"The schema has no {kind} of {apiVersion}.", nameof(json)));

        using var meta = new MemoryStream();
        Bytes(meta, 1, Encoding.UTF8.GetBytes(apiVersion));
        Bytes(meta, 2, Encoding.UTF8.GetBytes(kind));
        using var body = new MemoryStream();
        body.Write(Magic);
        Bytes(body, 1, meta.ToArray());
        Bytes(body, 2, raw);
        Bytes(body, 3, []);
        Bytes(body, 4, []);
        return body.ToArray();
    }

    /// <summary>The message of an object alone, as it stands in a list.</summary>
    public static byte[] WriteItem(JsonObject json) => Message(json, ApiSchema.Of(json) ?? throw new ArgumentException("The schema has no such kind.", nameof(json)));

    private static ApiType? ItemOf(string apiVersion, string kind) =>
        kind.EndsWith(List, StringComparison.Ordinal) ? ApiSchema.Find(apiVersion, kind[..^List.Length]) : null;

    private static byte[] ListMessage(JsonObject json, ApiType item)
    {
        using var output = new MemoryStream();
        Bytes(output, 1, Message(json["metadata"] as JsonObject ?? [], ApiSchema.Find("meta/v1", "ListMeta")!));
        foreach (var entry in json["items"]!.AsArray()) Bytes(output, 2, Message(entry!.AsObject(), item));
        return output.ToArray();
    }

    private static byte[] Message(JsonObject json, ApiType type)
    {
        using var output = new MemoryStream();
        foreach (var field in type.Fields.OrderBy(known => known.Number)) Field(output, json, field);
        return output.ToArray();
    }

    private static void Field(MemoryStream output, JsonObject json, ApiField field)
    {
        if (field.IsInline)
        {
            Bytes(output, field.Number, Message(json, field.Type!));
            return;
        }

        var value = json[field.Name];
        switch (field.Shape)
        {
            case FieldShape.List:
                foreach (var item in value as JsonArray ?? []) Value(output, field, field.Number, item);
                break;
            case FieldShape.Map:
                foreach (var (key, item) in (value as JsonObject ?? []).OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    using var entry = new MemoryStream();
                    Bytes(entry, 1, Encoding.UTF8.GetBytes(key));
                    Value(entry, field, 2, item);
                    Bytes(output, field.Number, entry.ToArray());
                }

                break;
            default:
                if (value is not null || !field.IsOptional) Value(output, field, field.Number, value);
                break;
        }
    }

    private static void Value(MemoryStream output, ApiField field, int number, JsonNode? value)
    {
        if (field.Type is { } type)
        {
            Bytes(output, number, Message(value as JsonObject ?? [], type));
            return;
        }

        switch (field.Scalar)
        {
            case "int":
                Number(output, number, (ulong)(value is null ? 0 : decimal.ToInt64(value.GetValueKind() == System.Text.Json.JsonValueKind.Number
                    ? decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture) : 0)));
                break;
            case "bool":
                Number(output, number, value is JsonValue flag && flag.TryGetValue<bool>(out var isTrue) && isTrue ? 1UL : 0);
                break;
            case "number":
                Tag(output, number, 1);
                Span<byte> fixed64 = stackalloc byte[sizeof(double)];
                BinaryPrimitives.WriteDoubleLittleEndian(fixed64, value is null ? 0 : double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture));
                output.Write(fixed64);
                break;
            case "bytes":
                Bytes(output, number, value is null ? [] : Convert.FromBase64String((string)value!));
                break;
            case "time" or "microTime":
                Bytes(output, number, Time((string?)value, isMicro: field.Scalar == "microTime"));
                break;
            case "quantity":
                Bytes(output, number, Part(1, Text(value, "0")));
                break;
            case "intOrString":
                Bytes(output, number, IntOrString(value));
                break;
            case "raw" or "fields":
                Bytes(output, number, value is null ? [] : Part(1, value.ToJsonString(Http.FaceResponse.JsonOptions)));
                break;
            default:
                Bytes(output, number, Encoding.UTF8.GetBytes(Text(value, "")));
                break;
        }
    }

    private static string Text(JsonNode? value, string otherwise) =>
        value is null ? otherwise : value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : value.ToJsonString();

    private static byte[] Part(int number, string text)
    {
        using var output = new MemoryStream();
        Bytes(output, number, Encoding.UTF8.GetBytes(text));
        return output.ToArray();
    }

    private static byte[] IntOrString(JsonNode? value)
    {
        var isText = value is JsonValue scalar && scalar.TryGetValue<string>(out _);
        using var output = new MemoryStream();
        Number(output, 1, isText ? 1UL : 0);
        Number(output, 2, isText || value is null ? 0 : (ulong)long.Parse(value.ToJsonString(), CultureInfo.InvariantCulture));
        Bytes(output, 3, Encoding.UTF8.GetBytes(isText ? (string)value! : ""));
        return output.ToArray();
    }

    private static byte[] Time(string? text, bool isMicro)
    {
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return [];
        using var output = new MemoryStream();
        Number(output, 1, (ulong)time.ToUnixTimeSeconds());
        Number(output, 2, isMicro ? (ulong)(time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick) : 0);
        return output.ToArray();
    }

    private static void Bytes(MemoryStream output, int number, ReadOnlySpan<byte> bytes)
    {
        Tag(output, number, 2);
        Varint(output, (ulong)bytes.Length);
        output.Write(bytes);
    }

    private static void Number(MemoryStream output, int number, ulong value)
    {
        Tag(output, number, 0);
        Varint(output, value);
    }

    private static void Tag(MemoryStream output, int number, uint wireType) => Varint(output, ((ulong)number << 3) | wireType);

    private static void Varint(MemoryStream output, ulong value)
    {
        for (; value >= 0x80; value >>= 7) output.WriteByte((byte)(value | 0x80));
        output.WriteByte((byte)value);
    }
}
