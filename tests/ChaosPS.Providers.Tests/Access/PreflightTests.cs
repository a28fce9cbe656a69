using ChaosPS.Ports;
using ChaosPS.Preflight;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Providers.Tests.Faults;

namespace ChaosPS.Providers.Tests.Access;

/// <summary>What the pre-flight finds on the way to a server.</summary>
public sealed class PreflightTests : IAsyncDisposable
{
    private const string User = """{"status":{"userInfo":{"username":"amelie"}}}""";

    private readonly TestAuthority _authority = new();
    private readonly TestTime _time = new();
    private readonly KubeConfigFolder _folder = new();
    private readonly FaultServer _server;
    private readonly KubernetesCluster _cluster;

    public PreflightTests()
    {
        _server = new FaultServer(_authority.Server());
        _cluster = _folder.Connect(_time, _server.Address, $"certificate-authority-data: {_authority.Data}", "token: t");
    }

    public async ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
        _authority.Dispose();
    }

    private async Task<IReadOnlyList<ConnectionFinding>> TestAsync()
    {
        var connection = new ChaosConnection
        {
            Name = "test",
            Server = _server.Address,
            Kind = ConnectionKind.Cluster,
            Cluster = _cluster,
            Time = _time,
            Power = null!, // nothing here asks for machines or the application
            Http = null!,
        };
        return await ConnectionTest.RunAsync(connection, null, default).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private FaultServer AnswerVersion(string version, double ahead) => _server.Do(exchange => exchange.AnswerAsync(
        200, $$"""{"gitVersion":"{{version}}"}""", ("Date", (_time.GetUtcNow() + TimeSpan.FromSeconds(ahead)).ToString("R"))));

    [Fact]
    public async Task A_server_that_does_not_let_in_is_the_one_finding()
    {
        _server.Answer(401, FakeServer.Recorded("unauthorized-401"));

        var finding = Assert.Single(await TestAsync());

        Assert.Equal(("Server", ConnectionSeverity.Error), (finding.Check, finding.Severity));
        Assert.Contains("does not accept the token of user 'u'", finding.Evidence, StringComparison.Ordinal);
        Assert.NotNull(finding.Remedy);
    }

    [Theory]
    [InlineData("v1.32.13", ConnectionSeverity.Ok)]
    [InlineData("v1.28.0-gke.100", ConnectionSeverity.Ok)]
    [InlineData("v1.27.9+rke2r1", ConnectionSeverity.Error)]
    [InlineData("unknown", ConnectionSeverity.Ok)]
    public async Task A_version_without_the_needed_APIs_is_told(string version, ConnectionSeverity severity)
    {
        AnswerVersion(version, 0);

        Assert.Equal(severity, (await TestAsync()).Single(static finding => finding.Check == "Version").Severity);
    }

    [Theory]
    [InlineData(0, ConnectionSeverity.Ok)]
    [InlineData(-4, ConnectionSeverity.Ok)]
    [InlineData(90, ConnectionSeverity.Warning)]
    [InlineData(-90, ConnectionSeverity.Warning)]
    public async Task Clocks_that_differ_are_told(double ahead, ConnectionSeverity severity)
    {
        AnswerVersion("v1.32.13", ahead);
        AnswerVersion("v1.32.13", ahead);

        var clock = (await TestAsync()).Single(static finding => finding.Check == "Clock");

        Assert.Equal(severity, clock.Severity);
        if (severity == ConnectionSeverity.Warning) Assert.Contains(ahead > 0 ? "ahead of" : "behind", clock.Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(User, ConnectionSeverity.Ok, "amelie")]
    [InlineData("""{"status":{"userInfo":{"username":"system:anonymous"}}}""", ConnectionSeverity.Error, "does not know who asks")]
    [InlineData("{}", ConnectionSeverity.Error, "does not know who asks")]
    public async Task Who_we_are_is_what_the_server_says(string answer, ConnectionSeverity severity, string evidence)
    {
        AnswerVersion("v1.32.13", 0);
        AnswerVersion("v1.32.13", 0);
        _server.Answer(201, answer);

        var user = (await TestAsync()).Single(static finding => finding.Check == "User");

        Assert.Equal(severity, user.Severity);
        Assert.Contains(evidence, user.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_that_are_no_machines_of_a_scale_set_are_named()
    {
        AnswerVersion("v1.32.13", 0);
        AnswerVersion("v1.32.13", 0);
        _server.Answer(201, User);
        foreach (var _ in ClusterRights.All.Values.SelectMany(static rights => rights).Distinct()) _server.Answer(201, """{"status":{"allowed":true}}""");
        _server.Answer(200, """{"metadata":{"uid":"U"}}""")
            .Answer(200, """{"items":[{"metadata":{"name":"virtual-node-aci-linux"},"spec":{},"status":{}}]}""");

        var nodes = (await TestAsync()).Single(static finding => finding.Check == "Machines");

        Assert.Equal(ConnectionSeverity.Warning, nodes.Severity);
        Assert.Contains("virtual-node-aci-linux", nodes.Evidence, StringComparison.Ordinal);
    }
}
