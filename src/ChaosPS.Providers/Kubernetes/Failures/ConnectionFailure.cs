using System.Net.Sockets;
using System.Security.Authentication;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes.Access;

namespace ChaosPS.Providers.Kubernetes.Failures;

/// <summary>Turns what goes wrong on the way to an API server into the error that a user gets.</summary>
/// <param name="cluster">The cluster's name.</param>
/// <param name="server">Its address.</param>
internal sealed class ConnectionFailure(string cluster, string server)
{
    /// <summary>Whether asking again may help: a connection broke that was there, so the server is.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError } => true,
        HttpRequestException { HttpRequestError: HttpRequestError.Unknown } => Find<SocketException>(exception) is { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown },
        HttpRequestException => false,
        _ => exception is IOException && Find<AuthenticationException>(exception) is null && !IsTls(exception),
    };

    /// <summary>The error for what was thrown.</summary>
    public ChaosException Explain(ApiCall call, Exception exception, bool showedCertificate)
    {
        var words = call.ToString();
        if (Find<ServerCertificateException>(exception) is { } certificate)
            return ChaosErrors.ClusterCertificateRefused(words, cluster, server, certificate.Message, Remedy(certificate.Fault), exception);
        if (Find<AuthenticationException>(exception) is not null || IsTls(exception)
            || exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
        {
            return ChaosErrors.ClusterTlsFailed(words, cluster, server, Innermost(exception), showedCertificate, exception);
        }

        return exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => ChaosErrors.ClusterNameUnknown(words, cluster, server, exception),
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } =>
                ChaosErrors.ClusterProxyFailed(words, cluster, server, Innermost(exception), exception),
            EndOfStreamException => ChaosErrors.ClusterAnswerCut(words, cluster, server, exception.Message, exception),
            _ when Find<SocketException>(exception) is { SocketErrorCode: SocketError.ConnectionRefused } =>
                ChaosErrors.ClusterNotListening(words, cluster, server, exception),
            _ => ChaosErrors.ClusterUnreachable(words, cluster, server, Innermost(exception), exception),
        };
    }

    private static string Remedy(ServerCertificateFault fault) => fault switch
    {
        ServerCertificateFault.NotInTime =>
            "If this machine's clock is right, the certificate has to be renewed (for AKS: az aks rotate-certs, then az aks get-credentials).",
        ServerCertificateFault.OtherName =>
            "Use an address that the certificate is for, or name one of its hosts as tls-server-name in the kubeconfig.",
        ServerCertificateFault.UnknownAuthority =>
            "The kubeconfig's certificate-authority belongs to another cluster, to one that was made again, or is missing: get a new kubeconfig "
            + "(for AKS: az aks get-credentials). A proxy that opens TLS shows its own certificate too.",
        _ => "See what stands between this machine and the server, and whether the address is an API server's.",
    };

    /// <summary>A server that refuses the client's certificate says so after its own was accepted, in an alert of TLS.</summary>
    private static bool IsTls(Exception exception) =>
        exception.GetBaseException().Message is var words
        && (words.Contains("alert", StringComparison.OrdinalIgnoreCase) && words.Contains("SSL", StringComparison.OrdinalIgnoreCase));

    private static T? Find<T>(Exception exception)
        where T : Exception
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is T found) return found;
        }

        return null;
    }

    private static string Innermost(Exception exception) => exception.GetBaseException().Message;
}
