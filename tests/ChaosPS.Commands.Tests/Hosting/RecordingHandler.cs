using System.Collections.Concurrent;

namespace ChaosPS.Commands.Tests.Hosting;

/// <summary>Stands before a sandbox and remembers what it is asked.</summary>
internal sealed class RecordingHandler(HttpMessageHandler sandbox) : DelegatingHandler(sandbox)
{
    private readonly ConcurrentQueue<HttpRequestMessage> _requests = new();

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
