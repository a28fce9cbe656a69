using ChaosPS.Ports;

namespace ChaosPS.Providers.Kubernetes.KubeConfigs;

/// <summary>A server, and how to know that it is the right one. Texts are empty where the file says nothing; paths are absolute.</summary>
internal sealed record KubeConfigCluster
{
    /// <summary>The file that it stands in.</summary>
    public required string File { get; init; }

    /// <summary>The API server's address.</summary>
    public string Server { get; init; } = "";

    /// <summary>The name that the server's certificate is for, when it is not the address's.</summary>
    public string TlsServerName { get; init; } = "";

    /// <summary>Whether any certificate will do.</summary>
    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>A file of certificates that sign the server's.</summary>
    public string CertificateAuthority { get; init; } = "";

    /// <summary>These certificates themselves; they come before the file. Empty for none.</summary>
    public byte[] CertificateAuthorityData { get; init; } = [];

    /// <summary>A proxy on the way.</summary>
    public string ProxyUrl { get; init; } = "";

    /// <summary>Whether answers are to come uncompressed.</summary>
    public bool DisableCompression { get; init; }

    /// <summary>What credential plugins are told of the cluster: the extension <c>client.authentication.k8s.io/exec</c>; null for none.</summary>
    public DocumentNode? ExecExtension { get; init; }
}
