using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>A client's certificate with its key and the certificates between it and its authority.</summary>
internal sealed class ClientCertificate : IDisposable
{
    private readonly X509Certificate2 _certificate;

    private ClientCertificate(X509Certificate2 certificate, X509Certificate2Collection others)
    {
        _certificate = certificate;
        Context = SslStreamCertificateContext.Create(certificate, others, offline: true);
    }

    /// <summary>What a TLS connection takes.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>The last moment at which servers accept it.</summary>
    public DateTimeOffset NotAfter => new(_certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);

    /// <summary>The first moment at which servers accept it.</summary>
    public DateTimeOffset NotBefore => new(_certificate.NotBefore.ToUniversalTime(), TimeSpan.Zero);

    /// <summary>Reads PEM: the first certificate is the client's. Keys are RSA or elliptic curves, in PKCS#1, SEC 1 or PKCS#8.</summary>
    /// <exception cref="CryptographicException">It is no certificate, no key, a key behind a password, or the key of another certificate; the message says which.</exception>
    public static ClientCertificate Read(string certificates, string key)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(certificates);
        }
        catch (CryptographicException exception)
        {
            throw new CryptographicException("the client certificate is damaged", exception);
        }

        if (all.Count == 0) throw new CryptographicException("the client certificate holds no 'BEGIN CERTIFICATE'");
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
            throw new CryptographicException("the client key is behind a password, which kubectl cannot use either: write it without one with 'openssl pkey'");
        try
        {
            using var leaf = X509Certificate2.CreateFromPem(certificates, key);
            all.RemoveAt(0);
            return new ClientCertificate(Usable(leaf), all);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CryptographicException("the client key cannot be read, or is not the key of the client certificate", exception);
        }
    }

    /// <inheritdoc cref="Read(string, string)"/>
    public static ClientCertificate Read(byte[] certificates, byte[] key) => Read(Encoding.UTF8.GetString(certificates), Encoding.UTF8.GetString(key));

    /// <summary>A copy that TLS takes: Windows does not take keys that only live in memory.</summary>
    private static X509Certificate2 Usable(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);

    /// <inheritdoc/>
    public void Dispose()
    {
        _certificate.Dispose();
        foreach (var between in Context.IntermediateCertificates) between.Dispose();
    }
}
