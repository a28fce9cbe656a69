using System.Collections.Concurrent;
using System.Reflection;

namespace ChaosPS.Commands.Tests.Hosting;

/// <summary>Stands before a sandbox and remembers what it is asked.</summary>
internal sealed class RecordingHandler(HttpMessageHandler sandbox) : DelegatingHandler(sandbox)
{
    /// <summary>What an unexpected exception says.</summary>
    public const string Unexpected = "nobody expected this";

    private readonly ConcurrentQueue<(HttpRequestMessage Request, string Body)> _requests = new();

    /// <summary>The first request that it fits is answered with an exception that no client knows.</summary>
    public Predicate<HttpRequestMessage>? FailOnce { get; set; }

    /// <summary>Puts one before the sandbox in <c>$sandbox</c>, and connects the session again.</summary>
    public static RecordingHandler PutBeforeSandbox(Engine engine)
    {
        var sandbox = engine.Invoke("$sandbox").Single().BaseObject;
        var handler = sandbox.GetType().GetField("<Handler>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var recording = new RecordingHandler((HttpMessageHandler)handler.GetValue(sandbox)!);
        handler.SetValue(sandbox, recording);
        engine.Invoke("$null = $sandbox | Connect-ChaosCluster");
        return recording;
    }

    /// <summary>Every request, as <c>PUT https://host/path?query</c>.</summary>
    public IEnumerable<string> All => _requests.Select(static entry => Show(entry.Request));

    /// <summary>Those that change something: all but reads, queries of Resource Graph, which are posted, and dry runs.</summary>
    public IEnumerable<string> Changes => _requests.Where(static entry => !Reads(entry.Request, entry.Body)).Select(static entry => Show(entry.Request));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _requests.Enqueue((request, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken)));
        if (FailOnce?.Invoke(request) == true)
        {
            FailOnce = null;
            throw new NotImplementedException(Unexpected);
        }

        return await base.SendAsync(request, cancellationToken);
    }

    // The options of a deletion are in its body; a review is a question about oneself, and leaves nothing.
    private static bool Reads(HttpRequestMessage request, string body) =>
        request.Method == HttpMethod.Get
        || request.RequestUri!.AbsolutePath.Equals("/providers/Microsoft.ResourceGraph/resources", StringComparison.OrdinalIgnoreCase)
        || request.RequestUri.AbsolutePath.StartsWith("/apis/authorization.k8s.io/", StringComparison.Ordinal)
        || request.RequestUri.Query.TrimStart('?').Split('&').Contains("dryRun=All")
        || (request.Method == HttpMethod.Delete && body.Contains("\"dryRun\":[\"All\"]", StringComparison.Ordinal));

    private static string Show(HttpRequestMessage request) => $"{request.Method} {request.RequestUri}";
}
