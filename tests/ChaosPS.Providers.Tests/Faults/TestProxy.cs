using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChaosPS.Providers.Tests.Faults;

/// <summary>A proxy on loopback: HTTP with CONNECT, or SOCKS 5, by what the client begins with.</summary>
internal sealed class TestProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<string> _targets = [];
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private readonly string? _refusal;

    /// <param name="refusal">The first line of its answer, when it lets nobody through.</param>
    public TestProxy(string? refusal = null)
    {
        _refusal = refusal;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Where clients wanted to go, with the way that they said it.</summary>
    public IReadOnlyList<string> Targets
    {
        get
        {
            lock (_targets) return [.. _targets];
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var first = new byte[1];
                await stream.ReadExactlyAsync(first, _end.Token);
                if (await (first[0] == 5 ? SocksAsync(stream) : ConnectAsync(stream)) is not { } port) return;
                using var target = new TcpClient();
                await target.ConnectAsync(IPAddress.Loopback, port, _end.Token);
                await Task.WhenAny(stream.CopyToAsync(target.GetStream(), _end.Token), target.GetStream().CopyToAsync(stream, _end.Token));
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
            {
                // One of both has gone.
            }
        }
    }

    private async Task<int?> ConnectAsync(NetworkStream stream)
    {
        var head = new StringBuilder("C");
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) head.Append((char)(await ReadAsync(stream, 1))[0]);
        var authority = head.ToString().Split(' ')[1];
        var user = head.ToString().Split("\r\n").FirstOrDefault(static line => line.StartsWith("Proxy-Authorization:", StringComparison.OrdinalIgnoreCase));
        Note($"CONNECT {authority}{(user is null ? "" : $" {user.Split(' ', 2)[1]}")}");
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {_refusal ?? "200 OK"}\r\n\r\n"), _end.Token);
        return _refusal is null ? int.Parse(authority.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Source: https://www.rfc-editor.org/rfc/rfc1928 .</summary>
    private async Task<int?> SocksAsync(NetworkStream stream)
    {
        await ReadAsync(stream, (await ReadAsync(stream, 1))[0]);
        await stream.WriteAsync(new byte[] { 5, 0 }, _end.Token);
        var request = await ReadAsync(stream, 4);
        var address = await ReadAsync(stream, request[3] == 1 ? 4 : (await ReadAsync(stream, 1))[0]);
        var port = await ReadAsync(stream, 2);
        await stream.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, _end.Token);
        var number = (port[0] * 256) + port[1];
        Note($"SOCKS {(request[3] == 1 ? new IPAddress(address).ToString() : Encoding.ASCII.GetString(address))}:{number}");
        return number;
    }

    private async Task<byte[]> ReadAsync(NetworkStream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, _end.Token);
        return bytes;
    }

    private void Note(string target)
    {
        lock (_targets) _targets.Add(target);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _listener.Dispose();
        _end.Dispose();
    }
}
