using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Providers.Yaml;
using ChaosPS.Sandbox.Kubernetes;
using ChaosPS.Sandbox.Tests.Sources;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

/// <summary>Kinds that a CustomResourceDefinition adds: served as it says as long as it is there.</summary>
public sealed class CustomResourceTests : IDisposable
{
    private const string Definitions = "apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string Widgets = "apis/shop.example/v1/namespaces/default/widgets";
    private const string Merge = "application/merge-patch+json";
    private const string Apply = "application/apply-patch+yaml";
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_definition_is_established_and_its_names_are_filled_in()
    {
        await DefineAsync();

        var definition = (await _client.Kubernetes("GET", $"{Definitions}/widgets.shop.example")).Json;
        Assert.Equal(
            ["NamesAccepted=True", "Established=True"], definition["status"]!["conditions"]!.AsArray().Select(condition => $"{condition!["type"]}={condition["status"]}"));
        Assert.Equal(("widget", "WidgetList"), ((string?)definition["spec"]!["names"]!["singular"], (string?)definition["spec"]!["names"]!["listKind"]));
        Assert.Equal(definition["spec"]!["names"]!.ToJsonString(), definition["status"]!["acceptedNames"]!.ToJsonString());
    }

    [Fact]
    public async Task Discovery_tells_of_the_kind_in_every_form()
    {
        await DefineAsync();

        var groups = (await _client.Kubernetes("GET", "apis")).Json["groups"]!.AsArray();
        Assert.Equal("shop.example", (string?)groups[^1]!["name"]);
        Assert.Equal(["v1", "v1beta1"], groups[^1]!["versions"]!.AsArray().Select(version => (string?)version!["version"]));
        Assert.Equal("v1", (string?)(await _client.Kubernetes("GET", "apis/shop.example")).Json["preferredVersion"]!["version"]);

        var resources = (await _client.Kubernetes("GET", "apis/shop.example/v1")).Json["resources"]!.AsArray();
        Assert.Equal(["widgets", "widgets/status"], resources.Select(resource => (string?)resource!["name"]));
        Assert.Equal(("widget", "Widget", """["wg"]"""), ((string?)resources[0]!["singularName"], (string?)resources[0]!["kind"], resources[0]!["shortNames"]!.ToJsonString()));

        var discovered = (await _client.Kubernetes("GET", "apis", accept: Aggregated)).Items[^1]!;
        Assert.Equal("shop.example", (string?)discovered["metadata"]!["name"]);
        Assert.Equal("Namespaced", (string?)discovered["versions"]![0]!["resources"]![0]!["scope"]);
        Assert.Contains("apis/shop.example/v1", (await _client.Kubernetes("GET", "openapi/v3")).Json["paths"]!.AsObject().Select(path => path.Key));
        Assert.Equal("integer", (string?)(await _client.Kubernetes("GET", "openapi/v3/apis/shop.example/v1")).Json
            ["components"]!["schemas"]!["example.shop.v1.Widget"]!["properties"]!["spec"]!["properties"]!["size"]!["type"]);
    }

