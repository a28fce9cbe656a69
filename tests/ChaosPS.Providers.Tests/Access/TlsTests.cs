using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Providers.Kubernetes.Failures;
using ChaosPS.Providers.Tests.Faults;

namespace ChaosPS.Providers.Tests.Access;

/// <summary>Which servers are believed, and what they are shown.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Space = """{"kind":"Namespace","metadata":{"name":"kube-system","uid":"U"}}""";

    private readonly TestAuthority _authority = new();
    private readonly KubeConfigFolder _folder = new();

    private string Trusted => $"certificate-authority-data: {_authority.Data}";

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private async Task<string> IdAsync(string server, string cluster, string user = "token: t")
    {
        using var client = _folder.Connect(new TestTime(), server, cluster, user);
        return (await client.GetIdentityAsync(default).WaitAsync(TimeSpan.FromSeconds(30))).Id;
    }

    private async Task<ChaosException> FailsAsync(X509Certificate2 certificate, string cluster)
    {
        await using var server = new FaultServer(certificate).Answer(200, Space);
        var error = await Assert.ThrowsAsync<ChaosException>(() => IdAsync(server.Address, cluster));
        Assert.Empty(server.Requests); // no token goes to a server that is not believed
        Assert.Equal(("ClusterCertificateRefused", ErrorKind.AuthenticationFailed), (error.ErrorId, error.Kind));
        Assert.Contains($"{server.Address} (cluster 'test') does not prove who it is", error.Message, StringComparison.Ordinal);
        return error;
    }

    [Fact]
    public async Task A_certificate_of_the_kubeconfigs_authority_for_this_host_is_believed()
    {
        await using var server = new FaultServer(_authority.Server()).Answer(200, Space).Answer(200, Space);

        Assert.Equal("U", await IdAsync(server.Address, Trusted));
        Assert.Equal("U", await IdAsync(server.Address, $"certificate-authority: {_folder.Write("ca.pem", _authority.Pem)}"));
        Assert.Equal("Bearer t", server.Exchanges[0].Headers["Authorization"].Single());
    }

    [Fact]
    public async Task One_whose_time_is_over_is_told_with_its_time()
    {
        var error = await FailsAsync(_authority.Server(ended: true), Trusted);

        Assert.Contains("the certificate '127.0.0.1' is valid from ", error.Message, StringComparison.Ordinal);
        Assert.Contains("has to be renewed", error.RecommendedAction, StringComparison.Ordinal);
    }

    // The library itself lets this one through: any certificate of the cluster's authority, such as a kubelet's, would pass for the API server.
    [Fact]
    public async Task One_of_the_same_authority_for_another_host_is_refused()
    {
        var error = await FailsAsync(_authority.Server("api.example.com"), Trusted);

        Assert.Contains("its certificate is for api.example.com, not for 127.0.0.1", error.Message, StringComparison.Ordinal);
        Assert.Contains("tls-server-name", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_another_authority_is_refused()
    {
        using var other = new TestAuthority("other-authority");

        var error = await FailsAsync(other.Server(), Trusted);

        Assert.Contains("signed by an unknown authority, 'other-authority'", error.Message, StringComparison.Ordinal);
        Assert.Contains("certificate-authority belongs to another cluster", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_authority_only_those_count_that_the_machine_trusts() => Assert.Contains(
        "signed by an unknown authority, 'test-authority'", (await FailsAsync(_authority.Server(), "disable-compression: true")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task The_name_that_the_certificate_is_for_can_be_said()
    {
        await using var server = new FaultServer(_authority.Server("api.example.com")).Answer(200, Space);

        Assert.Equal("U", await IdAsync(server.Address, $"{Trusted}, tls-server-name: api.example.com"));
        Assert.Equal("api.example.com", server.Exchanges.Single().AskedName);
    }

    [Fact]
    public async Task Whoever_wants_no_check_gets_none()
    {
        using var other = new TestAuthority("other-authority");
        await using var server = new FaultServer(other.Server("api.example.com", ended: true)).Answer(200, Space);

        Assert.Equal("U", await IdAsync(server.Address, "insecure-skip-tls-verify: true"));
    }

    [Fact]
    public void Both_an_authority_and_no_check_are_refused_as_kubectl_does()
    {
        _folder.WriteConfig("https://127.0.0.1:1", $"{Trusted}, insecure-skip-tls-verify: true");

        Assert.Contains("one has to go", Assert.Throws<ChaosException>(() => _folder.Open(TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Keys => ["RSA PKCS#1", "EC SEC 1", "EC PKCS#8"];

    private (string Certificate, string Key) Client(string kind) => kind switch
    {
        "EC SEC 1" => _authority.Client("amelie"),
        "EC PKCS#8" => _authority.Client("amelie", static key => key.ExportPkcs8PrivateKeyPem()),
        _ => _authority.RsaClient("amelie"),
    };

    private string Files(string certificate, string key) =>
        $"client-certificate: {_folder.Write("client.pem", certificate)}, client-key: {_folder.Write("client.key", key)}";

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_client_certificate_is_shown_from_files_and_from_data(string kind)
    {
        await using var server = new FaultServer(_authority.Server(), wantsCertificate: true).Answer(200, Space).Answer(200, Space);
        var (certificate, key) = Client(kind);

        await IdAsync(server.Address, Trusted, Files(certificate, key));
        await IdAsync(server.Address, Trusted, $"client-certificate-data: {Base64(certificate)}, client-key-data: {Base64(key)}");

        Assert.Equal(["amelie", "amelie"], server.Exchanges.Select(static exchange => exchange.ClientName));
        Assert.Empty(server.Exchanges.SelectMany(static exchange => exchange.Headers["Authorization"]));
    }

    // What .NET throws when OpenSSL tells that a server of TLS 1.3 has refused the client.
    [Theory]
    [InlineData(false, "may ask for a client certificate")]
    [InlineData(true, "may not take the client certificate")]
    public void An_alert_that_comes_after_the_handshake_is_TLS_too(bool shown, string remedy)
    {
        var thrown = new HttpRequestException(
            HttpRequestError.Unknown, "sending", new IOException("decrypt", new CryptographicException("error:0A00045C:SSL routines::tlsv13 alert certificate required")));

        var error = new ConnectionFailure("test", "https://server").Explain(new ApiCall("list", "", "v1", "nodes"), thrown, shown);

        Assert.False(ConnectionFailure.IsTransient(thrown));
        Assert.Equal("ClusterTlsFailed", error.ErrorId);
        Assert.Contains(remedy, error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_behind_a_password_is_named()
    {
        var (certificate, locked) = _authority.Client("amelie", static key => key.ExportEncryptedPkcs8PrivateKeyPem(
            "secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000)));
        _folder.WriteConfig("https://127.0.0.1:1", Trusted, Files(certificate, locked));

        Assert.Contains("the client key is behind a password", Assert.Throws<ChaosException>(() => _folder.Open(TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_of_another_certificate_is_named()
    {
        _folder.WriteConfig("https://127.0.0.1:1", Trusted, Files(_authority.Client("amelie").Certificate, _authority.Client("amelie").Key));

        Assert.Contains("not the key of the client certificate", Assert.Throws<ChaosException>(() => _folder.Open(TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_TLS_is_told()
    {
        await using var server = new FaultServer().Answer(200, Space);

        var error = await Assert.ThrowsAsync<ChaosException>(() => IdAsync($"https://127.0.0.1:{server.Port}", Trusted));

        Assert.Equal("ClusterTlsFailed", error.ErrorId);
        Assert.Contains("it speaks no TLS", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_told()
    {
        string address;
        await using (var server = new FaultServer(_authority.Server())) address = server.Address;

        Assert.Equal("ClusterNotListening", (await Assert.ThrowsAsync<ChaosException>(() => IdAsync(address, Trusted))).ErrorId);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_told() => Assert.Equal(
        "ClusterNameUnknown", (await Assert.ThrowsAsync<ChaosException>(() => IdAsync("https://no-such-host.invalid:6443", Trusted))).ErrorId);

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));
}
