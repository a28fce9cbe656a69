using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChaosPS.Benchmarks.Experiments;

/// <summary>Answers every request on loopback with the same few bytes, so that what is measured is who asks.</summary>
internal sealed class AnswerServer : IDisposable
{
    private static readonly byte[] s_answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public AnswerServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Uri => new($"http://{_listener.LocalEndpoint}/");

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The measurement is over.
        }
    }

    private static async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            client.NoDelay = true;
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
            try
            {
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                    while (await reader.ReadLineAsync() is { Length: > 0 })
                    {
                        // A header says nothing here.
                    }

                    await client.GetStream().WriteAsync(s_answer);
                }
            }
            catch (IOException)
            {
                // The client has gone.
            }
        }
    }
}
