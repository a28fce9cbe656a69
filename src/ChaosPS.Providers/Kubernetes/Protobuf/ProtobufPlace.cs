using System.Text;
using ChaosPS.Clusters.Schema;

namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>A place in an item: an object, a value, or the entries of one list or map among the fields of an object.</summary>
internal struct ProtobufPlace
{
    private readonly ProtobufItem _item;
    private int _slot;

    /// <summary>An object of a type.</summary>
    public ProtobufPlace(ProtobufItem item, int slot, ApiType type)
    {
        _item = item;
        _slot = slot;
        Type = type;
    }

    /// <summary>The item that it is a part of.</summary>
    public readonly ProtobufItem Item => _item;

    /// <summary>The bytes of the object or value; of a list or map, from its first entry to the last, with other fields that stand between them.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _item.Bytes(_slot);

    /// <summary>The type of the object; null when it is a value.</summary>
    public ApiType? Type { get; private set; }

    /// <summary>The field that the value is of; null at the object where the path began.</summary>
    public ApiField? Field { get; private set; }

    /// <summary>The list or map; null at an object or value.</summary>
    public ApiField? Entries { get; private set; }

    /// <summary>The value, when it is a number.</summary>
    public readonly ulong Number
    {
        get
        {
            var scanner = new ProtobufScanner(Bytes);
            return scanner.Next() ? scanner.Varint() : 0;
        }
    }

    /// <summary>Goes to a field of the object, or an entry of the map; false when it is not there, or the type has none of that name.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public bool Step(string name)
    {
        if (Entries is not null) return StepToEntry(name);
        if (Type is not { } type || !type.ByName.TryGetValue(name, out var field)) return false;
        if (type.InlineByName.Count > 0 && type.InlineByName.TryGetValue(name, out var inline) && !StepTo(inline)) return false;
        return StepTo(field);
    }

    /// <summary>An object that is an entry of the list.</summary>
    /// <param name="start">Where in <see cref="Bytes"/> it begins.</param>
    /// <param name="length">How long it is.</param>
    public readonly ProtobufPlace Entry(int start, int length)
    {
        var begin = _item.Start(_slot) + start;
        return new ProtobufPlace(_item, _item.Add(begin, begin + length), Entries!.Type!);
    }

    private bool StepTo(ApiField field)
    {
        if (_item.Find(_slot, Type!, field) is not { } slot) return false;
        (_slot, Field) = (slot, field);
        Entries = field.Shape == FieldShape.Single ? null : field;
        Type = Entries is null ? field.Type : null;
        return true;
    }

    private bool StepToEntry(string key)
    {
        var map = Entries!;
        if (map.Shape != FieldShape.Map) return false;
        Span<byte> wanted = stackalloc byte[256];
        if (!Encoding.UTF8.TryGetBytes(key, wanted, out var length)) return false;
        var scanner = new ProtobufScanner(Bytes);
        var (start, end) = (-1, 0);
        while (scanner.Next())
        {
            if (scanner.Field != map.Number) continue;
            var entry = new ProtobufEntry(scanner.Bytes());
            if (!entry.Key.SequenceEqual(wanted[..length])) continue;
            start = scanner.Start + entry.ValueStart;
            end = start + entry.Value.Length;
        }

        if (start < 0) return false;
        var begin = _item.Start(_slot);
        (_slot, Field, Entries, Type) = (_item.Add(begin + start, begin + end), map, null, map.Type);
        return true;
    }
}
