using System.Runtime.InteropServices;
using ChaosPS.Clusters.Schema;

namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>
/// The item of a list that is in memory, and where its fields are. A message is passed over once, when somebody first asks for one of its fields;
/// from then on each field is found by its number. The next item takes the place of this one, so that the index of a whole list is that of its largest item.
/// </summary>
internal sealed class ProtobufItem
{
    private readonly List<ProtobufSlot> _slots = [];
    private readonly ProtobufMessage _message;
    private ArraySegment<byte> _bytes;

    /// <summary>Makes the place for items of a type.</summary>
    public ProtobufItem(ApiType type) => _message = new ProtobufMessage(new ProtobufPlace(this, slot: 0, type));

    /// <summary>The texts that were lately read, of this item and those before.</summary>
    public RecentTexts Texts { get; } = new();

    /// <summary>The values that were lately made, of this item and those before.</summary>
    public RecentValues Values { get; } = new();

    /// <summary>Takes up an item; messages of the one before are good no more.</summary>
    public ProtobufMessage Begin(ArraySegment<byte> bytes)
    {
        _bytes = bytes;
        _slots.Clear();
        Add(0, bytes.Count);
        return _message;
    }

    /// <summary>The bytes of a slot.</summary>
    public ReadOnlySpan<byte> Bytes(int slot) => _bytes.AsSpan(_slots[slot].Start, _slots[slot].End - _slots[slot].Start);

    /// <summary>Where the bytes of a slot begin.</summary>
    public int Start(int slot) => _slots[slot].Start;

    /// <summary>A slot for a part of the item.</summary>
    public int Add(int start, int end)
    {
        _slots.Add(new ProtobufSlot { Start = start, End = end });
        return _slots.Count - 1;
    }

    /// <summary>The slot of a field of the message that is in <paramref name="message"/>; null when the field is not there.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public int? Find(int message, ApiType type, ApiField field)
    {
        var fields = _slots[message].Fields;
        if (fields == 0) fields = Index(message, type);
        var slot = fields + field.Number;
        var found = _slots[slot];
        if (found.IsWrong) throw new InvalidDataException($"field {field.Number} should {(field.IsNumber ? "be a number" : "have a length")}");
        return found.End == 0 ? null : slot;
    }

    private int Index(int message, ApiType type)
    {
        var fields = _slots.Count;
        var start = _slots[message].Start;
        CollectionsMarshal.SetCount(_slots, fields + type.ByNumber.Length);
        var slots = CollectionsMarshal.AsSpan(_slots)[fields..];
        slots.Clear();
        var scanner = new ProtobufScanner(Bytes(message));
        for (var before = 0; scanner.Next(); before = scanner.Position)
        {
            if ((uint)scanner.Field >= (uint)slots.Length || type.ByNumber[scanner.Field] is not { } field) continue;
            ref var slot = ref slots[scanner.Field];
            if (field.Shape != FieldShape.Single)
            {
                if (slot.End == 0) slot.Start = start + before;
                slot.End = start + scanner.Position;
                continue;
            }

            // Protobuf lets the last one count. But no API server writes a field twice: this is an item that has swallowed the next one.
            if (slot.End != 0) throw new InvalidDataException($"field {scanner.Field} of a {type.Name} stands there twice");
            slot = scanner.Type != (field.IsNumber ? WireType.Varint : WireType.Bytes) ? new ProtobufSlot { IsWrong = true, End = start + scanner.Position } : new ProtobufSlot
            {
                Start = start + (field.IsNumber ? before : scanner.Start),
                End = start + scanner.Position,
            };
        }

        CollectionsMarshal.AsSpan(_slots)[message].Fields = fields;
        return fields;
    }
}
