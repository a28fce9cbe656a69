using System.Net;
using System.Net.Http.Headers;
using ChaosPS.Errors;
using ChaosPS.Providers.Http;

namespace ChaosPS.Providers.Tests;

/// <summary>Where answers send on to, and what goes along: cookies within one request, and nothing from one request to the next.</summary>
public sealed class RedirectTests
{
    [Fact]
    public async Task A_probe_comes_by_a_connection_of_its_own_and_without_cookies_of_the_probe_before_it()
    {
        using var listener = new HttpListener();
        var server = $"http://127.0.0.1:{Loopback.FreePort()}/";
        listener.Prefixes.Add(server);
        listener.Start();
        var http = new Composition().Http;
        var seen = Task.Run(async () =>
        {
            List<string?> cookies = [];
            HashSet<int> ports = [];
            for (var request = 0; request < 2; request++)
            {
                var context = await listener.GetContextAsync();
                cookies.Add(context.Request.Headers["Cookie"]);
                ports.Add(context.Request.RemoteEndPoint.Port);
                context.Response.AppendHeader("Set-Cookie", "affinity=pod-1");
                context.Response.Close();
            }

            return (Cookies: cookies, Connections: ports.Count);
        });

        for (var request = 0; request < 2; request++)
        {
            using var asked = new HttpRequestMessage(HttpMethod.Get, server);
            using var answer = await http.SendAsync(asked, default);
            Assert.Equal(["affinity=pod-1"], answer.Headers.GetValues("Set-Cookie"));
        }

        var (cookies, connections) = await seen;
        Assert.Equal([null, null], cookies);
        Assert.Equal(2, connections);
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