    [Fact]
    public async Task An_object_lives_through_all_that_is_done_to_objects()
    {
        await DefineAsync();
        var version = (string?)(await _client.Kubernetes("GET", Widgets)).Json["metadata"]!["resourceVersion"];
        using var watch = await Watching.Begin(_client, $"{Widgets}?watch=1&resourceVersion={version}");

        var created = await _client.Kubernetes("POST", Widgets, Widget("a", """{"size":1,"colour":"red"}"""));
        Assert.Equal((HttpStatusCode.Created, 1), (created.Status, (int)created.Json["metadata"]!["generation"]!));
        var merged = await _client.Kubernetes("PATCH", $"{Widgets}/a", """{"spec":{"colour":null,"size":2}}""", Merge);
        Assert.Equal(("""{"size":2}""", 2), (merged.Json["spec"]!.ToJsonString(), (int)merged.Json["metadata"]!["generation"]!));
        await _client.Kubernetes("PATCH", $"{Widgets}/a", """[{"op":"add","path":"/spec/tags","value":["x"]}]""", "application/json-patch+json");
        var read = (await _client.Kubernetes("GET", $"{Widgets}/a")).Json;
        Assert.Equal("""{"size":2,"tags":["x"]}""", read["spec"]!.ToJsonString());
        read["spec"] = new JsonObject { ["size"] = 9 };
        Assert.Equal(HttpStatusCode.OK, (await _client.Kubernetes("PUT", $"{Widgets}/a", read.ToJsonString())).Status);
        Assert.Equal("WidgetList", (string?)(await _client.Kubernetes("GET", Widgets)).Json["kind"]);
        Assert.Single((await _client.Kubernetes("GET", "apis/shop.example/v1/widgets")).Items);
        Assert.Equal("Success", (string?)(await _client.Kubernetes("DELETE", $"{Widgets}/a")).Json["status"]);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.Kubernetes("GET", $"{Widgets}/a")).Status);

        Assert.Equal(["ADDED a", "MODIFIED a", "MODIFIED a", "MODIFIED a", "DELETED a"], await watch.Next(5));
    }

    [Fact]
    public async Task The_status_is_written_by_its_own_path_and_only_there()
    {
        await DefineAsync();
        await _client.Kubernetes("POST", Widgets, Widget("a", """{"size":1},"status":{"phase":"Mine"}"""));
        Assert.Null((await _client.Kubernetes("GET", $"{Widgets}/a")).Json["status"]);

        var changed = (await _client.Kubernetes("PATCH", $"{Widgets}/a/status", """{"spec":{"size":5},"status":{"phase":"Ready"}}""", Merge)).Json;

        Assert.Equal(("Ready", 1, 1), ((string?)changed["status"]!["phase"], (int)changed["spec"]!["size"]!, (int)changed["metadata"]!["generation"]!));
    }

    [Fact]
    public async Task An_object_is_the_same_in_every_version()
    {
        await DefineAsync();
        await _client.Kubernetes("POST", "apis/shop.example/v1beta1/namespaces/default/widgets", Widget("a", """{"size":1}""", "v1beta1"));
        using var watch = await Watching.Begin(_client, "apis/shop.example/v1/namespaces/default/widgets?watch=1");

        Assert.Equal("shop.example/v1", (string?)(await _client.Kubernetes("GET", $"{Widgets}/a")).Json["apiVersion"]);
        Assert.Equal("shop.example/v1", (string?)(await watch.Next())!["object"]!["apiVersion"]);
        await _client.Kubernetes("PATCH", "apis/shop.example/v1beta1/namespaces/default/widgets/a", """{"spec":{"size":2}}""", Merge);
        Assert.Equal("shop.example/v1", (string?)(await watch.Next())!["object"]!["apiVersion"]);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.Kubernetes("GET", "apis/shop.example/v0/namespaces/default/widgets")).Status);
    }

    [Fact]
    public async Task Appliers_own_the_fields_that_they_name()
    {
        await DefineAsync();
        async Task<SandboxClient.Answer> As(string manager, string spec) => await _client.Kubernetes("PATCH", $"{Widgets}/a?fieldManager={manager}", Widget("a", spec), Apply);

        await As("one", """{"size":1,"tags":["x"]}""");
        Assert.Equal("""{"size":1,"tags":["x"],"colour":"red"}""", (await As("two", """{"colour":"red"}""")).Json["spec"]!.ToJsonString());
        Assert.Equal(HttpStatusCode.Conflict, (await As("two", """{"size":2}""")).Status);
        Assert.Equal("""{"size":1,"colour":"red"}""", (await As("one", """{"size":1}""")).Json["spec"]!.ToJsonString());
    }

    [Fact]
    public async Task A_table_has_names_and_ages()
    {
        await DefineAsync();
        await _client.Kubernetes("POST", Widgets, Widget("a", "{}"));
        _client.Clock.Advance(TimeSpan.FromMinutes(3));

        var table = (await _client.Kubernetes("GET", Widgets, accept: Table)).Json;

        Assert.Equal(["Name", "Age"], table["columnDefinitions"]!.AsArray().Select(column => (string?)column!["name"]));
        Assert.Equal("""["a","3m"]""", table["rows"]![0]!["cells"]!.ToJsonString());
    }

    [Fact]
    public async Task A_kind_may_be_called_as_one_of_Kubernetes_own()
    {
        Assert.Equal(HttpStatusCode.Created, (await _client.Kubernetes("POST", Definitions, Definition("Service", "services", "serving.example"))).Status);
        const string Services = "apis/serving.example/v1/namespaces/default/services";

        await _client.Kubernetes("POST", Services, """{"apiVersion":"serving.example/v1","kind":"Service","metadata":{"name":"1-any"},"spec":{"type":"Other"}}""");

        Assert.Equal("""{"type":"Other"}""", (await _client.Kubernetes("GET", $"{Services}/1-any")).Json["spec"]!.ToJsonString());
        Assert.Empty((await _client.Kubernetes("GET", "api/v1/namespaces/default/services")).Items);
        Assert.Equal(["Name", "Age"], (await _client.Kubernetes("GET", Services, accept: Table)).Json["columnDefinitions"]!.AsArray().Select(column => (string?)column!["name"]));
    }

    [Fact]
    public async Task A_deleted_definition_takes_its_objects_along_and_ends_their_watches()
    {
        await DefineAsync();
        await _client.Kubernetes("POST", Widgets, Widget("a", "{}"));
        using var watch = await Watching.Begin(_client, $"{Widgets}?watch=1");
        Assert.Equal(["ADDED a"], await watch.Next(1));

        await _client.Kubernetes("DELETE", $"{Definitions}/widgets.shop.example");

        Assert.Equal(["DELETED a"], await watch.Next(1));
        Assert.Null(await watch.Next());
        Assert.Equal(HttpStatusCode.NotFound, (await _client.Kubernetes("GET", Widgets)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.Kubernetes("GET", "apis/shop.example")).Status);
        await DefineAsync();
        Assert.Empty((await _client.Kubernetes("GET", Widgets)).Items);
    }

    [Fact]
    public async Task A_definition_stays_while_finalizers_hold_an_object_and_takes_no_new_one()
    {
        await DefineAsync();
        await _client.Kubernetes("POST", Widgets, """{"apiVersion":"shop.example/v1","kind":"Widget","metadata":{"name":"a","finalizers":["shop.example/hold"]}}""");

        var terminating = (await _client.Kubernetes("DELETE", $"{Definitions}/widgets.shop.example")).Json;
        Assert.Equal("Terminating", (string?)terminating["status"]!["conditions"]!.AsArray()[^1]!["type"]);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _client.Kubernetes("POST", Widgets, Widget("b", "{}"))).Status);

        await _client.Kubernetes("PATCH", $"{Widgets}/a", """{"metadata":{"finalizers":null}}""", Merge);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.Kubernetes("GET", $"{Definitions}/widgets.shop.example")).Status);
    }

    [Fact]
    public async Task A_namespace_takes_its_custom_objects_along()
    {
        await DefineAsync();
        await _client.Kubernetes("POST", "api/v1/namespaces", """{"metadata":{"name":"lab"}}""");
        await _client.Kubernetes("POST", "apis/shop.example/v1/namespaces/lab/widgets", Widget("a", "{}"));

        await _client.Kubernetes("DELETE", "api/v1/namespaces/lab");

        Assert.Empty((await _client.Kubernetes("GET", "apis/shop.example/v1/widgets")).Items);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.Kubernetes("GET", "api/v1/namespaces/lab")).Status);
    }

    [Fact]
    public async Task A_second_definition_of_a_kind_waits_for_the_first_to_go()
    {
        await DefineAsync();
        await _client.Kubernetes("POST", Definitions, Definition("Widget", "gadgets", "shop.example"));
        async Task<string?> Established() => (string?)(await _client.Kubernetes("GET", $"{Definitions}/gadgets.shop.example")).Json["status"]!["conditions"]![1]!["status"];

        Assert.Equal("False", await Established());
        Assert.Equal(HttpStatusCode.NotFound, (await _client.Kubernetes("GET", "apis/shop.example/v1/gadgets")).Status);
        await _client.Kubernetes("DELETE", $"{Definitions}/widgets.shop.example");
        Assert.Equal("True", await Established());
        Assert.Equal(HttpStatusCode.OK, (await _client.Kubernetes("GET", "apis/shop.example/v1/gadgets")).Status);
    }

    [Theory]
    [InlineData("\"group\":\"shop.example\"", "\"group\":\"shop\"", "spec.group: Invalid value: \"shop\": should be a domain with at least one dot")]
    [InlineData("\"Namespaced\"", "\"Everywhere\"", "spec.scope: Unsupported value: \"Everywhere\"")]
    [InlineData("\"widgets.shop.example\"", "\"other.shop.example\"", "metadata.name: Invalid value: \"other.shop.example\": must be spec.names.plural+\".\"+spec.group")]
    [InlineData("\"storage\":true", "\"storage\":false", "must have exactly one version marked as storage version")]
    [InlineData("\"openAPIV3Schema\"", "\"openAPI\"", "spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required")]
    [InlineData("\"versions\":", "\"others\":", "must have exactly one version marked as storage version")]
    public async Task A_definition_that_breaks_the_rules_is_refused(string right, string wrong, string why)
    {
        var answer = await _client.Kubernetes("POST", Definitions, Definition("Widget", "widgets", "shop.example").Replace(right, wrong, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(why, (string?)answer.Json["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "", """{"kind":"Widget","apiVersion":"shop.example/v2","metadata":{"name":"b"}}""", "application/json", "the API version in the data (shop.example/v2) does not match the expected API version (shop.example/v1)")]
    [InlineData("POST", "", """{"kind":"Other","apiVersion":"shop.example/v1","metadata":{"name":"b"}}""", "application/json", "kind: Invalid value: \"Other\": must be Widget")]
    [InlineData("POST", "", """{"metadata":{"name":"b"}}""", "application/json", "Object 'Kind' is missing in")]
    [InlineData("PUT", "/a", """{"kind":"Widget","apiVersion":"shop.example/v1","metadata":{"name":"a"}}""", "application/json", "metadata.resourceVersion: Invalid value: 0x0: must be specified for an update")]
    [InlineData("PATCH", "/a", """{"spec":{}}""", "application/strategic-merge-patch+json", "415: Unsupported Media Type")]
    public async Task What_a_real_server_refuses_of_custom_resources_is_refused(string method, string path, string body, string type, string why)
    {
        await DefineAsync();
        await _client.Kubernetes("POST", Widgets, Widget("a", "{}"));

        Assert.Contains(why, (string?)(await _client.Kubernetes(method, Widgets + path, body, type)).Json["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_can_gain_a_version_and_keeps_its_kind()
    {
        await DefineAsync();
        await _client.Kubernetes("POST", Widgets, Widget("a", "{}"));
        var definition = (await _client.Kubernetes("GET", $"{Definitions}/widgets.shop.example")).Json;
        var newer = definition["spec"]!["versions"]![0]!.DeepClone().AsObject();
        (newer["name"], newer["storage"]) = ("v2", false);
        definition["spec"]!["versions"]!.AsArray().Add((JsonNode)newer);

        Assert.Equal(HttpStatusCode.OK, (await _client.Kubernetes("PUT", $"{Definitions}/widgets.shop.example", definition.ToJsonString())).Status);
        Assert.Equal("shop.example/v2", (string?)(await _client.Kubernetes("GET", "apis/shop.example/v2/namespaces/default/widgets/a")).Json["apiVersion"]);
        var renamed = await _client.Kubernetes("PATCH", $"{Definitions}/widgets.shop.example", """{"spec":{"scope":"Cluster"}}""", Merge);
        Assert.Contains("spec.scope: Invalid value: \"Cluster\": field is immutable", (string?)renamed.Json["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifests_can_bring_definitions_and_objects_of_their_kinds()
    {
        using var folder = new TextFolder(
            ("a-object.yaml", "apiVersion: shop.example/v1\nkind: Widget\nmetadata: {name: a}\nspec: {size: 3}\n---\napiVersion: serving.example/v1\nkind: Service\nmetadata: {name: web, namespace: default}\nspec: {any: 1}\n"),
            ("definitions.json", $$"""{"apiVersion":"v1","kind":"List","items":[{{Definition("Widget", "widgets", "shop.example")}},{{Definition("Service", "services", "serving.example")}}]}"""),
            ("web.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n"));
        var sandbox = SandboxFactory.Create(folder.Path, new SandboxOptions(), new YamlDocumentReader());
        using var http = new HttpClient(sandbox.Handler, disposeHandler: false);
        async Task<JsonNode> Read(string path) => JsonNode.Parse(await http.GetStringAsync(new Uri(sandbox.KubernetesUri, path)))!;

        var widget = await Read($"{Widgets}/a");
        Assert.Equal((3, "default"), ((int)widget["spec"]!["size"]!, (string?)widget["metadata"]!["namespace"]));
        Assert.Equal("""{"any":1}""", (await Read("apis/serving.example/v1/namespaces/default/services/web"))["spec"]!.ToJsonString());
        Assert.Equal("ClusterIP", (string?)(await Read("api/v1/namespaces/default/services/web"))["spec"]!["type"]);
    }

    [Fact]
    public void Versions_are_preferred_as_Kubernetes_documents_it()
    {
        string[] expected = ["v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v11alpha2", "foo1", "foo10"];

        Assert.Equal(expected, expected.Order(StringComparer.Ordinal).Order(VersionOrder.Instance));
    }

    internal static string Definition(string kind, string plural, string group) => $$$"""
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"{{{plural}}}.{{{group}}}"},
         "spec":{"group":"{{{group}}}","scope":"Namespaced","names":{"kind":"{{{kind}}}","plural":"{{{plural}}}","shortNames":["wg"]},
          "versions":[
           {"name":"v1","served":true,"storage":true,"subresources":{"status":{}},
            "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"size":{"type":"integer"} } } } } }},
           {"name":"v1beta1","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object"} } },
           {"name":"v0","served":false,"storage":false,"schema":{"openAPIV3Schema":{"type":"object"} } }]}}
        """;

    private static string Widget(string name, string spec, string version = "v1") =>
        $$$"""{"apiVersion":"shop.example/{{{version}}}","kind":"Widget","metadata":{"name":"{{{name}}}"},"spec":{{{spec}}} }""";

    private async Task DefineAsync()
    {
        var answer = await _client.Kubernetes("POST", Definitions, Definition("Widget", "widgets", "shop.example"));
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Body);
    }
}
