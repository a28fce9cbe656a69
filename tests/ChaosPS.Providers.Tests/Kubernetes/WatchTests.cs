using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Providers.Tests.Faults;

namespace ChaosPS.Providers.Tests.Kubernetes;

/// <summary>Watches over real connections: what is told, what is taken up again and from where, and what is an error.</summary>
public sealed class WatchTests : IAsyncDisposable
{
    private const string Space = """{"kind":"Namespace","metadata":{"name":"kube-system","uid":"U"}}""";

    private readonly TestTime _time = new();
    private readonly KubeConfigFolder _folder = new();
    private readonly FaultServer _server = new();
    private readonly KubernetesCluster _cluster;

    public WatchTests()
    {
        _cluster = _folder.Connect(_time, _server.Address, "", "token: t");
        _server.Answer(200, Space);
    }

    public async ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static string Node(string name, int version, bool ready = true) => $$$"""
        {"metadata":{"name":"{{{name}}}","uid":"uid-{{{name}}}","resourceVersion":"{{{version}}}"},"status":{"conditions":[{"type":"Ready","status":"{{{ready}}}"}]}}
        """.Trim();

    private static string List(int version, params string[] nodes) =>
        $$$"""{"kind":"NodeList","metadata":{"resourceVersion":"{{{version}}}"},"items":[{{{string.Join(',', nodes)}}}]}""";

    private static string Event(string type, string item) => $$"""{"type":"{{type}}","object":{{item}}}""" + "\n";

    private static string Bookmark(int version) => Event("BOOKMARK", $$$"""{"kind":"Node","metadata":{"resourceVersion":"{{{version}}}"}}""");

    /// <summary>The first events, each in a line.</summary>
    private async Task<string[]> ReadAsync(int count, string? name = null, Action? after = null)
    {
        var told = new List<string>();
        await foreach (var change in _cluster.WatchNodesAsync(name, default))
        {
            told.Add($"{change.Type} {change.Item.Name} {change.Item.Status}");
            if (told.Count == count) break;
            if (told.Count == count - 1) after?.Invoke();
        }

        return [.. told];
    }

    private Task<string[]> TellsAsync(int count, string? name = null) => ReadAsync(count, name).WaitAsync(TimeSpan.FromSeconds(30));

    private Task<ChaosException> FailsAsync() => Assert.ThrowsAsync<ChaosException>(() => TellsAsync(int.MaxValue));

    /// <summary>Where the streams began.</summary>
    private string[] Streams() =>
    [
        .. _server.Requests.Where(static request => request.Contains("watch=true", StringComparison.Ordinal))
            .Select(static request => request.Split("resourceVersion=")[1].Split('&')[0]),
    ];

    [Fact]
    public async Task It_tells_of_what_is_there_and_then_of_every_change()
    {
        _server.Answer(200, List(10, Node("a", 7), Node("b", 8)))
            .Do(exchange => exchange.HoldAsync(
                Event("MODIFIED", Node("b", 11, ready: false)) + Event("ADDED", Node("c", 12)) + Bookmark(15) + Event("DELETED", Node("a", 16))));

        Assert.Equal(["Added a Ready", "Added b Ready", "Modified b NotReady", "Added c Ready", "Deleted a Ready"], await TellsAsync(5));
        Assert.Equal("GET /api/v1/nodes?watch=true&allowWatchBookmarks=true&resourceVersion=10&timeoutSeconds=300", _server.Requests[^1]);
    }

    [Fact]
    public async Task One_node_is_asked_for_by_its_name()
    {
        _server.Answer(200, List(10, Node("a", 7)));

        await TellsAsync(1, "a");

        Assert.Equal("GET /api/v1/nodes?fieldSelector=metadata.name%3Da&limit=1000", _server.Requests[1]);
    }

    [Fact]
    public async Task A_stream_that_the_server_ends_goes_on_from_its_last_bookmark_at_once()
    {
        _server.Answer(200, List(10, Node("a", 7)))
            .Do(exchange => exchange.CutAsync(Event("MODIFIED", Node("a", 11)) + Bookmark(40)))
            .Do(exchange => exchange.HoldAsync(Event("MODIFIED", Node("a", 41, ready: false))));

        Assert.Equal(["Added a Ready", "Modified a Ready", "Modified a NotReady"], await TellsAsync(3));
        Assert.Equal(["10", "40"], Streams());
        Assert.Empty(_time.Pauses);
    }

