using System.Net.Sockets;
using System.Text;

namespace ChaosPS.Sandbox.Tests.Serving;

/// <summary>Says what no decent client would.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _client = new();

    private readonly NetworkStream _stream;

    public RawClient(Uri server)
    {
        _client.Connect(server.Host, server.Port);
        _stream = _client.GetStream(); // which a client that has ended its sending does not give any more
    }

    public void Dispose() => _client.Dispose();

    public void Send(string text) => _stream.Write(Encoding.Latin1.GetBytes(text));

    /// <summary>Says that nothing more will be sent; the answer can still be read.</summary>
    public void EndSending() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Everything up to a text.</summary>
    public async Task<string> ReadToAsync(string end)
    {
        var text = new StringBuilder();
        var buffer = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            if (await _stream.ReadAsync(buffer).AsTask().WaitAsync(s_patience) == 0) throw new EndOfStreamException($"Ended after: {text}");
            text.Append((char)buffer[0]);
        }

        return text.ToString();
    }

    /// <summary>Everything until the server closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var all = new MemoryStream();
        await _stream.CopyToAsync(all).WaitAsync(s_patience);
        return Encoding.Latin1.GetString(all.ToArray());
    }

    /// <summary>Sends, and reads until the server closes the connection.</summary>
    public Task<string> AskAsync(string text)
    {
        Send(text);
        return ReadToEndAsync();
    }
}
