using System.Net;
using System.Net.Sockets;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sandbox;
using ChaosPS.Sandbox.Serving;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Providers.Tests;

/// <summary>The real clients against a sandbox that is served: over the network, as another process would.</summary>
public sealed class ServedSandboxTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Composition _composition = new();
    private readonly ChaosSandbox _served;
    private readonly SandboxServer _server;

    public ServedSandboxTests()
    {
        _served = SandboxFactory.Create("contactsapp", new SandboxOptions { Seed = 7, Speed = 50 });
        _server = SandboxServer.Start(_served, "127.0.0.1:0", NullLog.Instance);
    }

    private Uri Uri => _server.Sandbox.Uri!;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task It_is_the_same_cluster_as_in_its_own_process()
    {
        var inside = _composition.Connect(_served);
        var connection = await ConnectAsync();

        Assert.Equal(("contactsapp", ConnectionKind.Sandbox, Uri), (connection.Name, connection.Kind, connection.Origin.Sandbox));
        Assert.Equal(await inside.Cluster.GetIdentityAsync(default), await connection.Cluster.GetIdentityAsync(default));
        Assert.Equal(inside.Environment, connection.Environment);
        var nodes = await connection.Cluster.GetNodesAsync(default);
        Assert.Equal((await inside.Cluster.GetNodesAsync(default)).Select(node => node.Name), nodes.Select(node => node.Name));
    }

    [Fact]
    public async Task A_machine_is_powered_off_in_the_time_of_the_sandbox()
    {
        var connection = await ConnectAsync();
        var node = (await connection.Cluster.GetNodesAsync(default))[0];
        var instance = await connection.Power.GetInstanceAsync(node, default);
        var before = connection.Time.GetUtcNow();

        var operation = await connection.Power.BeginAsync(instance, PowerAction.PowerOff, skipShutdown: false, default);
        await operation.WaitAsync(default).WaitAsync(s_patience);

        Assert.Equal(PowerState.Stopped, (await _composition.Connect(_served).Power.GetInstanceAsync(node, default)).PowerState);
        Assert.True(connection.Time.GetUtcNow() - before > TimeSpan.FromSeconds(5), "The operation takes seconds of the sandbox.");
    }

    [Fact]
    public async Task The_application_is_reached_by_its_own_name()
    {
        var connection = await ConnectAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://contactsapp.sandbox/api/contacts/");
        using var response = await connection.Http.SendAsync(request, default);

        Assert.Equal("[]", await response.Content.ReadAsStringAsync());
        Assert.Equal("http://contactsapp.sandbox/api/contacts/", response.RequestMessage?.RequestUri?.ToString());
    }

    [Fact]
    public async Task No_other_host_is_asked()
    {
        var connection = await ConnectAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://contoso.com/");
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => connection.Http.SendAsync(request, default));

        Assert.Equal(HttpRequestError.NameResolutionError, error.HttpRequestError);
        Assert.Contains("nothing leaves the sandbox", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_clock_is_that_of_the_sandbox()
    {
        var connection = await ConnectAsync();

        // Half a second of the machine, which may be busy.
        Assert.InRange(connection.Time.GetUtcNow() - _served.Now, TimeSpan.FromSeconds(-25), TimeSpan.FromSeconds(25));
        Assert.Equal(50, ((RunningClock)connection.Time).Speed);
    }

    [Fact]
    public async Task Its_clock_follows_when_another_process_moves_that_of_the_sandbox()
    {
        var connection = await ConnectAsync();
        await _served.StepAsync(TimeSpan.FromDays(2), default);
        await connection.Cluster.GetNodesAsync(default);

        Assert.True(connection.Time.GetUtcNow() > _served.Now - TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task A_step_here_moves_the_clock_there()
    {
        var sandbox = await _composition.OpenSandboxAsync(Uri, default);
        var before = _served.Now;
        await sandbox.StepAsync(TimeSpan.FromDays(2), default);

        Assert.True(_served.Now - before >= TimeSpan.FromDays(2));
        Assert.True(sandbox.Now - before >= TimeSpan.FromDays(2));
    }

    [Theory]
    [InlineData("https://127.0.0.1:8001")]
    [InlineData("http://contoso.com:8001")]
    [InlineData("http://192.0.2.1:8001")]
    [InlineData("ftp://127.0.0.1")]
    public async Task Only_this_machine_can_serve_it(string uri)
    {
        var error = await Assert.ThrowsAsync<ChaosException>(() => _composition.OpenSandboxAsync(new Uri(uri), default));

        Assert.Equal(("SandboxUriInvalid", ErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
    }

    [Fact]
    public async Task When_nothing_answers_the_error_says_what_to_start()
    {
        await _server.DisposeAsync();
        var error = await Assert.ThrowsAsync<ChaosException>(() => _composition.OpenSandboxAsync(Uri, default));

        Assert.Equal("SandboxUnreachable", error.ErrorId);
        Assert.Contains(Uri.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("chaosps sandbox contactsapp", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_it_has_stopped_a_step_fails_with_the_same_error()
    {
        var sandbox = await _composition.OpenSandboxAsync(Uri, default);
        await _server.DisposeAsync();
        var error = await Assert.ThrowsAsync<ChaosException>(() => sandbox.StepAsync(TimeSpan.FromSeconds(1), default));

        Assert.Equal("SandboxUnreachable", error.ErrorId);
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull")]
    public async Task Something_else_than_a_sandbox_is_recognised(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var opening = _composition.OpenSandboxAsync(new Uri($"http://{listener.LocalEndpoint}"), default);
        using var client = await listener.AcceptTcpClientAsync();
        await client.GetStream().ReadExactlyAsync(new byte["GET /sandbox".Length]);
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));

        var error = await Assert.ThrowsAsync<ChaosException>(() => opening.WaitAsync(s_patience));
        Assert.Equal("SandboxNotServed", error.ErrorId);
    }

    [Fact]
    public async Task Asking_can_be_given_up()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var source = new CancellationTokenSource();
        var opening = _composition.OpenSandboxAsync(new Uri($"http://{listener.LocalEndpoint}"), source.Token);
        using var client = await listener.AcceptTcpClientAsync();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening.WaitAsync(s_patience));
    }

    private async Task<ChaosConnection> ConnectAsync() => _composition.Connect(await _composition.OpenSandboxAsync(Uri, default).WaitAsync(s_patience));
}
