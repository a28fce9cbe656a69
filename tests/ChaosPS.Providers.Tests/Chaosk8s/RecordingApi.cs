using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ChaosPS.Providers.Tests.Chaosk8s;

/// <summary>An API server with one object of every kind, called web, and one node n1. It remembers what it is asked, as the recorded calls are written.</summary>
/// <param name="isThere">Whether the object is there already.</param>
internal sealed class RecordingApi(bool isThere) : HttpMessageHandler
{
    private bool _podIsGone;

    /// <summary>All calls: method, path, query.</summary>
    public List<(string Method, string Path, string Query, string Type, string Body)> Calls { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var uri = request.RequestUri!;
        Calls.Add((request.Method.Method, uri.AbsolutePath, Uri.UnescapeDataString(uri.Query.TrimStart('?')), request.Content?.Headers.ContentType?.MediaType ?? "", body));
        var segments = uri.AbsolutePath.Trim('/').Split('/');
        var last = segments[^1];
        if (request.Method == HttpMethod.Get)
        {
            if (segments is ["apis", "g.io", "v1"]) return Answer("""{"resources":[{"name":"things","kind":"Thing","namespaced":true}]}""");
            if (last == "log") return Answer("the log");
            if (segments is [.., "namespaces", "kube-system"]) return Answer("""{"metadata":{"name":"kube-system","uid":"u-0"}}""");
            if (segments is [.., "namespaces", "default"]) return Answer("""{"metadata":{"name":"default","uid":"u-1"}}""");
            if (last is "web" or "n1" || last.StartsWith("chaostoolkit-", StringComparison.Ordinal)) return isThere && !(_podIsGone && segments[^2] == "pods") ? Answer(Item(segments).ToJsonString()) : Missing();
            if (last == "exec") return Missing();
            var item = last == "leases" || (last == "pods" && _podIsGone) ? "" : Item([.. segments, last == "nodes" ? "n1" : "web"]).ToJsonString();
            return Answer($$"""{"metadata":{},"items":[{{item}}]}""");
        }

        _podIsGone |= last == "eviction";
        return Answer(request.Method == HttpMethod.Delete || last == "eviction" ? """{"kind":"Status","status":"Success"}""" : Item(segments).ToJsonString());
    }

    private static JsonObject Item(string[] segments) => JsonNode.Parse($$$"""
        {"apiVersion":"v1","kind":"X",
         "metadata":{"name":"{{{(segments.Contains("nodes") ? "n1" : "web")}}}","namespace":"default","uid":"u-2","labels":{"app":"web"},
          "creationTimestamp":"2026-01-01T00:00:00Z","ownerReferences":[{"kind":"ReplicaSet","name":"web-1","controller":true}]},
         "spec":{"replicas":1,"nodeName":"n1","containers":[{"name":"c"}],"selector":{"matchLabels":{"app":"web"} },"template":{"metadata":{"labels":{"app":"web"} },"spec":{"containers":[]} } },
         "status":{"phase":"Running","readyReplicas":1,"availableReplicas":1,"numberReady":1,"desiredNumberScheduled":1,
          "conditions":[{"type":"Ready","status":"True","lastHeartbeatTime":"2026-01-01T00:00:00Z"}],"containerStatuses":[{"name":"c","ready":true}]} }
        """)!.AsObject();

    private static HttpResponseMessage Missing() => new(HttpStatusCode.NotFound) { Content = new StringContent("""{"kind":"Status","message":"not found"}""") };

    private static HttpResponseMessage Answer(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
