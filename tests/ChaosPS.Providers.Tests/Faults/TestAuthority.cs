using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ChaosPS.Providers.Tests.Faults;

/// <summary>A certificate authority in memory.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name = "test-authority")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _certificate = request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
    }

    /// <summary>The authority's certificate.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>The same as a kubeconfig holds it.</summary>
    public string Data => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Pem));

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>A server's certificate.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="ended">Whether its time is over.</param>
    public X509Certificate2 Server(string host = "127.0.0.1", bool ended = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var signed = Sign(request, ended);
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A client's certificate and its key, in PEM.</summary>
    public (string Certificate, string Key) Client(string name) => Client(name, static key => key.ExportECPrivateKeyPem());

    /// <summary>The same with an RSA key.</summary>
    public (string Certificate, string Key) RsaClient(string name)
    {
        using var key = RSA.Create(2048);
        using var signed = Sign(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), ended: false);
        return (signed.ExportCertificatePem(), key.ExportRSAPrivateKeyPem());
    }

    /// <summary>The same with a key in another form.</summary>
    public (string Certificate, string Key) Client(string name, Func<ECDsa, string> export)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = Sign(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256), ended: false);
        return (signed.ExportCertificatePem(), export(key));
    }

    private X509Certificate2 Sign(CertificateRequest request, bool ended) => request.Create(
        _certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), Now.AddDays(-30), ended ? Now.AddDays(-1) : Now.AddDays(30), RandomNumberGenerator.GetBytes(8));

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
