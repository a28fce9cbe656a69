using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Providers.Tests.Faults;

namespace ChaosPS.Providers.Tests.Access;

/// <summary>What is repeated and what is not, over real connections with TLS.</summary>
public sealed class RetryTests : IAsyncDisposable
{
    private const string Space = """{"kind":"Namespace","metadata":{"name":"kube-system","uid":"U"}}""";
    private const string NoNodes = """{"kind":"NodeList","metadata":{},"items":[]}""";

    private readonly TestAuthority _authority = new();
    private readonly TestTime _time = new();
    private readonly KubeConfigFolder _folder = new();
    private readonly FaultServer _server;
    private readonly KubernetesCluster _cluster;

    public RetryTests()
    {
        _server = new FaultServer(_authority.Server());
        _cluster = _folder.Connect(_time, _server.Address, $"certificate-authority-data: {_authority.Data}", "token: t");
    }

    private static Workload Frontend { get; } = new()
    {
        Kind = "Deployment",
        Name = "frontend",
        Namespace = "shop",
        Cluster = new ClusterIdentity("test", "https://127.0.0.1", "U"),
        PodSpec = new PodSpec { Containers = [] },
    };

    public async ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
        _authority.Dispose();
    }

    private static Task<T> Soon<T>(Task<T> work) => work.WaitAsync(TimeSpan.FromSeconds(30));

    private Task<ClusterIdentity> ReadAsync(CancellationToken token = default) => Soon(_cluster.GetIdentityAsync(token));

    private Task<ChaosException> ReadFailsAsync() => Assert.ThrowsAsync<ChaosException>(() => ReadAsync());

    private Task<ChaosException> ChangeFailsAsync() => Assert.ThrowsAsync<ChaosException>(() => Soon(_cluster.SetReplicasAsync(Frontend, 2, false, default)));

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_read_backs_off_from_an_overloaded_server(int status)
    {
        _server.Answer(status, "overloaded").Answer(status, "overloaded").Answer(status, "overloaded").Answer(200, Space);

        Assert.Equal("U", (await ReadAsync()).Id);
        Assert.Equal([1, 2, 4], _time.Pauses);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(410)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task A_read_that_the_server_calls_wrong_is_not_repeated(int status)
    {
        _server.Answer(status, "no");

        await ReadFailsAsync();
        Assert.Single(_server.Requests);
        Assert.Empty(_time.Pauses);
    }

    [Fact]
    public async Task The_pause_is_what_the_server_asks_for_in_seconds_or_as_a_date_within_reason()
    {
        _server.Answer(429, "", ("Retry-After", "7"))
            .Do(exchange => exchange.AnswerAsync(503, "", ("Retry-After", (_time.GetUtcNow() + TimeSpan.FromSeconds(20)).ToString("R"))))
            .Answer(503, "", ("Retry-After", "3600")).Answer(200, Space);

        await ReadAsync();

        Assert.Equal([7, 20, 30], _time.Pauses);
    }

    [Fact]
    public async Task A_date_that_is_over_is_a_second()
    {
        _server.Do(exchange => exchange.AnswerAsync(503, "", ("Retry-After", (_time.GetUtcNow() - TimeSpan.FromHours(1)).ToString("R")))).Answer(200, Space);

        await ReadAsync();

        Assert.Equal([1], _time.Pauses);
    }

    [Fact]
    public async Task What_a_Status_asks_for_counts_too()
    {
        _server.Answer(504, """{"kind":"Status","message":"Timeout","details":{"retryAfterSeconds":9}}""").Answer(200, Space);

        await ReadAsync();

        Assert.Equal([9], _time.Pauses);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_of_an_answer_is_begun_again()
    {
        _server.Do(exchange => exchange.BreakOffAsync("""{"kind":"Name"""))
            .Do(exchange =>
            {
                exchange.Reset();
                return Task.CompletedTask;
            })
            .Answer(200, Space);

        Assert.Equal("U", (await ReadAsync()).Id);
        Assert.Equal(3, _server.Requests.Count);
    }

    [Fact]
    public async Task A_connection_that_breaks_again_and_again_names_the_server()
    {
        for (var attempt = 0; attempt < 4; attempt++) _server.Do(exchange => exchange.BreakOffAsync("{"));

        var error = await ReadFailsAsync();

        Assert.Equal(("ClusterUnreachable", ErrorKind.ConnectionFailed), (error.ErrorId, error.Kind));
        Assert.Contains($"{_server.Address} (cluster 'test') cannot be reached", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, _server.Requests.Count);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_change_is_sent_once_whatever_the_server_answers(int status)
    {
        _server.Answer(status, "overloaded", ("Retry-After", "1"));

        await ChangeFailsAsync();
        Assert.Single(_server.Requests);
        Assert.Empty(_time.Pauses);
    }

    [Fact]
    public async Task A_change_is_sent_once_when_the_connection_breaks()
    {
        _server.Do(exchange => exchange.BreakOffAsync("{"));

        Assert.Equal("ClusterUnreachable", (await ChangeFailsAsync()).ErrorId);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_slow_answer_is_waited_for()
    {
        _server.Do(exchange =>
        {
            _time.Advance(TimeSpan.FromSeconds(55));
            return exchange.AnswerAsync(200, Space);
        });

        Assert.Equal("U", (await ReadAsync()).Id);
    }

    [Fact]
    public async Task A_server_that_lets_an_answer_drip_is_named_after_a_minute()
    {
        _server.Do(exchange => exchange.StallAsync(() => _time.Advance(TimeSpan.FromSeconds(61))));

        var error = await ReadFailsAsync();

        Assert.Equal(("ClusterTimeout", ErrorKind.Timeout), (error.ErrorId, error.Kind));
        Assert.Contains($"{_server.Address} (cluster 'test') did not answer within 60 s", error.Message, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task All_attempts_together_have_a_limit_too()
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            _server.Do(exchange =>
            {
                _time.Advance(TimeSpan.FromSeconds(39));
                return exchange.AnswerAsync(503, "busy", ("Retry-After", "30"));
            });
        }

        Assert.Equal("ClusterServerFailed", (await ReadFailsAsync()).ErrorId);
        Assert.Equal([30, 30], _time.Pauses);
        Assert.Equal(3, _server.Requests.Count);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_for_an_answer()
    {
        using var stop = new CancellationTokenSource();
        _server.Do(exchange => exchange.StallAsync(stop.Cancel));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(stop.Token));
    }

    [Fact]
    public async Task Pages_that_have_become_too_old_are_read_again_whole()
    {
        _server.Answer(200, Space).Answer(200, """{"metadata":{"continue":"more"},"items":[]}""").Answer(410, FakeServer.Recorded("continue-410")).Answer(200, NoNodes);

        Assert.Empty(await Soon(_cluster.GetNodesAsync(default)));
        Assert.Equal("GET /api/v1/nodes", _server.Requests[^1]);
    }

    [Theory]
    [InlineData("<html>sign in</html>")]
    [InlineData("{\"items\": [}")]
    [InlineData("")]
    public async Task An_answer_that_is_no_JSON_is_said_to_be_none(string body)
    {
        _server.Answer(200, body);

        Assert.Equal("ApiAnswerInvalid", (await ReadFailsAsync()).ErrorId);
    }

    [Fact]
    public async Task An_answer_that_ends_too_early_in_good_manners_is_not_taken_for_whole()
    {
        _server.Answer(200, Space).Do(exchange => exchange.CutAsync("""{"kind":"NodeList","items":[{"""));

        Assert.Equal("ApiAnswerInvalid", (await Assert.ThrowsAsync<ChaosException>(() => Soon(_cluster.GetNodesAsync(default)))).ErrorId);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_since_it_would_take_the_token_along()
    {
        _server.Answer(302, "", ("Location", "https://example.com/login"));

        Assert.Contains("answered 302", (await ReadFailsAsync()).Message, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }
}
