using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests;

/// <summary>A sandbox and a plain HTTP client that talks to it.</summary>
internal sealed class SandboxClient : IDisposable
{
    private readonly HttpClient _http;

    public SandboxClient(int seed = 1)
    {
        Sandbox = SandboxFactory.Create("contactsapp", seed);
        _http = new HttpClient(Sandbox.Handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public ChaosSandbox Sandbox { get; }

    public VirtualClock Clock => (VirtualClock)Sandbox.Clock;

    /// <summary>Sends to the Kubernetes API.</summary>
    public Task<Answer> Kubernetes(string method, string path, string? body = null, string contentType = "application/json", string? accept = null) =>
        Send(method, new Uri(Sandbox.KubernetesUri, path), body, contentType, accept);

    /// <summary>Sends to Azure.</summary>
    public Task<Answer> Azure(string method, string path, string? body = null) => Send(method, new Uri(Sandbox.AzureUri, path), body, "application/json", null);

    /// <summary>Gets a page of the application; the caller must be a member of the clock.</summary>
    public Task<Answer> Application(string path, CancellationToken cancellationToken = default) =>
        Send("GET", new Uri($"http://contactsapp.sandbox{path}"), null, "", null, cancellationToken);

    public async Task<Answer> Send(
        string method, Uri uri, string? body, string contentType, string? accept, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), uri);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, contentType);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await _http.SendAsync(request, cancellationToken);
        return new Answer(
            response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken), response.Content.Headers.ContentType?.MediaType,
            response.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value)));
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What came back.</summary>
    internal sealed record Answer(HttpStatusCode Status, string Body, string? ContentType, IReadOnlyDictionary<string, string> Headers)
    {
        public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

        public JsonArray Items => Json["items"]!.AsArray();
    }
}
