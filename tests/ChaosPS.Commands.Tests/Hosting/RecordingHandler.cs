using System.Collections.Concurrent;
using System.Reflection;

namespace ChaosPS.Commands.Tests.Hosting;

/// <summary>Stands before a sandbox and remembers what it is asked.</summary>
internal sealed class RecordingHandler(HttpMessageHandler sandbox) : DelegatingHandler(sandbox)
{
    private readonly ConcurrentQueue<HttpRequestMessage> _requests = new();

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
    public IEnumerable<string> All => _requests.Select(Show);

    /// <summary>Those that change something: all but reads, queries of Resource Graph, which are posted, and dry runs.</summary>
    public IEnumerable<string> Changes => _requests.Where(static request => !Reads(request)).Select(Show);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _requests.Enqueue(request);
        return base.SendAsync(request, cancellationToken);
    }

    private static bool Reads(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get
        || request.RequestUri!.AbsolutePath.Equals("/providers/Microsoft.ResourceGraph/resources", StringComparison.OrdinalIgnoreCase)
        || request.RequestUri.Query.TrimStart('?').Split('&').Contains("dryRun=All");

    private static string Show(HttpRequestMessage request) => $"{request.Method} {request.RequestUri}";
}
