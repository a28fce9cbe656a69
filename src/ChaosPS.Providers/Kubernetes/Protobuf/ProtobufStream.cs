using System.Buffers;
using System.Globalization;

namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>
/// Reads protobuf from a stream field by field. Only what is asked for as a whole is in memory at once, and the memory for it grows with what
/// has come, not with what a length says.
/// </summary>
/// <param name="stream">The stream; it is not closed.</param>
internal sealed class ProtobufStream(Stream stream) : IDisposable
{
    private const int FirstSize = 128 * 1024;

    /// <summary>The largest value that is read as a whole. An API server takes no object above 3 MB.</summary>
    private const int Largest = 16 * 1024 * 1024;

    private const int LongestVarint = 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _start;
    private int _end;

    /// <summary>How many bytes have been taken since the begin of the stream.</summary>
    public long Position { get; private set; }

    /// <summary>The number of the field whose header was read.</summary>
    public int Field { get; private set; }

    /// <summary>How its value is written.</summary>
    public WireType Type { get; private set; }

    /// <summary>How long its value is, when it has a length.</summary>
    public long Length { get; private set; }

    /// <summary>Whether there is nothing more.</summary>
    public async ValueTask<bool> IsAtEndAsync(CancellationToken cancellationToken) => !await FillAsync(1, cancellationToken);

    /// <summary>Reads the header of a field: its number, how its value is written, and how long it is.</summary>
    /// <param name="end">Where in the stream the message ends that the field is of.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">This is no header, or the value is longer than the message.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within it.</exception>
    public ValueTask ReadHeaderAsync(long end, CancellationToken cancellationToken)
    {
        // Nearly always the header is there already.
        if (_end - _start < 2 * LongestVarint) return FillAndParseAsync(end, cancellationToken);
        ParseHeader(end);
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes the value of the field as a whole: it is good until the next call.</summary>
    /// <exception cref="InvalidDataException">The value is no bytes, or is too large.</exception>
    /// <exception cref="EndOfStreamException">The stream ends before it does.</exception>
    public ValueTask<ArraySegment<byte>> TakeAsync(CancellationToken cancellationToken)
    {
        if (Type != WireType.Bytes) throw new InvalidDataException($"field {Field} should have a length");
        if (Length > Largest) throw new InvalidDataException($"field {Field} has {Length} bytes, more than any object can have");
        return Length <= _end - _start ? new(Take()) : FillAndTakeAsync(cancellationToken);
    }

    private async ValueTask<ArraySegment<byte>> FillAndTakeAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync((int)Length, cancellationToken)) throw Early();
        return Take();
    }

    private ArraySegment<byte> Take()
    {
        var taken = new ArraySegment<byte>(_buffer, _start, (int)Length);
        Advance((int)Length);
        return taken;
    }

    /// <summary>Takes so many bytes.</summary>
    /// <exception cref="EndOfStreamException">The stream ends before.</exception>
    public ValueTask<ArraySegment<byte>> TakeAsync(int count, CancellationToken cancellationToken)
    {
        (Type, Length) = (WireType.Bytes, count);
        return TakeAsync(cancellationToken);
    }

    /// <summary>Passes over the value of the field, however it is written.</summary>
    /// <exception cref="InvalidDataException">It ends a group that did not begin.</exception>
    /// <exception cref="EndOfStreamException">The stream ends before.</exception>
    public async ValueTask SkipAsync(long end, CancellationToken cancellationToken)
    {
        if (Type == WireType.EndGroup) throw new InvalidDataException($"field {Field} ends a group that did not begin");
        if (Type == WireType.Bytes) await SkipBytesAsync(Length, cancellationToken);
        if (Type != WireType.StartGroup) return;
        for (var depth = 1; depth > 0;)
        {
            await ReadHeaderAsync(end, cancellationToken);
            if (Type == WireType.Bytes) await SkipBytesAsync(Length, cancellationToken);
            else if (Type == WireType.StartGroup) depth++;
            else if (Type == WireType.EndGroup) depth--;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private async ValueTask FillAndParseAsync(long end, CancellationToken cancellationToken)
    {
        await FillAsync(2 * LongestVarint, cancellationToken);
        ParseHeader(end);
    }

    /// <summary>Reads a header from what is in the buffer. Numbers of fixed length and of variable length are passed over with it.</summary>
    private void ParseHeader(long end)
    {
        var tag = ParseVarint(end);
        if (tag is < 8 or > uint.MaxValue) throw new InvalidDataException("a field has no number");
        Field = (int)(tag >> 3);
        Type = (WireType)(tag & 7);
        Length = 0;
        switch (Type)
        {
            case WireType.Bytes:
                var length = ParseVarint(end);
                if (length > (ulong)(end - Position)) throw new InvalidDataException($"field {Field} is longer than what it is in");
                Length = (long)length;
                break;
            case WireType.Varint:
                ParseVarint(end);
                break;
            case WireType.Fixed64:
                Pass(sizeof(ulong), end);
                break;
            case WireType.Fixed32:
                Pass(sizeof(uint), end);
                break;
            case WireType.StartGroup or WireType.EndGroup:
                break;
            default:
                throw new InvalidDataException($"field {Field} has the unknown wire type {(int)Type}");
        }
    }

    private ulong ParseVarint(long end)
    {
        var result = 0UL;
        for (var digit = 0; digit < LongestVarint; digit++)
        {
            if (Position == end) throw new InvalidDataException("a number is longer than what it is in");
            if (_start == _end) throw Early();
            ulong next = _buffer[_start];
            Advance(1);
            if (digit == LongestVarint - 1 && next > 1) throw new InvalidDataException("a number is too large");
            result |= (next & 0x7F) << (7 * digit);
            if (next < 0x80) break;
        }

        return result;
    }

    private void Pass(int count, long end)
    {
        if (end - Position < count) throw new InvalidDataException("a number is longer than what it is in");
        if (_end - _start < count) throw Early();
        Advance(count);
    }

    private async ValueTask SkipBytesAsync(long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            if (!await FillAsync(1, cancellationToken)) throw Early();
            var step = (int)Math.Min(count, _end - _start);
            Advance(step);
            count -= step;
        }
    }

    private void Advance(int count)
    {
        _start += count;
        Position += count;
    }

    /// <summary>Reads until so many bytes are in the buffer; false when the stream ends before.</summary>
    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        while (_end - _start < count)
        {
            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0) return false;
            _end += read;
        }

        return true;
    }

    /// <summary>Moves what is left, a part of an item, to the begin of the buffer, so that the next read may be a long one; a full buffer grows.</summary>
    private void MakeRoom()
    {
        var left = _buffer.AsSpan(_start, _end - _start);
        var target = left.Length < _buffer.Length ? _buffer : ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        left.CopyTo(target);
        if (target != _buffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = target;
        }

        (_start, _end) = (0, left.Length);
    }

    private EndOfStreamException Early() => new(string.Create(CultureInfo.InvariantCulture, $"it ends after {Position + _end - _start} bytes"));
}
