using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ChaosPS.Cli.Tests;

/// <summary>A web server on loopback, with a certificate that nobody trusts when it is asked for one.</summary>
internal sealed class LoopbackWeb : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly Func<string, Answer> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly Task _serving;

    private LoopbackWeb(Func<string, Answer> answer, bool tls)
    {
        _answer = answer;
        _certificate = tls ? Certificate() : null;
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>What it answers to a path.</summary>
    internal sealed record Answer(int Status, string? Type = null, string Body = "", string? Location = null);

    /// <summary>The requests that it has had, with their headers.</summary>
    public List<string> Requests { get; } = [];

    public string Address => $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public static LoopbackWeb Start(Func<string, Answer> answer, bool tls = false) => new(answer, tls);

    /// <summary>A server that gives one text for every path.</summary>
    public static LoopbackWeb Of(string type, string body, bool tls = false) => new(_ => new Answer(200, type, body), tls);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Dispose();
        await _serving;
        _certificate?.Dispose();
        _over.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_over.Token);
                await AnswerAsync(client.GetStream());
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or System.Security.Authentication.AuthenticationException)
            {
                // The end of the test, or a client that went away: one that does not believe the certificate does.
            }
        }
    }

    private async Task AnswerAsync(Stream stream)
    {
        if (_certificate is not null)
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _over.Token);
            stream = tls;
        }

        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var request = new StringBuilder();
        while (await reader.ReadLineAsync(_over.Token) is { Length: > 0 } line) request.AppendLine(line);
        if (request.Length == 0) return; // the client did not like the certificate
        lock (Requests) Requests.Add(request.ToString());
        var answer = _answer(request.ToString().Split(' ')[1]);
        var body = Encoding.UTF8.GetBytes(answer.Body);
        var head = $"HTTP/1.1 {answer.Status} Answer\r\nContent-Length: {body.Length}\r\nConnection: close\r\n"
            + (answer.Type is { } type ? $"Content-Type: {type}\r\n" : "") + (answer.Location is { } location ? $"Location: {location}\r\n" : "") + "\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _over.Token);
        await stream.WriteAsync(body, _over.Token);
        await stream.FlushAsync(_over.Token);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=nobody", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));

        // Windows does not take a key that lives in memory only.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
