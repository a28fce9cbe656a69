using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Clusters.Schema;
using ChaosPS.Sandbox.Kubernetes;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

/// <summary>The schema of the API: what OpenAPI tells of it, and what it says of objects.</summary>
public sealed class OpenApiTests : IDisposable
{
    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public void Every_kind_that_is_served_has_a_schema_but_the_one_that_brings_schemas() =>
        Assert.All(ResourceTypes.All.Where(type => type != ResourceTypes.CustomResourceDefinition), type => Assert.NotNull(ApiSchema.Find(type.ApiVersion, type.Kind)));

    [Theory]
    [InlineData("pod")]
    [InlineData("node")]
    [InlineData("deployment")]
    [InlineData("replicaset")]
    [InlineData("endpointslice")]
    [InlineData("lease")]
    public void The_schema_has_every_field_of_a_recorded_object(string name)
    {
        var json = Recorded.Read(name);
        var (apiVersion, kind) = name switch
        {
            "pod" => ("v1", "Pod"),
            "node" => ("v1", "Node"),
            "deployment" => ("apps/v1", "Deployment"),
            "replicaset" => ("apps/v1", "ReplicaSet"),
            "endpointslice" => ("discovery.k8s.io/v1", "EndpointSlice"),
            _ => ("coordination.k8s.io/v1", "Lease"),
        };

        Assert.Empty(Unknown(json, ApiSchema.Find(apiVersion, kind)!));
    }

    [Fact]
    public async Task Every_document_of_the_index_is_there_and_complete()
    {
        var index = (await _client.Kubernetes("GET", "/openapi/v3")).Json["paths"]!.AsObject();
        Assert.Contains("apis/apps/v1", index.Select(entry => entry.Key));
        foreach (var (_, entry) in index)
        {
            var document = (await _client.Kubernetes("GET", (string)entry!["serverRelativeURL"]!)).Json;
            var schemas = document["components"]!["schemas"]!.AsObject();
            Assert.All(References(document), reference => Assert.True(schemas.ContainsKey(reference), reference));
        }
    }

    [Fact]
    public async Task A_document_says_what_kubectl_looks_for()
    {
        var document = (await _client.Kubernetes("GET", "/openapi/v3/apis/apps/v1")).Json;

        var patch = document["paths"]!["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]!["patch"]!;
        Assert.Equal("""{"group":"apps","kind":"Deployment","version":"v1"}""", patch["x-kubernetes-group-version-kind"]!.ToJsonString());
        Assert.Superset(new HashSet<string> { "dryRun", "fieldValidation" }, patch["parameters"]!.AsArray().Select(parameter => (string)parameter!["name"]!).ToHashSet());
        Assert.Contains("application/strategic-merge-patch+json", patch["requestBody"]!["content"]!.AsObject().Select(type => type.Key));
        var spec = document["components"]!["schemas"]!["io.k8s.api.core.v1.PodSpec"]!;
        Assert.Equal("name", (string?)spec["properties"]!["containers"]!["x-kubernetes-patch-merge-key"]);
        Assert.Equal("merge,retainKeys", (string?)spec["properties"]!["volumes"]!["x-kubernetes-patch-strategy"]);
        Assert.Contains("containers", spec["required"]!.AsArray().Select(name => (string)name!));
    }

    [Theory]
    [InlineData("/openapi/v3/apis/none/v1")]
    [InlineData("/openapi/v2")]
    public async Task A_document_that_is_not_there_is_not_found(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await _client.Kubernetes("GET", path)).Status);

    [Fact]
    public async Task A_misspelt_field_is_refused_when_the_client_wants_no_unknown_ones()
    {
        var answer = await Patch("""{"spec":{"replica":3,"template":{"spec":{"containers":[{"name":"contactsapi","imagePullpolicy":"Always"}]}}}}""", "Strict");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.EndsWith(
            "strict decoding error: unknown field \"spec.replica\", unknown field \"spec.template.spec.containers[0].imagePullpolicy\"",
            (string?)answer.Json["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Warn", true)]
    [InlineData("", true)]
    [InlineData("Ignore", false)]
    public async Task A_misspelt_field_is_left_out_otherwise_and_the_client_is_warned_if_it_wants_to_be(string mode, bool isWarned)
    {
        var answer = await Patch("""{"metadata":{"labels":{"any":"thing"}},"spec":{"replica":3}}""", mode);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Null(answer.Json["spec"]!["replica"]);
        Assert.Equal("thing", (string?)answer.Json["metadata"]!["labels"]!["any"]);
        Assert.Equal(isWarned ? """299 - "unknown field \"spec.replica\"" """.Trim() : null, answer.Headers.GetValueOrDefault("Warning"));
    }

    [Theory]
    [InlineData("""{"replica":3}""", ".spec.replica: field not declared in schema")]
    [InlineData(
        """{"replica":3,"template":{"spec":{"containers":[{"name":"c","imag":"x"}]}}}""",
        "errors:\n  .spec.replica: field not declared in schema\n  .spec.template.spec.containers[name=\"c\"].imag: field not declared in schema")]
    public async Task Server_side_apply_refuses_misspelt_fields_whatever_the_client_says(string spec, string why)
    {
        var answer = await _client.Kubernetes(
            "PATCH", "/apis/apps/v1/namespaces/contactsapp/deployments/ca-deploy?fieldManager=me&fieldValidation=Ignore",
            $$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"ca-deploy","namespace":"contactsapp"},"spec":{{spec}} }""", "application/apply-patch+yaml");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Equal($"failed to create typed patch object (contactsapp/ca-deploy; apps/v1, Kind=Deployment): {why}", (string?)answer.Json["message"]);
    }

    [Fact]
    public async Task A_mode_of_validation_that_is_not_there_is_refused() =>
        Assert.Equal(HttpStatusCode.BadRequest, (await Patch("{}", "Sometimes")).Status);

    [Fact]
    public async Task What_only_a_patch_has_is_no_unknown_field()
    {
        var answer = await Patch("""{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"contactsapi"}],"containers":[{"name":"contactsapi","env":[{"name":"A","$patch":"delete"}]}]}}}}""", "Strict");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    private Task<SandboxClient.Answer> Patch(string patch, string mode) => _client.Kubernetes(
        "PATCH", $"/apis/apps/v1/namespaces/contactsapp/deployments/ca-deploy?fieldValidation={mode}", patch, "application/strategic-merge-patch+json");

    private static IEnumerable<string> Unknown(JsonObject json, ApiType type, string path = "") => json
        .Where(member => member.Key is not ("kind" or "apiVersion"))
        .SelectMany(member => !type.ByName.TryGetValue(member.Key, out var field) ? [path + member.Key]
            : field.Type is not { } inner ? []
            : (member.Value as JsonArray ?? [member.Value?.DeepClone()]).OfType<JsonObject>().SelectMany(item => Unknown(item, inner, $"{path}{member.Key}.")));

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(member => member.Key == "$ref" ? [((string)member.Value!)["#/components/schemas/".Length..]] : References(member.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };
}
