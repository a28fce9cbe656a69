using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using ChaosPS.Sandbox.Http;

namespace ChaosPS.Sandbox.Tests.Serving;

/// <summary>Answers that take their time, clients that do not wait for them, and a server that stops.</summary>
public sealed class LifetimeTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Channel<string> _chunks = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TestServer _server;

    public LifetimeTests() => _server = new TestServer(AnswerAsync);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Each_chunk_is_sent_when_it_is_made()
    {
        using var client = new RawClient(_server.Uri);
        client.Send("GET /watch HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Contains("Transfer-Encoding: chunked", await client.ReadToAsync("\r\n\r\n"), StringComparison.Ordinal);

        _chunks.Writer.TryWrite("first");
        Assert.Equal("5\r\nfirst\r\n", await client.ReadToAsync("first\r\n"));
        _chunks.Writer.TryWrite("the second one");
        Assert.Equal("e\r\nthe second one\r\n", await client.ReadToAsync("one\r\n"));
        _chunks.Writer.Complete();
        Assert.Equal("0\r\n\r\n", await client.ReadToAsync("\r\n\r\n"));

        client.Send("GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await client.ReadToAsync("whole");
    }

    [Theory]
    [InlineData("/watch")]
    [InlineData("/hang")]
    public async Task A_client_that_goes_away_ends_the_making_of_its_answer(string path)
    {
        using (var client = new RawClient(_server.Uri))
        {
            client.Send($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Assert.Equal($"{path} begins", await NextEvent());
        }

        Assert.Equal($"{path} is cancelled", await NextEvent());
        Assert.Empty(_server.Log);
    }

    [Fact]
    public async Task A_server_that_stops_ends_watches_as_if_they_were_whole()
    {
        using var client = new RawClient(_server.Uri);
        client.Send("GET /watch HTTP/1.1\r\nHost: localhost\r\n\r\n");
        _chunks.Writer.TryWrite("first");
        await client.ReadToAsync("first\r\n");

        await _server.StopAsync();

        Assert.Equal("0\r\n\r\n", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task A_server_stops_though_requests_hang_and_connections_idle()
    {
        using var idle = new RawClient(_server.Uri);
        using var slow = new RawClient(_server.Uri);
        using var hanging = new RawClient(_server.Uri);
        slow.Send("POST / HTTP/1.1\r\nContent-");
        hanging.Send("GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await NextEvent();

        await _server.StopAsync();

        Assert.Equal("", await hanging.ReadToEndAsync());
        Assert.Equal("", await idle.ReadToEndAsync());
        Assert.Equal("", await slow.ReadToEndAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => _server.Http.GetAsync(new Uri("/version", UriKind.Relative)));
        await _server.StopAsync();
    }

    [Fact]
    public async Task A_client_that_does_not_read_does_not_keep_the_server_from_stopping()
    {
        using var client = new RawClient(_server.Uri);
        client.Send("GET /flood HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal("/flood begins", await NextEvent());

        await _server.StopAsync();
    }

    [Fact]
    public async Task Many_requests_are_answered_at_the_same_time()
    {
        var answers = Enumerable.Range(0, 100).Select(_ => _server.Http.GetStringAsync(new Uri("/gate", UriKind.Relative))).ToList();
        for (var i = 0; i < answers.Count; i++) Assert.Equal("/gate begins", await NextEvent());
        Assert.DoesNotContain(answers, answer => answer.IsCompleted);

        _gate.SetResult();

        Assert.All(await Task.WhenAll(answers).WaitAsync(s_patience), answer => Assert.Equal("open", answer));
    }

    [Fact]
    public async Task A_failure_of_a_face_is_told_to_the_client_and_logged()
    {
        using var response = await _server.Http.GetAsync(new Uri("/defect", UriKind.Relative));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"reason\":\"InternalError\"", text, StringComparison.Ordinal);
        Assert.Contains("a defect", text, StringComparison.Ordinal);
        Assert.Contains("GET /defect", Assert.Single(_server.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_in_the_middle_of_an_answer_breaks_it_off_and_is_logged()
    {
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => _server.Http.GetStringAsync(new Uri("/torn", UriKind.Relative)));

        Assert.IsAssignableFrom<IOException>(error.InnerException);
        Assert.Contains("a defect", Assert.Single(_server.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_machine_is_a_broken_connection()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => _server.Http.GetAsync(new Uri("/dead", UriKind.Relative)));

        Assert.Empty(_server.Log);
    }

    private async Task<string> NextEvent() => await _events.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

    private async Task<FaceResponse> AnswerAsync(FaceRequest request, CancellationToken cancellationToken)
    {
        var path = request.Uri.AbsolutePath;
        switch (path)
        {
            case "/watch":
                return FaceResponse.Stream(HttpStatusCode.OK, "application/json", WatchAsync(path, default));
            case "/flood":
                return FaceResponse.Stream(HttpStatusCode.OK, "application/json", FloodAsync(path));
            case "/torn":
                return FaceResponse.Stream(HttpStatusCode.OK, "application/json", TornAsync());
            case "/hang":
                await HangAsync(path, cancellationToken);
                goto default;
            case "/gate":
                _events.Writer.TryWrite($"{path} begins");
                await _gate.Task;
                return FaceResponse.Text(HttpStatusCode.OK, "open");
            case "/defect":
                throw new InvalidOperationException("a defect");
            case "/dead":
                throw new HttpRequestException("no route to host");
            default:
                return FaceResponse.Text(HttpStatusCode.OK, "whole");
        }
    }

    private async Task HangAsync(string path, CancellationToken cancellationToken)
    {
        _events.Writer.TryWrite($"{path} begins");
        try
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }
        finally
        {
            if (cancellationToken.IsCancellationRequested) _events.Writer.TryWrite($"{path} is cancelled");
        }
    }

    private async IAsyncEnumerable<byte[]> WatchAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _events.Writer.TryWrite($"{path} begins");
        try
        {
            await foreach (var text in _chunks.Reader.ReadAllAsync(cancellationToken)) yield return Encoding.UTF8.GetBytes(text);
        }
        finally
        {
            if (cancellationToken.IsCancellationRequested) _events.Writer.TryWrite($"{path} is cancelled");
        }
    }

    private async IAsyncEnumerable<byte[]> FloodAsync(string path)
    {
        _events.Writer.TryWrite($"{path} begins");
        while (true)
        {
            await Task.Yield();
            yield return new byte[1 << 20];
        }
    }

    private static async IAsyncEnumerable<byte[]> TornAsync()
    {
        await Task.Yield();
        yield return [1, 2, 3];
        throw new InvalidOperationException("a defect");
    }
}
