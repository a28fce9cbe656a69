using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Clusters.Schema;

namespace ChaosPS.Sandbox.Kubernetes.OpenApi;

/// <summary>
/// Reads the protobuf bodies that kubectl's typed commands send whatever the server says it takes (<c>create</c>, <c>auth</c>). Fields that
/// were written although they are zero or empty are left out, as they are in JSON.
/// </summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding and https://protobuf.dev/programming-guides/encoding/ .</remarks>
internal static class ProtobufReader
{
    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>The object in a body.</summary>
    /// <exception cref="StatusException">The body is no such message, or of a kind that is not known.</exception>
    public static JsonObject Read(ReadOnlySpan<byte> body)
    {
        try
        {
            if (!body.StartsWith(Magic)) throw StatusException.BadRequest("the body is no protobuf message of Kubernetes: it does not begin with its prefix");
            var (apiVersion, kind) = ("", "");
            ReadOnlySpan<byte> raw = [];
            for (var rest = new Message(body[Magic.Length..]); rest.Next(out var number, out var value);)
            {
                if (number == 1) (apiVersion, kind) = TypeMeta(value.Bytes);
                if (number == 2) raw = value.Bytes;
            }

            var type = ApiSchema.Find(apiVersion, kind) ?? throw StatusException.BadRequest($"no kind \"{kind}\" is registered for version \"{apiVersion}\"");
            var json = Fields(raw, type);
            json.Insert(0, "kind", kind);
            json.Insert(1, "apiVersion", apiVersion);
            return json;
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or DecoderFallbackException)
        {
            throw StatusException.BadRequest($"the body is no protobuf message of Kubernetes: {exception.Message}");
        }
    }

    private static (string ApiVersion, string Kind) TypeMeta(ReadOnlySpan<byte> bytes)
    {
        var (apiVersion, kind) = ("", "");
        for (var rest = new Message(bytes); rest.Next(out var number, out var value);)
        {
            if (number == 1) apiVersion = Text(value.Bytes);
            if (number == 2) kind = Text(value.Bytes);
        }

        return (apiVersion, kind);
    }

    private static JsonObject Fields(ReadOnlySpan<byte> bytes, ApiType type)
    {
        var json = new JsonObject();
        for (var rest = new Message(bytes); rest.Next(out var number, out var wire);)
        {
            if ((uint)number >= (uint)type.ByNumber.Length || type.ByNumber[number] is not { } field) continue;
            switch (field.Shape)
            {
                case FieldShape.List:
                    if (json[field.Name] is not JsonArray list) json[field.Name] = list = [];
                    list.Add(Value(wire, field));
                    break;
                case FieldShape.Map:
                    if (json[field.Name] is not JsonObject map) json[field.Name] = map = [];
                    Entry(wire.Bytes, field, map);
                    break;
                default:
                    var value = Value(wire, field);
                    if (field.IsInline) foreach (var (name, inner) in value!.AsObject().ToArray()) json[name] = inner?.DeepClone();
                    else if (field.IsOptional || !IsEmpty(value)) json[field.Name] = value;
                    break;
            }
        }

        return json;
    }

    private static void Entry(ReadOnlySpan<byte> bytes, ApiField field, JsonObject map)
    {
        var key = "";
        var value = Value(default, field);
        for (var rest = new Message(bytes); rest.Next(out var number, out var wire);)
        {
            if (number == 1) key = Text(wire.Bytes);
            if (number == 2) value = Value(wire, field);
        }

        map[key] = value;
    }

    private static JsonNode? Value(Wire wire, ApiField field)
    {
        if (field.Type is { } type) return Fields(wire.Bytes, type);
        switch (field.Scalar)
        {
            case "int":
                return (long)wire.Number;
            case "bool":
                return wire.Number != 0;
            case "number":
                return BitConverter.UInt64BitsToDouble(wire.Number);
            case "bytes":
                return Convert.ToBase64String(wire.Bytes);
            case "time" or "microTime":
                return Time(wire.Bytes, isMicro: field.Scalar == "microTime");
            case "quantity":
                return Text(Part(wire.Bytes, 1).Bytes);
            case "intOrString":
                return Part(wire.Bytes, 1).Number == 0 ? (int)Part(wire.Bytes, 2).Number : Text(Part(wire.Bytes, 3).Bytes);
            case "raw" or "fields":
                return Part(wire.Bytes, 1).Bytes is { Length: > 0 } json ? JsonNode.Parse(json) : null;
            default:
                return Text(wire.Bytes);
        }
    }

    private static bool IsEmpty(JsonNode? value) => value switch
    {
        null or JsonObject { Count: 0 } => true,
        JsonValue scalar => scalar.ToJsonString() is "\"\"" or "0" or "false",
        _ => false,
    };

    private static JsonValue? Time(ReadOnlySpan<byte> bytes, bool isMicro)
    {
        if (bytes.IsEmpty) return null;
        var time = DateTimeOffset.FromUnixTimeSeconds((long)Part(bytes, 1).Number).AddTicks((long)Part(bytes, 2).Number / TimeSpan.NanosecondsPerTick);
        return JsonValue.Create(isMicro ? ApiTime.MicroText(time) : ApiTime.Text(time));
    }

    /// <summary>One field of a small message; nothing when it is not there.</summary>
    private static Wire Part(ReadOnlySpan<byte> bytes, int wanted)
    {
        for (var rest = new Message(bytes); rest.Next(out var number, out var value);)
        {
            if (number == wanted) return value;
        }

        return default;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>A value as it is on the wire: a number, or bytes.</summary>
    private readonly ref struct Wire(ulong number, ReadOnlySpan<byte> bytes)
    {
        public ulong Number { get; } = number;

        public ReadOnlySpan<byte> Bytes { get; } = bytes;
    }

    /// <summary>The fields of a message, one after the other.</summary>
    private ref struct Message(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public bool Next(out int number, out Wire value)
        {
            number = 0;
            value = default;
            if (_rest.IsEmpty) return false;
            var tag = Varint();
            number = (int)(tag >> 3);
            value = (tag & 7) switch
            {
                0 => new Wire(Varint(), []),
                1 => new Wire(BinaryPrimitives.ReadUInt64LittleEndian(Take(8)), []),
                2 => new Wire(0, Take((int)Math.Min(Varint(), int.MaxValue))),
                5 => new Wire(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)), []),
                var other => throw new ArgumentOutOfRangeException(nameof(value), string.Create(CultureInfo.InvariantCulture, $"the wire type {other} is unknown")),
            };
            return true;
        }

        private ulong Varint()
        {
            var result = 0UL;
            for (var shift = 0; shift < 64; shift += 7)
            {
                var next = Take(1)[0];
                result |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80) return result;
            }

            throw new ArgumentOutOfRangeException(nameof(bytes), "a number is too long");
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            var taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }
    }
}
