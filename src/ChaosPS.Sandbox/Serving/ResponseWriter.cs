using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ChaosPS.Sandbox.Serving;

/// <summary>Writes answers to a connection.</summary>
/// <param name="stream">The connection.</param>
/// <param name="stopping">The server stops: an answer that is still being made then ends as if it were whole.</param>
internal sealed class ResponseWriter(Stream stream, CancellationToken stopping)
{
    /// <summary>How long a client that does not read can keep the server from stopping.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    private static readonly byte[] s_lastChunk = "0\r\n\r\n"u8.ToArray();

    /// <summary>Writes an answer.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="head">What it answers; null when that could not be read.</param>
    /// <param name="closes">Whether the connection is closed after it.</param>
    /// <param name="cancellationToken">The client has gone, or the server stops.</param>
    public async Task WriteAsync(HttpResponseMessage response, RequestHead? head, bool closes, CancellationToken cancellationToken)
    {
        var withBody = head?.Method != "HEAD" && response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified);
        if (response.Content.Headers.ContentLength is not null)
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var length = response.StatusCode == HttpStatusCode.NoContent ? null : $"Content-Length: {body.Length}";
            byte[] answer = [.. Head(response, length, closes), .. withBody ? body : []];
            await stream.WriteAsync(answer, cancellationToken);
            return;
        }

        // In HTTP/1.0 the end of the connection is the end of the body.
        var chunked = head?.IsHttp10 != true;
        await stream.WriteAsync(Head(response, chunked ? "Transfer-Encoding: chunked" : null, closes), cancellationToken);
        if (withBody) await WriteChunksAsync(response.Content, chunked, cancellationToken);
    }

    /// <summary>Tells the client that the protocol changes, and then what the server says in it.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="talk">What the server says.</param>
    /// <param name="cancellationToken">The client has gone, or the server stops.</param>
    public async Task TalkAsync(HttpResponseMessage response, Stream talk, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Head(response, null, closes: false), cancellationToken);
        await talk.CopyToAsync(stream, cancellationToken);
    }

    /// <summary>Lets a client that waits for it send the body.</summary>
    public async Task ContinueAsync(CancellationToken cancellationToken) =>
        await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancellationToken);

    private static byte[] Head(HttpResponseMessage response, string? length, bool closes)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {(int)response.StatusCode} {response.ReasonPhrase}\r\n");
        Append(text, response.Headers);
        Append(text, response.Content.Headers);
        if (length is not null) text.Append(length).Append("\r\n");
        if (closes) text.Append("Connection: close\r\n");
        return Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
    }

    private static void Append(StringBuilder text, HttpHeaders headers)
    {
        foreach (var (name, values) in headers.NonValidated)
        {
            if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)) continue;
            foreach (var value in values) text.Append(name).Append(": ").Append(value).Append("\r\n");
        }
    }

    private async Task WriteChunksAsync(HttpContent content, bool chunked, CancellationToken cancellationToken)
    {
        await using var source = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[64 * 1024];
        try
        {
            while (await source.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                var chunk = buffer.AsMemory(0, count);
                if (chunked) await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{count:x}\r\n"), .. chunk.Span, (byte)'\r', (byte)'\n'], cancellationToken);
                else await stream.WriteAsync(chunk, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            using var farewell = new CancellationTokenSource(s_farewell, TimeProvider.System);
            if (chunked) await stream.WriteAsync(s_lastChunk, farewell.Token);
            throw;
        }

        if (chunked) await stream.WriteAsync(s_lastChunk, cancellationToken);
    }
}
