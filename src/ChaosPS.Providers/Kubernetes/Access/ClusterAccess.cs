using System.Security.Cryptography.X509Certificates;
using k8s;

namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>The way to one API server: where it is, how to know it, and who asks there.</summary>
internal sealed record ClusterAccess : IDisposable
{
    private static readonly string s_userAgent = $"chaosps/{typeof(ClusterAccess).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>The name that people use: the kubeconfig's context.</summary>
    public required string Name { get; init; }

    /// <summary>The kubeconfig's context; null where there is no kubeconfig.</summary>
    public string? Context { get; init; }

    /// <summary>The server's address, without a slash at the end.</summary>
    public required string Server { get; init; }

    /// <summary>The context's namespace; null when it has none.</summary>
    public string? Namespace { get; init; }

    /// <summary>The certificates that sign the server's; null for those that the machine trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The name that the server's certificate is for, when it is not the address's.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Whether any certificate will do.</summary>
    public bool SkipTlsVerify { get; init; }

    /// <summary>A proxy on the way; null for the one that the environment names, if any.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Whether answers may come compressed.</summary>
    public bool Compression { get; init; } = true;

    /// <summary>Who asks.</summary>
    public Credential Credential { get; init; } = new NoCredential();

    /// <summary>Headers that say whom to act as; empty for nobody else.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Impersonation { get; init; } = [];

    /// <summary>What the library has to know: the rest is done by <see cref="CreateHandlers"/>, which it sends everything through.</summary>
    public KubernetesClientConfiguration Configuration => new()
    {
        Host = Server,
        UserAgent = s_userAgent,
    };

    /// <summary>What stands between the client and the network: who asks, then the connection.</summary>
    public DelegatingHandler[] CreateHandlers() => [new CredentialHandler(this), new ConnectionHandler(this)];

    /// <inheritdoc/>
    public void Dispose() => Credential.Dispose();
}