    [Fact]
    public async Task A_stream_that_tells_nothing_is_not_asked_for_without_a_pause_and_never_given_up()
    {
        _server.Answer(200, List(10, Node("a", 7)));
        for (var i = 0; i < 6; i++) _server.Do(exchange => exchange.CutAsync(""));
        _server.Do(exchange => exchange.HoldAsync(Event("MODIFIED", Node("a", 11))));

        Assert.Equal(2, (await TellsAsync(2)).Length);
        Assert.Equal([1, 1, 1, 1, 1, 1], _time.Pauses);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_of_an_event_goes_on_from_the_last_whole_one()
    {
        var half = Event("MODIFIED", Node("a", 12, ready: false))[..60];
        _server.Answer(200, List(10, Node("a", 7)))
            .Do(exchange => exchange.BreakOffAsync(Event("MODIFIED", Node("a", 11)) + half))
            .Do(exchange => exchange.CutAsync(half))
            .Do(exchange => exchange.HoldAsync(Event("MODIFIED", Node("a", 12, ready: false))));

        Assert.Equal("Modified a NotReady", (await TellsAsync(3))[^1]);
        Assert.Equal("11", Streams()[^1]);
    }

    [Fact]
    public async Task What_was_told_is_not_told_again()
    {
        _server.Answer(200, List(10, Node("a", 7)))
            .Do(exchange => exchange.HoldAsync(Event("ADDED", Node("a", 7)) + Event("DELETED", Node("x", 8)) + Event("ADDED", Node("a", 11, ready: false))));

        Assert.Equal(["Added a Ready", "Modified a NotReady"], await TellsAsync(2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_watch_that_is_too_old_lists_again_and_tells_what_was_missed(bool inTheStream)
    {
        _server.Answer(200, List(10, Node("a", 7), Node("b", 8), Node("c", 9)))
            .Do(exchange => inTheStream
                ? exchange.CutAsync(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recordings", "watch-too-old.ndjson")))
                : exchange.AnswerAsync(410, FakeServer.Recorded("list-410-exact")))
            .Answer(200, List(30, Node("a", 7), Node("b", 20, ready: false), Node("d", 21)))
            .Do(exchange => exchange.HoldAsync(Event("DELETED", Node("a", 31))));

        var told = await TellsAsync(7);

        Assert.Equal(["Modified b NotReady", "Added d Ready", "Deleted c Ready", "Deleted a Ready"], told[3..]);
        Assert.Equal(["10", "30"], Streams());
        Assert.Empty(_time.Pauses);
    }

    [Fact]
    public async Task A_list_whose_pages_become_too_old_is_read_whole()
    {
        _server.Answer(200, List(10, Node("a", 7)).Replace("\"resourceVersion\":\"10\"", "\"resourceVersion\":\"10\",\"continue\":\"more\"", StringComparison.Ordinal))
            .Answer(410, FakeServer.Recorded("continue-410"))
            .Answer(200, List(12, Node("a", 7), Node("b", 11)))
            .Do(exchange => exchange.HoldAsync(Event("DELETED", Node("b", 13))));

        Assert.Equal(["Added a Ready", "Added b Ready", "Deleted b Ready"], await TellsAsync(3));
        Assert.Equal(["12"], Streams());
    }

    [Fact]
    public async Task A_server_for_which_everything_is_too_old_is_given_up()
    {
        for (var i = 0; i < 4; i++) _server.Answer(200, List(10)).Answer(410, FakeServer.Recorded("list-410-exact"));

        Assert.Equal("ClusterListExpired", (await FailsAsync()).ErrorId);
        Assert.Equal([2, 4], _time.Pauses);
    }

    [Fact]
    public async Task A_server_that_keeps_failing_is_given_up_and_one_that_recovers_is_not()
    {
        const string overloaded = """{"kind":"Status","message":"busy","code":429,"details":{"retryAfterSeconds":9}}""";
        _server.Answer(200, List(10, Node("a", 7)))
            .Answer(503, "busy").Do(exchange => exchange.CutAsync(Event("ERROR", overloaded))).Do(exchange => exchange.BreakOffAsync(""))
            .Do(exchange => exchange.BreakOffAsync(Bookmark(12)))
            .Answer(500, "busy").Answer(500, "busy").Answer(500, "busy");

        var error = await FailsAsync();

        Assert.Equal("ClusterServerFailed", error.ErrorId);
        Assert.Contains("watch nodes", error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 9, 4, 1, 2, 4], _time.Pauses);
    }

    [Fact]
    public async Task A_stream_that_the_server_has_forgotten_is_begun_anew()
    {
        _server.Answer(200, List(10, Node("a", 7)))
            .Do(exchange => exchange.HoldAsync(Event("MODIFIED", Node("a", 11))))
            .Do(exchange => exchange.HoldAsync(Event("MODIFIED", Node("a", 12))));

        var told = await ReadAsync(3, after: () => _time.Advance(TimeSpan.FromMinutes(7))).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(["Added a Ready", "Modified a Ready", "Modified a Ready"], told);
        Assert.Equal(["10", "11"], Streams());
    }

    [Fact]
    public async Task Who_may_not_watch_learns_which_right_is_missing()
    {
        _server.Answer(200, List(10)).Answer(403, """
            {"kind":"Status","reason":"Forbidden","message":"nodes is forbidden: User \"u\" cannot watch resource \"nodes\" in API group \"\" at the cluster scope","code":403}
            """);

        var error = await FailsAsync();

        Assert.Equal(("ClusterForbidden", ErrorKind.PermissionDenied), (error.ErrorId, error.Kind));
        Assert.Contains("watch", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>sign in</html>")]
    [InlineData("[1]")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"object":{"metadata":{"name":"a"}}}""")]
    [InlineData("""{"type":"CHANGED","object":{"metadata":{"name":"a","uid":"u","resourceVersion":"1"}}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":"a","uid":"u"}}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"uid":"u","resourceVersion":"1"}}}""")]
    [InlineData("""{"type":"BOOKMARK","object":{"metadata":{}}}""")]
    public async Task An_event_that_is_none_is_an_error(string line)
    {
        _server.Answer(200, List(10)).Do(exchange => exchange.HoldAsync(line + "\n"));

        Assert.Equal("ApiAnswerInvalid", (await FailsAsync()).ErrorId);
    }

    [Fact]
    public async Task Cancelling_ends_a_silent_stream()
    {
        using var stop = new CancellationTokenSource();
        var closed = new TaskCompletionSource();
        _server.Answer(200, List(10)).Do(async exchange =>
        {
            await exchange.HoldAsync("", stop.Cancel);
            closed.SetResult();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var change in _cluster.WatchNodesAsync(null, stop.Token)) Assert.Fail($"{change}");
        }).WaitAsync(TimeSpan.FromSeconds(30));
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task The_stream_of_a_real_server_is_read_to_its_end()
    {
        var lines = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Recordings", "watch-bookmark.ndjson"));
        var told = new List<string>();
        var pods = new ApiCall("list", "", "v1", "pods", "samples");
        using var stop = new CancellationTokenSource();
        _server.Do(exchange => exchange.CutAsync(lines)).Do(exchange => exchange.HoldAsync("", stop.Cancel));
        using var transport = new KubernetesTransport(_folder.Open(_time).Configuration, "test", _time);
        await transport.GetAsync(pods, "", default);
        var watch = new ObjectWatch<string>(
            transport, pods, null, _ => Task.FromResult(new ListPage<WatchedObject<string>> { ResourceVersion = "780" }), Read,
            (change, _) =>
            {
                told.Add($"{change.Type} {change.Item}");
                return ValueTask.CompletedTask;
            });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch.RunAsync(stop.Token)).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(
            ["Added 781", "Modified 786", "Modified 791", "Modified 792", "Modified 799", "Modified 806", "Modified 807", "Deleted 808"], told);
        Assert.Equal(["780", "808"], Streams());

        static WatchedObject<string> Read(System.Text.Json.JsonElement item)
        {
            var metadata = item.GetProperty("metadata");
            var version = metadata.GetProperty("resourceVersion").GetString()!;
            return new WatchedObject<string>(metadata.GetProperty("uid").GetString()!, version, version);
        }
    }
}
