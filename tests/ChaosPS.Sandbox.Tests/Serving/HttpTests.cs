using System.Net;
using System.Net.Http.Headers;
using ChaosPS.Sandbox.Http;

namespace ChaosPS.Sandbox.Tests.Serving;

/// <summary>The server as HTTP clients of every sort find it.</summary>
public sealed class HttpTests : IAsyncDisposable
{
    private readonly TestServer _server = new((request, _) => Task.FromResult(Echo(request)));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_request_reaches_the_face_as_it_was_sent()
    {
        using var body = new StringContent("{}", new MediaTypeHeaderValue("application/merge-patch+json"));
        using var response = await _server.Http.PatchAsync(new Uri("/apis/a%2Fb/c%20d?x=1%262&watch=true", UriKind.Relative), body);

        Assert.Equal("PATCH apis|a/b|c d x=1&2 application/merge-patch+json 2", await response.Content.ReadAsStringAsync());
        Assert.Equal(("text/plain", "yes"), (response.Content.Headers.ContentType?.MediaType, response.Headers.GetValues("X-Test").Single()));
        Assert.Equal(SandboxFactory.Start.Date, response.Headers.Date?.Date);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_body_arrives_whole(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(new byte[5_000_000]) };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await _server.Http.SendAsync(request);

        Assert.EndsWith(" 5000000", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_without_measure_is_refused_and_the_client_reads_why(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(new byte[17 << 20]) };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = !chunked;
        using var response = await _server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Head_is_answered_with_the_head_that_get_has()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/version");
        using var head = await _server.Http.SendAsync(request);
        using var get = await _server.Http.GetAsync(new Uri("/version", UriKind.Relative));

        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal("", await head.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_answer_without_a_body_has_no_length_of_one()
    {
        using var client = new RawClient(_server.Uri);
        var answer = await client.AskAsync("GET /empty HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 204 No Content\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Length", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_follow_each_other_on_one_connection_also_when_they_come_at_once()
    {
        using var client = new RawClient(_server.Uri);
        client.Send("GET /1 HTTP/1.1\r\nHost: localhost:1\r\n\r\nGET /2 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await client.ReadToAsync("GET 1   0");
        await client.ReadToAsync("GET 2   0");
        client.Send("\r\nGET /3 HTTP/1.1\r\nHost: localhost\r\n\r\n");

        await client.ReadToAsync("GET 3   0");
    }

    [Fact]
    public async Task A_client_that_waits_for_a_word_before_its_body_gets_it()
    {
        using var client = new RawClient(_server.Uri);
        client.Send("POST /x HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await client.ReadToAsync("\r\n\r\n"));
        client.Send("{}");

        await client.ReadToAsync("POST x   2");
    }

    [Fact]
    public async Task A_client_that_has_nothing_more_to_say_gets_its_answer()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new TestServer(async (request, token) =>
        {
            if (request.Segments is ["slow"]) await told.Task.WaitAsync(token);
            return Echo(request);
        });
        using var client = new RawClient(server.Uri);

        client.Send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
        client.EndSending();
        for (var n = 0; n < 5; n++) await server.Http.GetStringAsync(new Uri("/page", UriKind.Relative)); // which the server answers after it has heard that
        told.SetResult();

        Assert.StartsWith("HTTP/1.1 200", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_client_gets_one_answer_on_its_connection()
    {
        using var client = new RawClient(_server.Uri);
        var answer = await client.AskAsync("GET /old HTTP/1.0\r\n\r\n");

        Assert.EndsWith("GET old   0", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: local host\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nHost: contoso.com\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n folded\r\n\r\n", 400)]
    [InlineData("GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", 505)]
    [InlineData("GET x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("CONNECT a:443 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", 400)]
    [InlineData("POST /api/v1/namespaces HTTP/1.1\r\nHost: localhost\r\nOrigin: https://contoso.com\r\nConnection: close\r\n\r\n", 403)]
    [InlineData("POST /api/v1/namespaces HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\nConnection: close\r\n\r\n", 403)]
    [InlineData("GET / HTTP/1.1\r\nHost: contoso.com\r\nConnection: close\r\n\r\n", 421)]
    public async Task Nonsense_is_refused(string request, int status)
    {
        using var client = new RawClient(_server.Uri);
        client.Send(request);

        Assert.StartsWith($"HTTP/1.1 {status} ", await client.ReadToAsync("\r\n"), StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"Status\"", await client.ReadToAsync("}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_this_machine_may_ask()
    {
        using var client = new RawClient(_server.Uri);
        var answer = await client.AskAsync("GET /page HTTP/1.1\r\nHost: localhost\r\nOrigin: http://[::1]:3000\r\nConnection: close\r\n\r\n");

        Assert.EndsWith("GET page   0", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_without_end_is_refused()
    {
        using var client = new RawClient(_server.Uri);
        client.Send("GET / HTTP/1.1\r\nX: ");
        client.Send(new string('x', (1 << 20) + 100));

        Assert.StartsWith("HTTP/1.1 431 ", await client.ReadToAsync("\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_breaks_off_in_the_middle_harms_nobody()
    {
        foreach (var part in new[] { "", "GET /", "GET / HTTP/1.1\r\nHost: localhost\r\n", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n123" })
        {
            using var client = new RawClient(_server.Uri);
            client.Send(part);
        }

        Assert.Equal("GET fine   0", await _server.Http.GetStringAsync(new Uri("/fine", UriKind.Relative)));
        Assert.Empty(_server.Log);
    }

    private static FaceResponse Echo(FaceRequest request) => request.Segments is ["empty"]
        ? FaceResponse.Empty(HttpStatusCode.NoContent)
        : FaceResponse.Text(
            HttpStatusCode.OK,
            $"{request.Method} {string.Join('|', request.Segments)} {(request.Query("x") is { } x ? $"x={x}" : "")} {request.ContentType} {request.Body.Length}",
            "text/plain").With("X-Test", "yes");
}
