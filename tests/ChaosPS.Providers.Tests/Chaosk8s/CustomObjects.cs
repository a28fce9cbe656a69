using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ChaosPS.Providers.Tests.Chaosk8s;

/// <summary>
/// An API server that knows kinds which the sandbox does not: Chaos Mesh's faults and things of a group of the test's. It stores what is written,
/// and passes everything else on. Nothing carries a fault out.
/// </summary>
internal sealed class CustomObjects(HttpMessageHandler sandbox) : DelegatingHandler(sandbox)
{
    private static readonly Dictionary<string, (string Kind, bool Namespaced)> s_kinds = new()
    {
        ["networkchaos"] = ("NetworkChaos", true),
        ["stresschaos"] = ("StressChaos", true),
        ["things"] = ("Thing", true),
        ["globals"] = ("Global", false),
    };

    private int _version;

    /// <summary>What is there, by its path.</summary>
    public SortedDictionary<string, JsonObject> Items { get; } = new(StringComparer.Ordinal);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var segments = request.RequestUri!.AbsolutePath.Trim('/').Split('/');
        if (segments is not ["apis", "chaos-mesh.org" or "g.io", ..]) return await base.SendAsync(request, cancellationToken);
        var body = request.Content is null ? null : JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken));
        var dryRun = request.RequestUri.Query.Contains("dryRun=All", StringComparison.Ordinal);
        if (segments is ["apis", _, _]) return Answer(200, Discovery(segments[1], segments[2]));
        var path = string.Join('/', segments);
        var plural = segments[3] == "namespaces" ? segments[5] : segments[3];
        if (!s_kinds.TryGetValue(plural, out var kind) || kind.Namespaced != (segments[3] == "namespaces")) return Status(404, "the server could not find the requested resource");
        if (segments[^1] == plural)
        {
            return request.Method == HttpMethod.Post
                ? Post($"{path}/{body!["metadata"]!["name"]}", (JsonObject)body, dryRun)
                : Answer(200, List(path, kind.Kind, $"{segments[1]}/{segments[2]}"));
        }

        if (!Items.TryGetValue(path, out var item)) return Status(404, $"{plural} \"{segments[^1]}\" not found");
        return request.Method.Method switch
        {
            "GET" => Answer(200, item.DeepClone()),
            "PUT" => Put(path, item, (JsonObject)body!, dryRun),
            "PATCH" => Put(path, item, Patch(item, body!, request.Content!.Headers.ContentType!.MediaType!), dryRun),
            _ => Delete(path, dryRun || body?["dryRun"] is not null),
        };
    }

    private HttpResponseMessage Post(string path, JsonObject body, bool dryRun)
    {
        if (Items.ContainsKey(path)) return Status(409, $"\"{path.Split('/')[^1]}\" already exists");
        body["metadata"]!["uid"] = new Guid(path.Length, 0, 0, new byte[8]).ToString();
        return Put(path, null, body, dryRun, 201);
    }

    private HttpResponseMessage Put(string path, JsonObject? old, JsonObject item, bool dryRun, int status = 200)
    {
        if (old is not null && item["metadata"]!["resourceVersion"] is { } version && !JsonNode.DeepEquals(version, old["metadata"]!["resourceVersion"])) return Status(409, "changed");
        var written = (JsonObject)item.DeepClone();
        written["metadata"]!["uid"] = (written["metadata"]!["uid"] ?? old!["metadata"]!["uid"])!.DeepClone();
        if (!dryRun)
        {
            written["metadata"]!["resourceVersion"] = $"{++_version}";
            Items[path] = written;
        }

        return Answer(status, written.DeepClone());
    }

    private HttpResponseMessage Delete(string path, bool dryRun)
    {
        if (!dryRun) Items.Remove(path);
        return Answer(200, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Success" });
    }

    /// <summary>Merge patches of the top level of spec, and JSON patches that add or replace.</summary>
    private static JsonObject Patch(JsonObject item, JsonNode patch, string type)
    {
        var changed = (JsonObject)item.DeepClone();
        Assert.NotEqual("application/strategic-merge-patch+json", type); // the API refuses it for custom resources
        if (patch is JsonArray operations)
        {
            foreach (var operation in operations) At(changed, (string)operation!["path"]!, operation["value"]);
            return changed;
        }

        foreach (var (name, value) in patch["spec"]?.AsObject() ?? [])
        {
            if (value is null) changed["spec"]!.AsObject().Remove(name);
            else changed["spec"]![name] = value.DeepClone();
        }

        return changed;
    }

    private static void At(JsonObject item, string path, JsonNode? value)
    {
        var steps = path.Trim('/').Split('/');
        steps[..^1].Aggregate((JsonNode)item, static (node, step) => node[step]!)[steps[^1]] = value?.DeepClone();
    }

    private JsonObject List(string path, string kind, string apiVersion) => new()
    {
        ["kind"] = $"{kind}List",
        ["apiVersion"] = apiVersion,
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. Items.Where(item => item.Key.StartsWith($"{path}/", StringComparison.Ordinal)).Select(static item => item.Value.DeepClone())]),
    };

    private static JsonObject Discovery(string group, string version) => new()
    {
        ["kind"] = "APIResourceList",
        ["groupVersion"] = $"{group}/{version}",
        ["resources"] = new JsonArray([.. s_kinds.Select(static kind => new JsonObject
        {
            ["name"] = kind.Key,
            ["kind"] = kind.Value.Kind,
            ["namespaced"] = kind.Value.Namespaced,
        })]),
    };

    private static HttpResponseMessage Status(int code, string message) =>
        Answer(code, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Failure", ["message"] = message, ["code"] = code });

    private static HttpResponseMessage Answer(int code, JsonNode body) =>
        new((HttpStatusCode)code) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}
