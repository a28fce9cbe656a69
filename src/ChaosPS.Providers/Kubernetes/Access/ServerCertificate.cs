using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>Whether a server's certificate is the right one: signed by the kubeconfig's authority and nobody else, for this host, and in its time.</summary>
internal sealed class ServerCertificate(ClusterAccess access)
{
    /// <summary>For a TLS connection to ask.</summary>
    /// <exception cref="ServerCertificateException">It is not the right one; unlike a mere false, this says why.</exception>
    public bool Check(object sender, X509Certificate? given, X509Chain? chain, SslPolicyErrors errors)
    {
        if (access.SkipTlsVerify) return true;
        if (given is not X509Certificate2 certificate || chain is null)
            throw new ServerCertificateException(ServerCertificateFault.Missing, "it shows no certificate");

        if (access.Authorities is { } authorities)
        {
            // With authorities of its own a cluster's certificate must be signed by one of them: one that the machine trusts besides is another server.
            using var own = new X509Chain();
            own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            own.ChainPolicy.CustomTrustStore.AddRange(authorities);
            own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
            if (!own.Build(certificate)) Refuse(certificate, own);
        }
        else if ((errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            Refuse(certificate, chain);
        }

        return (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0
            ? true
            : throw new ServerCertificateException(
                ServerCertificateFault.OtherName,
                $"its certificate is for {string.Join(", ", Names(certificate))}, not for {access.TlsServerName ?? new Uri(access.Server).IdnHost}");
    }

    private static void Refuse(X509Certificate2 certificate, X509Chain chain)
    {
        var flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (all, status) => all | status.Status);
        if ((flags & X509ChainStatusFlags.NotTimeValid) != 0)
        {
            var late = chain.ChainElements.Select(static element => element.Certificate).FirstOrDefault(static part => !IsInTime(part)) ?? certificate;
            throw new ServerCertificateException(
                ServerCertificateFault.NotInTime,
                string.Create(CultureInfo.InvariantCulture, $"the certificate '{late.GetNameInfo(X509NameType.SimpleName, false)}' is valid from {late.NotBefore.ToUniversalTime():u} to {late.NotAfter.ToUniversalTime():u}"));
        }

        throw (flags & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0
            ? new ServerCertificateException(
                ServerCertificateFault.UnknownAuthority, $"its certificate is signed by an unknown authority, '{certificate.GetNameInfo(X509NameType.SimpleName, true)}'")
            : new ServerCertificateException(
                ServerCertificateFault.Other, $"its certificate is not valid: {string.Join("; ", chain.ChainStatus.Select(static status => status.StatusInformation.Trim()))}");
    }

    private static bool IsInTime(X509Certificate2 certificate)
    {
        // Certificates count on the machine's clock, whatever clock a run has.
        var now = TimeProvider.System.GetLocalNow().DateTime;
        return now >= certificate.NotBefore && now <= certificate.NotAfter;
    }

    private static string[] Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(static extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(static address => address.ToString())))
            .ToArray();
        return names.Length > 0 ? names : [certificate.GetNameInfo(X509NameType.SimpleName, false)];
    }
}
