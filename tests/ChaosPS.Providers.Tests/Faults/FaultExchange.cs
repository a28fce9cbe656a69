using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ChaosPS.Providers.Tests.Faults;

/// <summary>One request to a <see cref="FaultServer"/>, and what can become of it.</summary>
internal sealed class FaultExchange
{
    private const string Json = "application/json";

    private readonly TcpClient _client;
    private readonly Stream _stream;
    private readonly CancellationToken _end;

    private FaultExchange(TcpClient client, Stream stream, string[] head, CancellationToken end)
    {
        (_client, _stream, _end) = (client, stream, end);
        var line = head[0].Split(' ');
        (Method, Path) = (line[0], line[1]);
        Headers = head.Skip(1).Select(static header => header.Split(':', 2)).ToLookup(static header => header[0], static header => header[1].Trim(), StringComparer.OrdinalIgnoreCase);
        ClientName = (stream as SslStream)?.RemoteCertificate is X509Certificate2 certificate ? certificate.GetNameInfo(X509NameType.SimpleName, false) : null;
        AskedName = (stream as SslStream)?.TargetHostName;
    }

    public string Method { get; }

    public string Path { get; }

    public ILookup<string, string> Headers { get; }

    /// <summary>The name in the client's certificate; null when it showed none.</summary>
    public string? ClientName { get; }

    /// <summary>The name that the client asked for in TLS.</summary>
    public string? AskedName { get; }

    /// <summary>Whether the connection has been ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Reads a request; null when the client closes the connection.</summary>
    public static async Task<FaultExchange?> ReadAsync(TcpClient client, Stream stream, CancellationToken end)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, end) == 0) return null;
            head.Append((char)one[0]);
            if (head.Length == 1 && !char.IsAsciiLetter(head[0]))
            {
                // TLS, and this is no such server.
                await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"), end);
                return null;
            }
        }

        var exchange = new FaultExchange(client, stream, head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries), end);
        if (int.TryParse(exchange.Headers["Content-Length"].FirstOrDefault(), out var length)) await stream.ReadExactlyAsync(new byte[length], end);
        return exchange;
    }

    /// <summary>Answers as it should be.</summary>
    public Task AnswerAsync(int status, string body, params (string Name, string Value)[] headers) => AnswerAsync(status, Encoding.UTF8.GetBytes(body), headers);

    /// <summary>Answers as it should be, in another form.</summary>
    public async Task AnswerAsync(byte[] body, string mediaType) => await WriteAsync([.. Head(200, body.Length, [], mediaType), .. body]);

    /// <inheritdoc cref="AnswerAsync(int, string, ValueTuple{string, string}[])"/>
    public async Task AnswerAsync(int status, byte[] body, params (string Name, string Value)[] headers) =>
        await WriteAsync([.. Head(status, body.Length, headers), .. body]);

    /// <summary>Answers as it should be, but stops on the way.</summary>
    /// <param name="body">The body.</param>
    /// <param name="mediaType">What it is.</param>
    /// <param name="sent">How much of it is sent at once.</param>
    /// <param name="rest">What the rest waits for.</param>
    public async Task AnswerSlowlyAsync(byte[] body, string mediaType, int sent, Task rest)
    {
        await WriteAsync([.. Head(200, body.Length, [], mediaType), .. body[..sent]]);
        await rest.WaitAsync(_end);
        await WriteAsync(body[sent..]);
    }

    /// <summary>Announces a body, sends a part of it and resets the connection.</summary>
    public Task BreakOffAsync(string part) => BreakOffAsync(Encoding.UTF8.GetBytes(part), Json);

    /// <inheritdoc cref="BreakOffAsync(string)"/>
    public async Task BreakOffAsync(byte[] part, string mediaType)
    {
        await WriteAsync([.. Head(200, part.Length + 1000, [], mediaType), .. part]);
        Reset();
    }

    /// <summary>Sends a body of no announced length, and ends it too early in the best manners.</summary>
    public Task CutAsync(string part) => CutAsync(Encoding.UTF8.GetBytes(part), Json);

    /// <inheritdoc cref="CutAsync(string)"/>
    public async Task CutAsync(byte[] part, string mediaType)
    {
        await WriteAsync([.. Unending(mediaType), .. part]);
        IsOver = true;
    }

    /// <summary>Resets the connection.</summary>
    public void Reset()
    {
        IsOver = true;
        _client.LingerState = new LingerOption(true, 0);
        _client.Close();
    }

    /// <summary>Announces a body and sends the beginning of it, then nothing until the client gives up.</summary>
    /// <param name="then">What happens meanwhile.</param>
    public async Task StallAsync(Action then)
    {
        await WriteAsync([.. Head(200, 1000, []), (byte)'{']);
        then();
        await WaitForClientAsync();
    }

    /// <summary>Sends the beginning of a stream that goes on, then nothing until the client gives up.</summary>
    /// <param name="part">The beginning.</param>
    /// <param name="then">What happens then.</param>
    public Task HoldAsync(string part, Action? then = null) => HoldAsync(Encoding.UTF8.GetBytes(part), Json, then);

    /// <inheritdoc cref="HoldAsync(string, Action)"/>
    public async Task HoldAsync(byte[] part, string mediaType, Action? then = null)
    {
        await WriteAsync([.. Unending(mediaType), .. part]);
        then?.Invoke();
        await WaitForClientAsync();
    }

    /// <summary>Waits until the client closes the connection.</summary>
    public async Task WaitForClientAsync()
    {
        IsOver = true;
        while (await _stream.ReadAsync(new byte[100], _end) > 0)
        {
            // What it still sends is of no interest.
        }
    }

    private static byte[] Unending(string mediaType) => Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {mediaType}\r\nConnection: close\r\n\r\n");

    private static byte[] Head(int status, int length, (string Name, string Value)[] headers, string mediaType = Json) => Encoding.UTF8.GetBytes(
        $"HTTP/1.1 {status} Status\r\nContent-Type: {mediaType}\r\nContent-Length: {length}\r\n"
        + string.Concat(headers.Select(static header => $"{header.Name}: {header.Value}\r\n")) + "\r\n");

    private async Task WriteAsync(byte[] bytes)
    {
        await _stream.WriteAsync(bytes, _end);
        await _stream.FlushAsync(_end);
    }
}
