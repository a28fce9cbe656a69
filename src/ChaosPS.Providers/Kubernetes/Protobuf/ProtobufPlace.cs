using System.Text;
using ChaosPS.Clusters.Schema;

namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>A place in a message: an object, a value, or the entries of one list or map among the fields of an object.</summary>
/// <remarks>Where a field that has one value stands several times, the last one counts, as protobuf says of values.</remarks>
internal struct ProtobufPlace
{
    /// <summary>A message of a type.</summary>
    public ProtobufPlace(ArraySegment<byte> bytes, ApiType type)
    {
        Bytes = bytes;
        Type = type;
    }

    /// <summary>The bytes of the object or value; where <see cref="Entries"/> is set, of the object that has them.</summary>
    public ArraySegment<byte> Bytes { get; private set; }

    /// <summary>The type of the object; null when it is a value.</summary>
    public ApiType? Type { get; private set; }

    /// <summary>The field that the value is of; null at the object where the path began.</summary>
    public ApiField? Field { get; private set; }

    /// <summary>The list or map; null at an object or value.</summary>
    public ApiField? Entries { get; private set; }

    /// <summary>The value, when it is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>Goes to a field of the object, or an entry of the map; false when it is not there, or the type has none of that name.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public bool Step(string name)
    {
        if (Entries is not null) return StepToEntry(name);
        if (Type is not { } type || !type.ByName.TryGetValue(name, out var field)) return false;
        if (type.InlineByName.TryGetValue(name, out var inline) && !StepTo(inline)) return false;
        return StepTo(field);
    }

    private bool StepTo(ApiField field)
    {
        var scanner = new ProtobufScanner(Bytes);
        var found = false;
        var value = default(ArraySegment<byte>);
        while (scanner.Next())
        {
            if (scanner.Field != field.Number) continue;
            found = true;
            if (field.IsNumber && field.Shape == FieldShape.Single)
            {
                Number = scanner.Varint();
            }
            else
            {
                scanner.Bytes();
                value = Bytes.Slice(scanner.Start, scanner.Length);
            }
        }

        if (!found) return false;
        Field = field;
        Entries = field.Shape == FieldShape.Single ? null : field;
        Type = Entries is null ? field.Type : null;
        if (Entries is null) Bytes = value;
        return true;
    }

    private bool StepToEntry(string key)
    {
        var map = Entries!;
        if (map.Shape != FieldShape.Map) return false;
        Span<byte> wanted = stackalloc byte[256];
        if (!Encoding.UTF8.TryGetBytes(key, wanted, out var length)) return false;
        var scanner = new ProtobufScanner(Bytes);
        var found = false;
        var value = default(ArraySegment<byte>);
        while (scanner.Next())
        {
            if (scanner.Field != map.Number) continue;
            var entry = new ProtobufEntry(scanner.Bytes());
            if (!entry.Key.SequenceEqual(wanted[..length])) continue;
            found = true;
            value = Bytes.Slice(scanner.Start + entry.ValueStart, entry.Value.Length);
        }

        if (found) (Field, Entries, Type, Bytes) = (map, null, map.Type, value);
        return found;
    }
}
