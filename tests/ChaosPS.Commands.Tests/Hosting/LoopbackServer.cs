using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChaosPS.Commands.Tests.Hosting;

/// <summary>A web server on loopback.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public LoopbackServer() => _listener.Start();

    public Uri Uri => new($"http://{_listener.LocalEndpoint}/");

    public void Dispose() => _listener.Dispose();

    /// <summary>Answers one request with a status and no body.</summary>
    public async Task AnswerOnceAsync(int status)
    {
        using var client = await _listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
            // The request's headers say nothing that matters here.
        }

        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Answer\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    }
}
