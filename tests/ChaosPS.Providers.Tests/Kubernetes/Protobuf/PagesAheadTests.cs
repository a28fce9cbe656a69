using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Providers.Tests.Faults;

namespace ChaosPS.Providers.Tests.Kubernetes.Protobuf;

/// <summary>Long lists over real connections: the next page is read while a page still comes, and what becomes of it counts when it is its turn.</summary>
public sealed class PagesAheadTests : IAsyncDisposable
{
    private const string Space = """{"kind":"Namespace","metadata":{"name":"kube-system","uid":"U"}}""";
    private const string Protobuf = "application/vnd.kubernetes.protobuf";
    private const string First = "GET /api/v1/pods?limit=1000";
    private const string Second = "GET /api/v1/pods?limit=1000&continue=2";

    /// <summary>A first page whose only pod is still on the way when it has said where the list goes on.</summary>
    private static readonly byte[] s_first = ProtobufFaultTests.Page("2", "n/a");

    private readonly TestTime _time = new();
    private readonly KubeConfigFolder _folder = new();
    private readonly FaultServer _server = new();
    private readonly KubernetesCluster _cluster;

    /// <summary>Done when the rest of the first page may come.</summary>
    private readonly TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PagesAheadTests()
    {
        _cluster = _folder.Connect(_time, _server.Address, "", "token: t");
        _server.Answer(200, Space);
    }

    public async ValueTask DisposeAsync()
    {
        _rest.TrySetResult();
        _cluster.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_next_page_is_read_while_a_page_still_comes_and_no_more_than_one()
    {
        var released = false;
        FirstComesSlowly();
        _server.Do(async exchange =>
        {
            await exchange.AnswerAsync(ProtobufFaultTests.Page("3", "n/b"), Protobuf);
            released = true;
            _rest.SetResult();
        });
        _server.Do(exchange => released ? exchange.AnswerAsync(ProtobufFaultTests.Page("", "n/c"), Protobuf) : exchange.AnswerAsync(403, "too early"));

        Assert.Equal(["n/a", "n/b", "n/c"], await PodsAsync());
    }

    [Fact]
    public async Task A_page_ahead_whose_connection_is_reset_is_read_again_alone()
    {
        FirstComesSlowly();
        _server.Do(exchange => exchange.BreakOffAsync(ProtobufFaultTests.Page("", "n/b")[..^30], Protobuf));
        _server.Do(exchange => ThenFirstAsync(exchange.AnswerAsync(ProtobufFaultTests.Page("", "n/b"), Protobuf)));

        Assert.Equal(["n/a", "n/b"], await PodsAsync());
        Assert.Equal([First, Second, Second], _server.Requests.Skip(1));
    }

    [Fact]
    public async Task When_the_page_ahead_has_become_too_old_the_list_is_read_in_one_piece_once_the_page_before_is_there()
    {
        FirstComesSlowly();
        _server.Do(exchange => ThenFirstAsync(exchange.AnswerAsync(410, FakeServer.Recorded("continue-410"))));
        _server.Do(exchange => exchange.AnswerAsync(ProtobufFaultTests.Page("", "n/x", "n/y"), Protobuf));

        Assert.Equal(["n/x", "n/y"], await PodsAsync());
        Assert.Equal([First, Second, "GET /api/v1/pods"], _server.Requests.Skip(1));
    }

    [Fact]
    public async Task An_error_of_the_page_ahead_is_the_list_s()
    {
        FirstComesSlowly();
        _server.Do(exchange => ThenFirstAsync(exchange.AnswerAsync(403, """{"kind":"Status","message":"pods is forbidden"}""")));

        var error = await Assert.ThrowsAsync<ChaosException>(PodsAsync);

        Assert.Equal(ErrorKind.PermissionDenied, error.Kind);
    }

    [Fact]
    public async Task An_error_of_a_page_goes_before_that_of_the_page_ahead_which_is_given_up()
    {
        var closed = new TaskCompletionSource();
        _server.Do(exchange => exchange.AnswerSlowlyAsync([.. s_first, 7], Protobuf, s_first.Length - 40, _rest.Task));
        _server.Do(async exchange =>
        {
            await exchange.HoldAsync(ProtobufFaultTests.Page("", "n/b")[..^30], Protobuf, _rest.SetResult);
            closed.SetResult();
        });

        var error = await Assert.ThrowsAsync<ChaosException>(PodsAsync);

        Assert.Equal("ApiAnswerInvalid", error.ErrorId);
        await Soon(closed.Task);
    }

    [Fact]
    public async Task Cancelling_ends_both_pages()
    {
        using var stop = new CancellationTokenSource();
        var closed = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        _server.Do(async exchange =>
        {
            await exchange.HoldAsync(s_first[..^40], Protobuf);
            closed[0].SetResult();
        });
        _server.Do(async exchange =>
        {
            await exchange.HoldAsync(ProtobufFaultTests.Page("", "n/b")[..^30], Protobuf, stop.Cancel);
            closed[1].SetResult();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(_cluster.GetPodsAsync(null, null, stop.Token)));

        await Soon(Task.WhenAll(closed.Select(static one => one.Task)));
    }

    [Fact]
    public async Task A_first_page_that_breaks_off_and_then_goes_on_elsewhere_takes_the_page_ahead_with_it()
    {
        var ahead = new TaskCompletionSource();
        _server.Do(async exchange =>
        {
            await exchange.AnswerSlowlyAsync(s_first[..^20], Protobuf, s_first.Length - 40, ahead.Task);
            exchange.Reset();
        });
        _server.Do(exchange => exchange.HoldAsync(ProtobufFaultTests.Page("", "n/wrong")[..^30], Protobuf, ahead.SetResult));
        _server.Do(exchange => exchange.AnswerAsync(ProtobufFaultTests.Page("22", "n/a", "n/b"), Protobuf));
        _server.Do(exchange => exchange.AnswerAsync(ProtobufFaultTests.Page("", "n/c"), Protobuf));

        Assert.Equal(["n/a", "n/b", "n/c"], await PodsAsync());
        Assert.Equal([First, Second, First, "GET /api/v1/pods?limit=1000&continue=22"], _server.Requests.Skip(1));
    }

    private static Task Soon(Task work) => work.WaitAsync(TimeSpan.FromSeconds(30));

    private async Task<IEnumerable<string>> PodsAsync() =>
        (await _cluster.GetPodsAsync(null, null, default).WaitAsync(TimeSpan.FromSeconds(30))).Select(static pod => pod.ToString());

    private void FirstComesSlowly() => _server.Do(exchange => exchange.AnswerSlowlyAsync(s_first, Protobuf, s_first.Length - 40, _rest.Task));

    private async Task ThenFirstAsync(Task answer)
    {
        await answer;
        _rest.SetResult();
    }
}
