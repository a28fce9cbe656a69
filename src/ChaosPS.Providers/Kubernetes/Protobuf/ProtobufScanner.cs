using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>Walks over the fields of one protobuf message. Nothing is copied, and no length that a message claims is believed beyond its end.</summary>
/// <remarks>Source: https://protobuf.dev/programming-guides/encoding/ .</remarks>
/// <param name="bytes">The message.</param>
internal ref struct ProtobufScanner(ReadOnlySpan<byte> bytes)
{
    private const int MostDigits = 10;

    /// <summary>How deep groups may be in each other; the API has none at all.</summary>
    private const int DeepestGroup = 32;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    /// <summary>The number of the field that <see cref="Next"/> stopped at.</summary>
    public int Field { get; private set; }

    /// <summary>How its value is written.</summary>
    public WireType Type { get; private set; }

    /// <summary>Its value, when that is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>Where its value begins, when that has a length.</summary>
    public int Start { get; private set; }

    /// <summary>How long its value is, when it has a length.</summary>
    public int Length { get; private set; }

    /// <summary>Its value, when that has a length.</summary>
    public readonly ReadOnlySpan<byte> Value => _bytes.Slice(Start, Length);

    /// <summary>Where the next field begins.</summary>
    public readonly int Position => _position;

    /// <summary>Goes to the next field; false at the end of the message.</summary>
    /// <exception cref="InvalidDataException">This is no message.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next()
    {
        if (_position == _bytes.Length) return false;
        ReadTag();
        if (Type == WireType.Bytes) ReadLength();
        else if (Type == WireType.Varint) Number = ReadVarint();
        else ReadOther();
        return true;
    }

    /// <summary>The value of a field that has a length.</summary>
    /// <exception cref="InvalidDataException">The value is a number.</exception>
    public readonly ReadOnlySpan<byte> Bytes() => Type == WireType.Bytes ? Value : throw Malformed($"field {Field} should have a length");

    /// <summary>The value of a field that is a number.</summary>
    /// <exception cref="InvalidDataException">The value is none.</exception>
    public readonly ulong Varint() => Type == WireType.Varint ? Number : throw Malformed($"field {Field} should be a number");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadTag()
    {
        var tag = ReadVarint();
        if (tag is < 8 or > uint.MaxValue) throw Malformed("a field has no number");
        Field = (int)(tag >> 3);
        Type = (WireType)(tag & 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadLength()
    {
        var length = ReadVarint();
        if (length > (ulong)(_bytes.Length - _position)) throw Malformed($"field {Field} is longer than what it is in");
        Start = _position;
        Length = (int)length;
        _position += (int)length;
    }

    private void ReadOther()
    {
        switch (Type)
        {
            case WireType.Fixed64:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
                break;
            case WireType.Fixed32:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
                break;
            case WireType.StartGroup:
                SkipGroup(depth: 1);
                break;
            default:
                throw Malformed($"field {Field} has the unknown wire type {(int)Type}");
        }
    }

    private void SkipGroup(int depth)
    {
        if (depth > DeepestGroup) throw Malformed("groups are too deep in each other");
        var group = Field;
        while (true)
        {
            ReadTag();
            switch (Type)
            {
                case WireType.EndGroup when Field == group:
                    Type = WireType.StartGroup;
                    return;
                case WireType.Bytes:
                    ReadLength();
                    break;
                case WireType.Varint:
                    ReadVarint();
                    break;
                case WireType.StartGroup:
                    SkipGroup(depth + 1);
                    Field = group;
                    break;
                default:
                    ReadOther();
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong ReadVarint()
    {
        // Nearly all numbers have one digit or two.
        if (_position + 1 < _bytes.Length)
        {
            uint first = _bytes[_position], second = _bytes[_position + 1];
            if (first < 0x80)
            {
                _position++;
                return first;
            }

            if (second < 0x80)
            {
                _position += 2;
                return (first & 0x7F) | (second << 7);
            }
        }

        return ReadLongVarint();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong ReadLongVarint()
    {
        var result = 0UL;
        for (var digit = 0; digit < MostDigits; digit++)
        {
            if (_position == _bytes.Length) throw Malformed("it ends within a number");
            ulong next = _bytes[_position++];
            result |= (next & 0x7F) << (7 * digit);
            if (next < 0x80) return digit < MostDigits - 1 || next < 2 ? result : throw Malformed("a number is too large");
        }

        throw Malformed("a number is too long");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _position) throw Malformed("it ends within a number");
        _position += count;
        return _bytes.Slice(_position - count, count);
    }

    private static InvalidDataException Malformed(string why) => new(why);
}
