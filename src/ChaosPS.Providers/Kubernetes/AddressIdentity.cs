using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChaosPS.Clusters;
using ChaosPS.Providers.Kubernetes.Access;

namespace ChaosPS.Providers.Kubernetes;

/// <summary>What tells a cluster from others for whoever may not read its namespace kube-system: where it is, and whose certificates it shows.</summary>
/// <remarks>
/// An address alone is not enough: a port that is forwarded, a tunnel or a private network leads to one cluster today and to another one tomorrow.
/// A certificate authority of the kubeconfig is the cluster's own; with the system's authorities a certificate proves a name of the DNS.
/// </remarks>
internal static class AddressIdentity
{
    public static ClusterIdentity Of(ClusterAccess access)
    {
        var address = new ClusterIdentity(access.Name, access.Server, access.Server) { IsCertain = false };
        var uri = new Uri(access.Server);
        if (uri.Scheme != Uri.UriSchemeHttps || access.SkipTlsVerify) return address;
        if (access.Authorities is { Count: > 0 } authorities) return address with { Id = $"{access.Server} {Fingerprint(authorities)}", IsCertain = true };
        return address with { IsCertain = uri.HostNameType == UriHostNameType.Dns && !uri.IsLoopback };
    }

    private static string Fingerprint(X509Certificate2Collection authorities)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var authority in authorities.OrderBy(static authority => authority.Thumbprint, StringComparer.Ordinal)) hash.AppendData(authority.RawData);
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
