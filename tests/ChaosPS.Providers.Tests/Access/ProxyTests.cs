using ChaosPS.Errors;
using ChaosPS.Providers.Tests.Faults;

namespace ChaosPS.Providers.Tests.Access;

/// <summary>The kubeconfig's <c>proxy-url</c>.</summary>
public sealed class ProxyTests : IDisposable
{
    private const string Version = """{"gitVersion":"v1.32.13"}""";

    private readonly TestAuthority _authority = new();
    private readonly KubeConfigFolder _folder = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private async Task<string> AskAsync(string server, string proxy)
    {
        using var client = _folder.Connect(new TestTime(), server, $"certificate-authority-data: {_authority.Data}, proxy-url: '{proxy}'", "token: t");
        return await client.GetVersionAsync(default).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}", "CONNECT 127.0.0.1:{0}")]
    [InlineData("socks5://127.0.0.1:{0}", "SOCKS 127.0.0.1:{0}")]
    public async Task The_way_leads_over_the_proxy(string proxy, string target)
    {
        await using var server = new FaultServer(_authority.Server()).Answer(200, Version);
        await using var between = new TestProxy();

        Assert.Equal("v1.32.13", await AskAsync(server.Address, string.Format(null, proxy, between.Port)));
        Assert.Equal([string.Format(null, target, server.Port)], between.Targets);
    }

    [Fact]
    public async Task A_proxy_that_lets_nobody_through_is_told()
    {
        await using var between = new TestProxy("403 Forbidden");

        var error = await Assert.ThrowsAsync<ChaosException>(() => AskAsync("https://127.0.0.1:1", $"http://127.0.0.1:{between.Port}"));

        Assert.Equal("ClusterProxyFailed", error.ErrorId);
        Assert.Contains("proxy-url", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:3128")]
    [InlineData("ftp://127.0.0.1:3128")]
    [InlineData("http://")]
    public async Task Another_address_is_refused_and_not_shown_since_it_may_hold_a_password(string proxy)
    {
        var error = await Assert.ThrowsAsync<ChaosException>(() => AskAsync("https://127.0.0.1:1", proxy));

        Assert.Equal("KubeConfigInvalid", error.ErrorId);
        Assert.DoesNotContain("3128", error.Message.Replace("http://host:3128", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
