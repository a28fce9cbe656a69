using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ChaosPS.Tests;

/// <summary>Stands before an API server as its access control, and lets nothing through but what it is told to.</summary>
/// <param name="api">The API server.</param>
/// <param name="host">Its host; others are no business of the access control. Null for all.</param>
internal sealed class AccessControl(HttpMessageHandler api, string? host = null) : DelegatingHandler(api)
{
    private readonly ConcurrentDictionary<string, byte> _asked = new();

    /// <summary>What is allowed, as <c>patch apps deployments/scale</c>; null for everything.</summary>
    public IReadOnlySet<string>? Allowed { get; set; }

    /// <summary>Whether it says what is allowed; where it does not, nobody may ask.</summary>
    public bool Tells { get; set; } = true;

    /// <summary>What was asked for.</summary>
    public IEnumerable<string> Asked => _asked.Keys;

    /// <summary>What it was asked about, with its namespace.</summary>
    public ConcurrentQueue<string> Reviewed { get; } = [];

    /// <summary>Forgets what was asked for, except one right.</summary>
    public void ForgetAllBut(string right)
    {
        foreach (var asked in _asked.Keys.Where(asked => asked != right)) _asked.TryRemove(asked, out _);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if ((host is not null && request.RequestUri!.Host != host) || Right(request) is not { } right) return await base.SendAsync(request, cancellationToken);
        if (right == "create authorization.k8s.io selfsubjectaccessreviews") return Tells ? await ReviewAsync(request, cancellationToken) : Refusal(right);
        if (right.EndsWith("reviews", StringComparison.Ordinal)) return await base.SendAsync(request, cancellationToken); // everybody may ask about themselves
        _asked.TryAdd(right, 0);
        return Allowed?.Contains(right) == false ? Refusal(right) : await base.SendAsync(request, cancellationToken);
    }

    /// <summary>The right that a request needs; null for one about no resource, which everybody may send.</summary>
    private static string? Right(HttpRequestMessage request)
    {
        var parts = request.RequestUri!.AbsolutePath.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray();
        var rest = parts switch
        {
            ["api", _, .. var core] => core,
            ["apis", _, _, .. var others] => others,
            _ => [],
        };
        if (rest.Length == 0) return null;
        var group = parts[0] == "api" ? "" : parts[1];
        if (rest is ["namespaces", _, _, ..]) rest = rest[2..];
        var verb = request.Method.Method switch
        {
            "GET" => rest.Length > 1 ? "get" : request.RequestUri.Query.Contains("watch=", StringComparison.Ordinal) ? "watch" : "list",
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            _ => rest.Length > 1 ? "delete" : "deletecollection",
        };
        return $"{verb} {group} {rest[0]}{(rest.Length > 2 ? $"/{rest[2]}" : "")}";
    }

    private async Task<HttpResponseMessage> ReviewAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var review = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        var wanted = review["spec"]!["resourceAttributes"]!;
        var part = (string?)wanted["subresource"];
        var right = $"{wanted["verb"]} {wanted["group"]} {wanted["resource"]}{(part is null ? "" : $"/{part}")}";
        Reviewed.Enqueue($"{right} {(string?)wanted["namespace"] ?? "*"}");
        review["status"] = new JsonObject { ["allowed"] = Allowed?.Contains(right) != false };
        return Answer(HttpStatusCode.Created, review);
    }

    private static HttpResponseMessage Refusal(string right)
    {
        var parts = right.Split(' ');
        return Answer(HttpStatusCode.Forbidden, new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["status"] = "Failure",
            ["reason"] = "Forbidden",
            ["code"] = 403,
            ["message"] = $"{parts[2]} is forbidden: User \"amelie\" cannot {parts[0]} resource \"{parts[2]}\" in API group \"{parts[1]}\" at the cluster scope",
        });
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, JsonNode body) =>
        new(status) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}
