using System.Net;
using System.Net.Http.Headers;
using ChaosPS.Errors;
using ChaosPS.Providers.Http;

namespace ChaosPS.Providers.Tests;

/// <summary>Where answers send on to, and what goes along: cookies within one request, and nothing from one request to the next.</summary>
public sealed class RedirectTests : IDisposable
{
    private readonly string _server = $"http://127.0.0.1:{Loopback.FreePort()}/";
    private readonly HttpListener _listener = new();
    private readonly Composition _composition = new();

    public RedirectTests()
    {
        _listener.Prefixes.Add(_server);
        _listener.Start();
    }

    public void Dispose() => ((IDisposable)_listener).Dispose();

    [Fact]
    public async Task Probes_of_one_moment_share_a_connection_and_later_ones_have_a_new_one()
    {
        // However slow the machine is: at some time two come within a moment, and at some time one comes after it.
        List<int> connections = [];
        do
        {
            var (connection, _) = await AskAsync();
            connections.Add(connection);
        }
        while (connections.Distinct().Count() is var different && (different == 1 || different == connections.Count));
    }

    [Fact]
    public async Task A_probe_that_closes_its_connection_leaves_none_to_the_next()
    {
        var (first, _) = await AskAsync(static request => request.Headers.TryAddWithoutValidation("Connection", "close"));
        var (second, _) = await AskAsync();

        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task A_probe_comes_without_cookies_of_the_probe_before_it()
    {
        await AskAsync();
        var (_, cookie) = await AskAsync();

        Assert.Null(cookie);
    }

    [Fact]
    public async Task A_cookie_goes_along_to_where_the_answer_sends_on_to()
    {
        var server = new Stub(
            To("http://a.invalid/2", "session=1; Path=/; HttpOnly", "other=2; Path=/elsewhere", "=broken"), To("http://b.invalid/3"), new HttpResponseMessage(HttpStatusCode.OK));

        await SendAsync(server, "http://a.invalid/1");

        Assert.Equal(["http://a.invalid/1 ", "http://a.invalid/2 session=1", "http://b.invalid/3 "], server.Seen);
    }

    [Theory]
    [InlineData("https://a.invalid/2", true)]
    [InlineData("http://a.invalid/2", true)]
    [InlineData("http://a.invalid:8080/2", false)]
    [InlineData("http://b.invalid/2", false)]
    public async Task What_signs_in_is_kept_for_the_same_server(string next, bool kept)
    {
        var server = new Stub(To(next), new HttpResponseMessage(HttpStatusCode.OK));

        await SendAsync(server, "http://a.invalid/1", static request =>
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "t");
            request.Headers.Add("X-Api-Key", "k");
            request.Headers.Add("X-Other", "o");
        });

        Assert.Equal(kept ? ["Authorization", "X-Api-Key", "X-Other"] : ["X-Other"], server.Last!.Headers.Select(static header => header.Key).Order());
    }

    [Fact]
    public async Task A_circle_ends()
    {
        var server = new Stub([.. Enumerable.Range(0, 40).Select(static _ => To("/again"))]);

        var error = await Assert.ThrowsAsync<ChaosException>(() => SendAsync(server, "http://a.invalid/1"));

        Assert.Equal("HttpRedirectsEndless", error.ErrorId);
        Assert.Equal(31, server.Seen.Count);
    }

    /// <summary>Asks a server that gives cookies.</summary>
    /// <returns>The connection's port, and the cookie that came with the request.</returns>
    private async Task<(int Connection, string? Cookie)> AskAsync(Action<HttpRequestMessage>? more = null)
    {
        var seen = _listener.GetContextAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, _server);
        more?.Invoke(request);
        var asked = _composition.Http.SendAsync(request, default);
        var context = await seen;
        var (connection, cookie) = (context.Request.RemoteEndPoint.Port, context.Request.Headers["Cookie"]);
        context.Response.AppendHeader("Set-Cookie", "affinity=pod-1");
        context.Response.Close();
        using var answer = await asked;
        Assert.Equal(["affinity=pod-1"], answer.Headers.GetValues("Set-Cookie"));
        return (connection, cookie);
    }

    private static async Task SendAsync(Stub server, string uri, Action<HttpRequestMessage>? more = null)
    {
        using var http = new HttpMessageInvoker(new RedirectHandler(server));
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        more?.Invoke(request);
        using var answer = await http.SendAsync(request, default);
    }

    private static HttpResponseMessage To(string next, params string[] cookies)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.Found);
        answer.Headers.Location = new Uri(next, UriKind.RelativeOrAbsolute);
        foreach (var cookie in cookies) answer.Headers.TryAddWithoutValidation("Set-Cookie", cookie);
        return answer;
    }

    /// <summary>Answers in turn, and keeps what it was asked with which cookies.</summary>
    private sealed class Stub(params HttpResponseMessage[] answers) : HttpMessageHandler
    {
        private int _next;

        public List<string> Seen { get; } = [];

        public HttpRequestMessage? Last { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Seen.Add($"{request.RequestUri} {(request.Headers.TryGetValues("Cookie", out var cookies) ? string.Join(';', cookies) : "")}");
            Last = request;
            return Task.FromResult(answers[_next++]);
        }
    }
}
