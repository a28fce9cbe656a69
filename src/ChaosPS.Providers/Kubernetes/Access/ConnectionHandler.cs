using System.Net;
using System.Net.Security;

namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>The connections to the server: TLS, proxy, compression. Stands in the place of the library's own.</summary>
/// <remarks>
/// The library's takes any certificate that the kubeconfig's authority has signed, whatever host it is for, knows no proxy of the kubeconfig,
/// and shows the first client certificate for ever.
/// </remarks>
internal sealed class ConnectionHandler(ClusterAccess access) : DelegatingHandler
{
    private readonly Lock _lock = new();
    private ClientCertificate? _certificate;
    private HttpMessageInvoker? _connections;

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var certificate = request.Options.TryGetValue(CredentialHandler.Shown, out var proof) ? proof.Certificate : null;

        // The name that a connection asks for and checks is that of this header; kubectl sends the address here, which servers do not look at.
        if (access.TlsServerName is { } name) request.Headers.Host = name;
        return ConnectionsFor(certificate).SendAsync(request, cancellationToken);
    }

    /// <summary>
    /// A connection keeps the certificate that it began with, so another one needs new connections. Requests that are under way end on the old
    /// ones, which are idle then and close by themselves.
    /// </summary>
    private HttpMessageInvoker ConnectionsFor(ClientCertificate? certificate)
    {
        lock (_lock)
        {
            if (_connections is null || !ReferenceEquals(certificate, _certificate))
            {
                _connections = new HttpMessageInvoker(Create(certificate));
                _certificate = certificate;
            }

            return _connections;
        }
    }

    private SocketsHttpHandler Create(ClientCertificate? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a redirect would carry credentials to another server
            AutomaticDecompression = access.Compression ? DecompressionMethods.GZip : DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            UseCookies = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = certificate?.Context,
                RemoteCertificateValidationCallback = new ServerCertificate(access).Check,
            },
        };
        if (access.Proxy is { } proxy) handler.Proxy = ProxyAt(proxy);
        return handler;
    }

    private static WebProxy ProxyAt(Uri address)
    {
        var proxy = new WebProxy(address);
        if (address.UserInfo is not { Length: > 0 } user) return proxy;
        var parts = user.Split(':', 2);
        proxy.Credentials = new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        return proxy;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _connections?.Dispose();
        base.Dispose(disposing);
    }
}
