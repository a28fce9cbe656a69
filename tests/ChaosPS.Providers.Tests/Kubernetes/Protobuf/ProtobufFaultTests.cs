using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Providers.Tests.Faults;
using ChaosPS.Sandbox.Kubernetes.OpenApi;

namespace ChaosPS.Providers.Tests.Kubernetes.Protobuf;

/// <summary>Lists in protobuf over real connections with TLS, from a server that cuts them off, lets them drip or sends something else.</summary>
public sealed class ProtobufFaultTests : IAsyncDisposable
{
    private const string Space = """{"kind":"Namespace","metadata":{"name":"kube-system","uid":"U"}}""";
    private const string Protobuf = "application/vnd.kubernetes.protobuf";

    private readonly TestAuthority _authority = new();
    private readonly TestTime _time = new();
    private readonly KubeConfigFolder _folder = new();
    private readonly FaultServer _server;
    private readonly KubernetesCluster _cluster;

    public ProtobufFaultTests()
    {
        _server = new FaultServer(_authority.Server());
        _cluster = _folder.Connect(_time, _server.Address, $"certificate-authority-data: {_authority.Data}", "token: t");
        _server.Answer(200, Space);
    }

    public async ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task A_first_page_that_is_cut_in_the_middle_of_a_pod_is_read_again_and_nothing_twice()
    {
        var page = Page("", "n/a", "n/b");
        Cut(page[..^30]).Cut(page[..20]).Answer(page);

        Assert.Equal(["n/a", "n/b"], (await PodsAsync()).Select(static pod => pod.ToString()));
        Assert.Equal([1, 2], _time.Pauses);
    }

    [Fact]
    public async Task A_later_page_that_is_cut_is_read_again_alone()
    {
        Answer(Page("next", "n/a")).Cut(Page("", "n/b")[..^30]).Answer(Page("", "n/b"));

        Assert.Equal(["n/a", "n/b"], (await PodsAsync()).Select(static pod => pod.ToString()));
        Assert.Equal(
            ["GET /api/v1/pods?limit=1000", "GET /api/v1/pods?limit=1000&continue=next", "GET /api/v1/pods?limit=1000&continue=next"], _server.Requests.Skip(1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_that_stays_cut_is_an_error_that_names_server_and_list_and_says_what_to_do(bool isFirst)
    {
        if (!isFirst) Answer(Page("next", "n/a"));
        for (var attempt = 0; attempt < 4; attempt++) Cut(Page("", "n/b", "n/c")[..^30]);

        var error = await FailsAsync();

        Assert.Equal(("ClusterAnswerCut", ErrorKind.ConnectionFailed), (error.ErrorId, error.Kind));
        Assert.StartsWith($"Cannot list pods: the answer of {_server.Address} (cluster 'test') is cut off: it ends after ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Repeat the command", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal([1, 2, 4], _time.Pauses);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_of_a_pod_is_begun_again()
    {
        var page = Page("", "n/a");
        _server.Do(exchange => exchange.BreakOffAsync(page[..^30], Protobuf));
        Answer(page);

        Assert.Single(await PodsAsync());
    }

    [Fact]
    public async Task A_server_that_lets_a_list_drip_is_named_after_a_minute()
    {
        var page = Page("", "n/a", "n/b");
        _server.Do(exchange => exchange.HoldAsync(page[..^30], Protobuf, () => _time.Advance(TimeSpan.FromSeconds(61))));

        var error = await FailsAsync();

        Assert.Equal(("ClusterTimeout", ErrorKind.Timeout), (error.ErrorId, error.Kind));
        Assert.Contains($"Cannot list pods: {_server.Address} (cluster 'test') did not answer within 60 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_a_list_that_drips()
    {
        using var stop = new CancellationTokenSource();
        _server.Do(exchange => exchange.HoldAsync(Page("", "n/a")[..^10], Protobuf, stop.Cancel));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PodsAsync(stop.Token));
    }

    [Theory]
    [InlineData("text/html", "<html>sign in</html>", "it is not JSON")]
    [InlineData("application/json", "k8s\0", "it is not JSON")]
    [InlineData("application/vnd.kubernetes.protobuf", "{\"kind\":\"PodList\",\"items\":[]}", "it does not begin as Kubernetes' protobuf does")]
    public async Task A_list_that_is_something_else_than_the_server_says_is_refused(string mediaType, string body, string why)
    {
        _server.Do(exchange => exchange.AnswerAsync(Encoding.UTF8.GetBytes(body), mediaType));

        var error = await FailsAsync();

        Assert.Equal("ApiAnswerInvalid", error.ErrorId);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_one_of_several_lists_cannot_be_read_the_others_are_given_up()
    {
        for (var list = 0; list < 5; list++)
        {
            _server.Do(exchange => exchange.Path.Contains("/nodes", StringComparison.Ordinal)
                ? exchange.AnswerAsync(403, """{"kind":"Status","message":"nodes is forbidden"}""")
                : exchange.HoldAsync([], Protobuf));
        }

        var error = await Assert.ThrowsAsync<ChaosException>(() => Soon(_cluster.GetPlacementAsync(null, default)));

        Assert.Equal(ErrorKind.PermissionDenied, error.Kind);
    }

    private static Task<T> Soon<T>(Task<T> work) => work.WaitAsync(TimeSpan.FromSeconds(30));

    private Task<IReadOnlyList<ClusterPod>> PodsAsync(CancellationToken token = default) => Soon(_cluster.GetPodsAsync(null, null, token));

    private Task<ChaosException> FailsAsync() => Assert.ThrowsAsync<ChaosException>(() => PodsAsync());

    private ProtobufFaultTests Cut(byte[] part)
    {
        _server.Do(exchange => exchange.CutAsync(part, Protobuf));
        return this;
    }

    private ProtobufFaultTests Answer(byte[] page)
    {
        _server.Do(exchange => exchange.AnswerAsync(page, Protobuf));
        return this;
    }

    internal static byte[] Page(string next, params string[] pods) => ProtobufWriter.Write(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "PodList",
        ["metadata"] = new JsonObject { ["continue"] = next },
        ["items"] = new JsonArray([.. pods.Select(static pod => pod.Split('/'))
            .Select(static pod => new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = pod[0], ["name"] = pod[1] } })]),
    });
}
