using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace ChaosPS.Sandbox.Serving;

/// <summary>Reads requests from a connection, one after the other.</summary>
internal sealed class RequestReader(PipeReader reader)
{
    /// <summary>The longest head. Selectors can be long: Go's servers, Kubernetes' among them, take a mebibyte.</summary>
    private const int LongestHead = 1 << 20;

    /// <summary>The longest body: five times what a real API server takes.</summary>
    private const int LongestBody = 16 << 20;

    private const int LongestLine = 1024;

    private static readonly byte[] s_lineEnd = "\r\n"u8.ToArray();
    private static readonly byte[] s_headEnd = "\r\n\r\n"u8.ToArray();

    /// <summary>Reads the head of the next request; null when the client has closed the connection instead.</summary>
    /// <exception cref="HttpRefusal">What came is none.</exception>
    public async Task<RequestHead?> ReadHeadAsync(CancellationToken cancellationToken)
    {
        var bytes = await ReadToAsync(s_headEnd, LongestHead, HttpStatusCode.RequestHeaderFieldsTooLarge, cancellationToken);
        return bytes is null ? null : RequestHead.Parse(bytes.AsSpan().TrimStart("\r\n"u8));
    }

    /// <summary>Reads the body that follows a head.</summary>
    /// <exception cref="HttpRefusal">It is too long, or none.</exception>
    /// <exception cref="EndOfStreamException">The client closed the connection in the middle of it.</exception>
    public async Task<byte[]> ReadBodyAsync(RequestHead head, CancellationToken cancellationToken)
    {
        if (head.ContentLength is { } length) return length > LongestBody ? throw TooLong() : await ReadExactlyAsync((int)length, cancellationToken);

        using var body = new MemoryStream();
        while (true)
        {
            var line = await ReadLineAsync(cancellationToken);
            var end = line.IndexOf(';', StringComparison.Ordinal);
            if (!int.TryParse(end < 0 ? line : line[..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) || size < 0)
            {
                throw new HttpRefusal(HttpStatusCode.BadRequest, "A chunk of the body has no size.");
            }

            if (size == 0) break;
            if (body.Length + size > LongestBody) throw TooLong();
            body.Write(await ReadExactlyAsync(size, cancellationToken));
            if (await ReadLineAsync(cancellationToken) != "") throw new HttpRefusal(HttpStatusCode.BadRequest, "A chunk of the body is longer than it says.");
        }

        while (await ReadLineAsync(cancellationToken) != "")
        {
            // Trailers mean nothing here.
        }

        return body.ToArray();
    }

    /// <summary>Ends when the client closes the connection or its sending side, or sends more, or <see cref="StopWatching"/> is called.</summary>
    /// <returns>True when nothing more comes from the client.</returns>
    public async Task<bool> WatchAsync()
    {
        try
        {
            var result = await reader.ReadAsync(CancellationToken.None);
            reader.AdvanceTo(result.Buffer.Start); // left for the next request
            return result.IsCompleted && result.Buffer.IsEmpty;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Ends <see cref="WatchAsync"/>.</summary>
    public void StopWatching() => reader.CancelPendingRead();

    /// <summary>Hands on what still comes, as it comes, until the client has closed the connection.</summary>
    public Task CopyToAsync(Stream stream, CancellationToken cancellationToken) => reader.CopyToAsync(stream, cancellationToken);

    /// <summary>Reads what still comes, for nothing, until the client has closed the connection.</summary>
    public async Task SkipAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted) return;
        }
    }

    private static HttpRefusal TooLong() => new(HttpStatusCode.RequestEntityTooLarge, $"The body is longer than {LongestBody} bytes.");

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken) =>
        await ReadToAsync(s_lineEnd, LongestLine, HttpStatusCode.BadRequest, cancellationToken) is { } line
            ? Encoding.Latin1.GetString(line) : throw new EndOfStreamException();

    /// <summary>Reads up to a mark, which is taken away; null when the connection ends before anything came.</summary>
    private async Task<byte[]?> ReadToAsync(byte[] mark, int longest, HttpStatusCode tooLong, CancellationToken cancellationToken)
    {
        var message = $"A part of the request is longer than {longest} bytes.";
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (Take(result.Buffer, mark) is { } bytes) return bytes.Length <= longest ? bytes : throw new HttpRefusal(tooLong, message);

            var length = result.Buffer.Length;
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (length > longest) throw new HttpRefusal(tooLong, message);
            if (result.IsCompleted) return length == 0 ? null : throw new EndOfStreamException();
        }
    }

    private byte[]? Take(ReadOnlySequence<byte> buffer, byte[] mark)
    {
        var sequence = new SequenceReader<byte>(buffer);
        if (!sequence.TryReadTo(out ReadOnlySequence<byte> found, mark)) return null;
        var bytes = found.ToArray();
        reader.AdvanceTo(sequence.Position);
        return bytes;
    }

    private async Task<byte[]> ReadExactlyAsync(int count, CancellationToken cancellationToken)
    {
        if (count == 0) return [];
        var result = await reader.ReadAtLeastAsync(count, cancellationToken);
        if (result.Buffer.Length < count) throw new EndOfStreamException();
        var part = result.Buffer.Slice(0, count);
        var bytes = part.ToArray();
        reader.AdvanceTo(part.End);
        return bytes;
    }
}
