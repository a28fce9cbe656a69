using System.Net;
using System.Net.WebSockets;
using System.Text;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes;
using k8s;

namespace ChaosPS.Providers.Tests.Kubernetes;

/// <summary>Commands in containers, over a WebSocket to a server of this machine.</summary>
public sealed class PodCommandTests : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly KubernetesCluster _cluster;

    public PodCommandTests()
    {
        var server = $"http://127.0.0.1:{Loopback.FreePort()}";
        _listener.Prefixes.Add($"{server}/");
        _listener.Start();
        _cluster = new KubernetesCluster("test", new KubernetesClientConfiguration { Host = server }, TimeProvider.System);
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _listener.Close();
    }

    [Fact]
    public async Task Output_and_error_are_told_apart_and_put_together_again()
    {
        var server = ServeAsync((1, "one\n"), (2, "oh\n"), (1, "two\n"), (3, """{"status":"Success"}"""));

        var result = await RunAsync();

        Assert.Equal(new PodCommandResult(0, "one\ntwo\n", "oh\n"), result);
        Assert.Equal("/api/v1/namespaces/default/pods/web/exec?command=ls&command=-l&container=c&stderr=1&stdin=0&stdout=1&tty=0", await server);
    }

    [Fact]
    public async Task A_log_is_read_no_further_than_what_can_be_kept()
    {
        using var answer = new FakeServer().Do(static (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(new byte[(16 << 20) + 1]) }));
        using var cluster = new KubernetesCluster("test", new KubernetesClientConfiguration { Host = "http://cluster" }, TimeProvider.System, new PassThroughHandler(answer));

        var error = await Assert.ThrowsAsync<ChaosException>(() => cluster.ReadPodLogAsync("default", "web", new PodLogQuery(), default));

        Assert.Equal("the log of pod 'default/web' is larger than 16 MiB, and is read no further", error.Message);
    }

    [Fact]
    public async Task The_exit_code_of_a_command_that_fails_is_its_result()
    {
        var server = ServeAsync((3, """
            {"status":"Failure","reason":"NonZeroExitCode","message":"command terminated with non-zero exit code",
             "details":{"causes":[{"reason":"ExitCode","message":"7"}]}}
            """));

        Assert.Equal(7, (await RunAsync()).ExitCode);
        await server;
    }

    [Fact]
    public async Task A_connection_that_ends_before_the_command_is_no_success()
    {
        var server = ServeAsync((1, "half"));

        var error = await Assert.ThrowsAsync<ChaosException>(RunAsync);

        Assert.Equal("PodCommandFailed", error.ErrorId);
        Assert.Contains("closed before the command's end", error.Message, StringComparison.Ordinal);
        await server;
    }

    [Fact]
    public async Task A_connection_that_breaks_while_the_command_runs_is_no_refusal()
    {
        var server = BreakAsync();

        var error = await Assert.ThrowsAsync<ChaosException>(RunAsync);

        Assert.Equal(("PodCommandFailed", ErrorKind.OperationFailed), (error.ErrorId, error.Kind));
        _listener.Stop();
        await server;
    }

    [Fact]
    public async Task A_command_that_writes_without_end_fails_before_memory_is_full()
    {
        var much = new string('y', 1 << 20);
        var server = ServeAsync([.. Enumerable.Repeat(((byte)1, much), 17), (3, """{"status":"Success"}""")]);

        var error = await Assert.ThrowsAsync<ChaosException>(RunAsync);

        Assert.Equal("PodCommandFailed", error.ErrorId);
        Assert.Contains("more than 16 MiB", error.Message, StringComparison.Ordinal);
        await Task.WhenAny(server);
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_servers_words()
    {
        var server = RefuseAsync();

        var error = await Assert.ThrowsAsync<ChaosException>(RunAsync);

        Assert.Equal("ClusterRequestInvalid", error.ErrorId);
        Assert.Contains("container c is not valid", error.Message, StringComparison.Ordinal);
        _listener.Stop();
        await server;
    }

    private Task<PodCommandResult> RunAsync() => _cluster.RunInPodAsync("default", "web", "c", ["ls", "-l"], TimeSpan.FromMinutes(1), default);

    private async Task<string> ServeAsync(params (byte Channel, string Text)[] messages)
    {
        var context = await _listener.GetContextAsync();
        var socket = (await context.AcceptWebSocketAsync("v4.channel.k8s.io")).WebSocket;
        foreach (var (channel, text) in messages)
        {
            // In two frames: a message's channel stands in its first one.
            var content = Encoding.UTF8.GetBytes(text);
            await socket.SendAsync(new[] { channel }, WebSocketMessageType.Binary, endOfMessage: false, default);
            await socket.SendAsync(content, WebSocketMessageType.Binary, endOfMessage: true, default);
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        return context.Request.Url!.PathAndQuery;
    }

    /// <summary>Breaks the first connection, and refuses the next.</summary>
    private async Task BreakAsync()
    {
        var context = await _listener.GetContextAsync();
        var socket = (await context.AcceptWebSocketAsync("v4.channel.k8s.io")).WebSocket;
        await socket.SendAsync(new byte[] { 1, (byte)'a' }, WebSocketMessageType.Binary, endOfMessage: true, default);
        socket.Abort();
        context.Response.Abort();
        await RefuseAsync();
    }

    private async Task RefuseAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                context.Response.StatusCode = 400;
                context.Response.ContentType = "application/json";
                var body = """{"kind":"Status","apiVersion":"v1","status":"Failure","message":"container c is not valid for pod web","reason":"BadRequest","code":400}"""u8;
                context.Response.OutputStream.Write(body);
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The listener was stopped. Until then it is asked twice: a WebSocket that is refused has no words.
        }
    }
}
