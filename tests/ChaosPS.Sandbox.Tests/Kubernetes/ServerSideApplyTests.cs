using System.Net;
using System.Text.Json.Nodes;
using static ChaosPS.Sandbox.Tests.Kubernetes.KubernetesReadTests;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

public class ServerSideApplyTests
{
    private const string Apply = "application/apply-patch+yaml";
    private const string Merge = "application/merge-patch+json";
    private const string Deployment = "apis/apps/v1/namespaces/default/deployments/api";
    private const string Map = "api/v1/namespaces/default/configmaps/settings";

    private const string Api = """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"api"},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"api"}},
        "template":{"metadata":{"labels":{"app":"api"}},"spec":{"containers":[{"name":"c","image":"demo/api:1"}]}}}}
        """;

    [Fact]
    public async Task What_another_has_scaled_is_a_conflict_as_recorded_until_it_is_forced()
    {
        using var client = new SandboxClient();
        Assert.Equal(HttpStatusCode.Created, (await client.Kubernetes("PATCH", $"{Deployment}?fieldManager=me", Api, Apply)).Status);
        await client.Kubernetes("PATCH", $"{Deployment}/scale?fieldManager=curl", """{"spec":{"replicas":2}}""", Merge);
        AssertStatus(Recorded.Read("apply-ssa"), await client.Kubernetes("PATCH", $"{Deployment}?fieldManager=me", Api, Apply));
        Assert.Equal(2, (int)(await client.Kubernetes("GET", Deployment)).Json["spec"]!["replicas"]!);

        var forced = (await client.Kubernetes("PATCH", $"{Deployment}?fieldManager=me&force=true", Api, Apply)).Json;
        Assert.Equal(3, (int)forced["spec"]!["replicas"]!);
        Assert.Equal(["me"], forced["metadata"]!["managedFields"]!.AsArray().Select(entry => (string)entry!["manager"]!));
    }

    [Fact]
    public async Task Applying_the_same_again_changes_nothing()
    {
        using var client = new SandboxClient();
        var first = (await client.Kubernetes("PATCH", $"{Deployment}?fieldManager=me", Api, Apply)).Json;
        client.Clock.Advance(TimeSpan.FromSeconds(20));
        var before = (await client.Kubernetes("GET", Deployment)).Json;
        var again = await client.Kubernetes("PATCH", $"{Deployment}?fieldManager=me", Api, Apply);
        Assert.Equal((HttpStatusCode.OK, (string)before["metadata"]!["resourceVersion"]!), (again.Status, (string)again.Json["metadata"]!["resourceVersion"]!));
        Assert.Equal((string)first["metadata"]!["uid"]!, (string)again.Json["metadata"]!["uid"]!);
    }

    [Fact]
    public async Task Whoever_applies_nothing_but_a_name_owns_nothing()
    {
        using var client = new SandboxClient();
        const string Namespace = """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}""";

        Assert.Equal(HttpStatusCode.Created, (await client.Kubernetes("PATCH", "api/v1/namespaces/shop?fieldManager=a", Namespace, Apply)).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.Kubernetes("PATCH", "api/v1/namespaces/shop?fieldManager=b", Namespace, Apply)).Status);
    }

    [Fact]
    public async Task Each_has_his_fields_and_what_nobody_wants_any_more_goes()
    {
        using var client = new SandboxClient();
        await Applied(client, "a", """{"x":"1","y":"1"}""");
        await Applied(client, "b", """{"y":"1","z":"1"}""");
        await client.Kubernetes("PATCH", $"{Map}?fieldManager=c", """{"data":{"w":"1"}}""", Merge);
        Assert.Equal("""{"w":"1","x":"1","y":"1","z":"1"}""", await Data(client));

        await Applied(client, "a", "{}");
        Assert.Equal("""{"w":"1","y":"1","z":"1"}""", await Data(client));
        await Applied(client, "b", """{"z":"2"}""");
        Assert.Equal("""{"w":"1","z":"2"}""", await Data(client));
    }

    [Fact]
    public async Task Items_of_a_list_belong_to_who_wrote_them()
    {
        using var client = new SandboxClient();
        await client.Kubernetes("PATCH", $"{Deployment}?fieldManager=me", Api, Apply);
        const string Sidecar = """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"api"},"spec":{"template":{"spec":{"containers":[{"name":"side","image":"demo/side:1"}]}}}}
            """;
        var both = (await client.Kubernetes("PATCH", $"{Deployment}?fieldManager=injector", Sidecar, Apply)).Json;
        Assert.Equal(["c", "side"], Containers(both));
        var one = (await client.Kubernetes("PATCH", $"{Deployment}?fieldManager=injector", """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"api"}}""", Apply)).Json;
        Assert.Equal(["c"], Containers(one));

        var conflict = await client.Kubernetes(
            "PATCH", $"{Deployment}?fieldManager=other", Sidecar.Replace("\"side\"", "\"c\"", StringComparison.Ordinal), Apply);
        Assert.Equal("Apply failed with 1 conflict: conflict with \"me\": .spec.template.spec.containers[name=\"c\"].image", (string)conflict.Json["message"]!);
    }

    [Fact]
    public async Task What_belongs_to_whom_is_written_as_recorded()
    {
        using var client = new SandboxClient();
        await client.Kubernetes("PATCH", $"{Deployment}?fieldManager=me", Api.Replace("\"image\":", "\"ports\":[{\"containerPort\":80}],\"image\":", StringComparison.Ordinal), Apply);
        var entry = (await client.Kubernetes("GET", Deployment)).Json["metadata"]!["managedFields"]![0]!;
        Assert.Equal(("me", "Apply", "apps/v1", "FieldsV1"), ((string)entry["manager"]!, (string)entry["operation"]!, (string)entry["apiVersion"]!, (string)entry["fieldsType"]!));
        const string Fields = """
            {"f:spec":{"f:replicas":{},"f:selector":{},"f:template":{"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:containers":
            {"k:{\"name\":\"c\"}":{".":{},"f:image":{},"f:name":{},"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}}}}}}}
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Fields), entry["fieldsV1"]), entry.ToJsonString());
    }

    [Fact]
    public async Task Who_applies_must_say_who_he_is()
    {
        using var client = new SandboxClient();
        var answer = await client.Kubernetes("PATCH", Deployment, Api, Apply);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("fieldManager: Required value: is required for apply patch", (string)answer.Json["message"]!, StringComparison.Ordinal);
    }

    private static string[] Containers(JsonObject deployment) =>
        [.. deployment["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Select(container => (string)container!["name"]!)];

    private static async Task Applied(SandboxClient client, string manager, string data)
    {
        var answer = await client.Kubernetes(
            "PATCH", $"{Map}?fieldManager={manager}", $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings"},"data":{{data}}}""", Apply);
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, answer.Body);
    }

    private static async Task<string> Data(SandboxClient client) =>
        new JsonObject((await client.Kubernetes("GET", Map)).Json["data"]!.AsObject().OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone()))).ToJsonString();
}
