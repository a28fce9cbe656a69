using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

/// <summary>What the API says of itself, against what a real one says.</summary>
public sealed class DiscoveryTests : IDisposable
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/api", "api-aggregated-discovery")]
    [InlineData("/apis", "apis-aggregated-discovery")]
    public async Task Every_resource_is_described_as_recorded_except_for_subresources_that_are_not_served(string path, string recorded)
    {
        var answer = await _client.Kubernetes("GET", path, accept: $"{Aggregated},application/json");

        Assert.Equal("Accept", answer.Headers["Vary"]);
        var expected = Resources(Recorded.Read(recorded));
        var served = Resources(answer.Json);
        Assert.NotEmpty(served);
        foreach (var (name, resource) in served)
        {
            var known = expected[name];
            var parts = (resource["subresources"] as JsonArray ?? []).Select(part => part!.ToJsonString()).ToArray();
            var knownParts = (known["subresources"] as JsonArray ?? []).Select(part => part!.ToJsonString());
            Assert.Subset(knownParts.ToHashSet(), parts.ToHashSet());
            known.Remove("subresources");
            resource.Remove("subresources");
            Assert.Equal(known.ToJsonString(), resource.ToJsonString());
        }
    }

    [Theory]
    [InlineData("/api/v1", "api-v1")]
    [InlineData("/apis/apps/v1", "apis-apps-v1")]
    [InlineData("/apis/policy/v1", "apis-policy-v1")]
    public async Task A_group_is_described_as_recorded(string path, string recorded)
    {
        var expected = Recorded.Read(recorded);
        var served = (await _client.Kubernetes("GET", path)).Json;

        Assert.Equal(expected.Select(member => member.Key), served.Select(member => member.Key));
        Assert.Equal((string?)expected["groupVersion"], (string?)served["groupVersion"]);
        var known = expected["resources"]!.AsArray().ToDictionary(resource => (string)resource!["name"]!, resource =>
        {
            resource!.AsObject().Remove("storageVersionHash");
            return resource.ToJsonString();
        });
        Assert.All(served["resources"]!.AsArray(), resource => Assert.Equal(known[(string)resource!["name"]!], resource.ToJsonString()));
    }

    [Fact]
    public async Task The_core_group_is_described_as_recorded()
    {
        var expected = Recorded.Read("api");
        expected["serverAddressByClientCIDRs"]![0]!["serverAddress"] = _client.Sandbox.KubernetesUri.Authority;

        Assert.Equal(expected.ToJsonString(), (await _client.Kubernetes("GET", "/api")).Json.ToJsonString());
    }

    [Fact]
    public async Task Groups_come_in_the_recorded_order_and_each_can_be_asked_for()
    {
        var expected = Recorded.Read("apis")["groups"]!.AsArray().Select(group => (string)group!["name"]!).ToArray();
        var served = (await _client.Kubernetes("GET", "/apis")).Json["groups"]!.AsArray().Select(group => (string)group!["name"]!).ToArray();

        Assert.Equal(expected.Where(served.Contains), served);
        foreach (var group in served)
        {
            var one = (await _client.Kubernetes("GET", $"/apis/{group}")).Json;
            Assert.Equal("APIGroup", (string?)one["kind"]);
            Assert.Equal(HttpStatusCode.OK, (await _client.Kubernetes("GET", $"/apis/{one["preferredVersion"]!["groupVersion"]}")).Status);
        }
    }

    [Theory]
    [InlineData("/apis/metrics.k8s.io")]
    [InlineData("/apis/metrics.k8s.io/v1beta1")]
    [InlineData("/apis/apps/v2")]
    [InlineData("/api/v2")]
    [InlineData("/healthz/etcd")]
    public async Task What_is_not_there_is_not_found(string path) =>
        Assert.Equal((HttpStatusCode.NotFound, "404 page not found\n"), await StatusAndBody(path));

    [Theory]
    [InlineData("/healthz", "ok")]
    [InlineData("/livez/ping", "ok")]
    [InlineData("/readyz?verbose", "[+]ping ok\n[+]simulation ok\nreadyz check passed\n")]
    public async Task The_health_checks_pass(string path, string body) => Assert.Equal((HttpStatusCode.OK, body), await StatusAndBody(path));

    [Fact]
    public async Task Every_path_that_the_root_names_is_there()
    {
        var paths = (await _client.Kubernetes("GET", "/")).Json["paths"]!.AsArray();

        foreach (var path in paths) Assert.Equal(HttpStatusCode.OK, (await _client.Kubernetes("GET", (string)path!)).Status);
    }

    [Fact]
    public async Task Discovery_can_only_be_read() =>
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _client.Kubernetes("DELETE", "/apis")).Status);

    [Theory]
    [InlineData("""{"verb":"delete","resource":"pods"}""", true)]
    [InlineData("""{"verb":"create","resource":"pods","subresource":"eviction"}""", true)]
    [InlineData("""{"verb":"patch","resource":"deployments","group":"apps","subresource":"scale"}""", true)]
    [InlineData("""{"verb":"*","resource":"*","group":"*"}""", true)]
    [InlineData("""{"verb":"create","resource":"pods","subresource":"exec"}""", true)]
    [InlineData("""{"verb":"create","resource":"pods","subresource":"portforward"}""", false)]
    [InlineData("""{"verb":"get","resource":"pods","group":"metrics.k8s.io"}""", false)]
    [InlineData("""{"verb":"impersonate","resource":"users"}""", false)]
    public async Task The_user_may_do_what_is_served(string attributes, bool expected)
    {
        var answer = await Review("authorization.k8s.io", "selfsubjectaccessreviews", $$$"""{"spec":{"resourceAttributes":{{{attributes}}} }}""");

        Assert.Equal(expected, (bool)answer["status"]!["allowed"]!);
        Assert.Equal(expected, answer["status"]!["reason"] is null);
    }

    [Theory]
    [InlineData("/version", true)]
    [InlineData("/metrics", false)]
    public async Task The_user_may_read_the_paths_that_are_served(string path, bool expected)
    {
        var answer = await Review("authorization.k8s.io", "selfsubjectaccessreviews", $$$"""{"spec":{"nonResourceAttributes":{"path":"{{{path}}}","verb":"get"} }}""");

        Assert.Equal(expected, (bool)answer["status"]!["allowed"]!);
    }

    [Fact]
    public async Task An_access_review_is_answered_as_recorded()
    {
        var recorded = Recorded.Read("selfsubjectaccessreview");
        recorded["metadata"]!.AsObject().Remove("managedFields");
        var answer = await Review("authorization.k8s.io", "selfsubjectaccessreviews", new JsonObject { ["spec"] = recorded["spec"]!.DeepClone() }.ToJsonString());

        Assert.Equal(recorded.ToJsonString(), answer.ToJsonString());
    }

    [Fact]
    public async Task The_rules_name_every_resource()
    {
        var answer = await Review("authorization.k8s.io", "selfsubjectrulesreviews", """{"spec":{"namespace":"default"}}""");

        var named = answer["status"]!["resourceRules"]!.AsArray()
            .SelectMany(rule => rule!["resources"]!.AsArray().Select(resource => ((string)rule["apiGroups"]![0]!, (string)resource!)));
        Assert.Superset(ResourceTypes.All.Select(type => (type.Group, type.Plural)).ToHashSet(), named.ToHashSet());
    }

    [Fact]
    public async Task The_user_has_a_name()
    {
        var answer = await Review("authentication.k8s.io", "selfsubjectreviews", "{}");

        Assert.Equal("sandbox", (string?)answer["status"]!["userInfo"]!["username"]);
    }

    [Theory]
    [InlineData("GET", null, "application/json", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "nonsense", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("POST", "{}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("POST", "{}", "application/vnd.kubernetes.protobuf", HttpStatusCode.BadRequest)]
    [InlineData("POST", "{}", "application/cbor", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_review_that_makes_no_sense_is_refused(string method, string? body, string type, HttpStatusCode expected) =>
        Assert.Equal(expected, (await _client.Kubernetes(method, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body, type)).Status);

    private async Task<JsonObject> Review(string group, string plural, string body)
    {
        var answer = await _client.Kubernetes("POST", $"/apis/{group}/v1/{plural}", body);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Json;
    }

    private async Task<(HttpStatusCode, string)> StatusAndBody(string path)
    {
        var answer = await _client.Kubernetes("GET", path);
        return (answer.Status, answer.Body);
    }

    private static Dictionary<string, JsonObject> Resources(JsonObject document) => document["items"]!.AsArray()
        .SelectMany(group => group!["versions"]!.AsArray().SelectMany(version => version!["resources"]!.AsArray()
            .Select(resource => ($"{group["metadata"]!["name"]}/{version["version"]}/{resource!["resource"]}", resource.AsObject()))))
        .ToDictionary();
}
