using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ChaosPS.Providers.Tests.Faults;

/// <summary>An API server on loopback that does what a script says, step by step, and things that no real one means to do.</summary>
internal sealed class FaultServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<Func<FaultExchange, Task>> _script = [];
    private readonly ConcurrentQueue<FaultExchange> _exchanges = [];
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;

    /// <summary>Begins to listen.</summary>
    /// <param name="certificate">Its certificate; null for plain http.</param>
    /// <param name="wantsCertificate">Whether clients must show one.</param>
    public FaultServer(X509Certificate2? certificate = null, bool wantsCertificate = false)
    {
        (_certificate, WantsCertificate) = (certificate, wantsCertificate);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port that the system chose.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The address.</summary>
    public string Address => $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}";

    /// <summary>What was asked, in order.</summary>
    public IReadOnlyList<FaultExchange> Exchanges => [.. _exchanges];

    /// <summary>The first lines of what was asked.</summary>
    public IReadOnlyList<string> Requests => [.. _exchanges.Select(static exchange => $"{exchange.Method} {exchange.Path}")];

    private bool WantsCertificate { get; }

    /// <summary>Adds a step: what becomes of the next request.</summary>
    public FaultServer Do(Func<FaultExchange, Task> step)
    {
        _script.Enqueue(step);
        return this;
    }

    /// <summary>Adds a step that answers.</summary>
    public FaultServer Answer(int status, string body, params (string Name, string Value)[] headers) => Do(exchange => exchange.AnswerAsync(status, body, headers));

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
                await using var stream = await OpenAsync(client);
                while (await FaultExchange.ReadAsync(client, stream, _end.Token) is { } exchange)
                {
                    _exchanges.Enqueue(exchange);
                    if (!_script.TryDequeue(out var step)) step = static unexpected => unexpected.AnswerAsync(418, "the script is at its end");
                    await step(exchange);
                    if (exchange.IsOver) return;
                }
            }
            catch (Exception exception) when (exception is IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
            {
                // The client has gone, or does not want this server.
            }
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (_certificate is null) return client.GetStream();
        var secure = new SslStream(client.GetStream());
        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate,
                ClientCertificateRequired = true, // asked for; only who must show one is refused without
                RemoteCertificateValidationCallback = (_, shown, _, _) => !WantsCertificate || shown is not null,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            },
            _end.Token);
        return secure;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _listener.Dispose();
        _end.Dispose();
        _certificate?.Dispose();
    }
}
