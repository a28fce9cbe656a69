using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Providers.Yaml;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

/// <summary>The forms beside plain JSON in which objects come and go.</summary>
public sealed class BodyFormTests : IDisposable
{
    private const string ConfigMaps = "/api/v1/namespaces/contactsapp/configmaps";
    private const string Yaml = """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: colours   # British
          labels: {since: "2026-11-23", on: "true"}
        data:
          sky: blue
          lines: |
            one
            two
        """;

    private readonly ChaosSandbox _sandbox = SandboxFactory.Create("contactsapp", new SandboxOptions(), new YamlDocumentReader());
    private readonly HttpMessageInvoker _http;

    public BodyFormTests() => _http = new HttpMessageInvoker(_sandbox.Handler, disposeHandler: false);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task An_object_can_be_made_and_read_in_yaml()
    {
        var (status, _, _) = await Send("POST", ConfigMaps, Yaml, "application/yaml");
        Assert.Equal(HttpStatusCode.Created, status);

        var (_, type, text) = await Send("GET", $"{ConfigMaps}/colours", accept: "application/yaml");
        Assert.Equal("application/yaml", type);
        Assert.StartsWith("apiVersion: v1\ndata:\n  lines: \"one\\ntwo\"\n  sky: blue\nkind: ConfigMap\nmetadata:\n", text, StringComparison.Ordinal);
        Assert.Contains("    since: \"2026-11-23\"\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_can_be_applied_in_yaml()
    {
        var (status, _, text) = await Send("PATCH", $"{ConfigMaps}/colours?fieldManager=me", Yaml, "application/apply-patch+yaml");

        Assert.Equal((HttpStatusCode.Created, "blue"), (status, (string?)JsonNode.Parse(text)!["data"]!["sky"]));
    }

    [Fact]
    public async Task The_ingress_that_the_sandbox_came_with_can_be_changed()
    {
        const string Ingress = "/apis/networking.k8s.io/v1/namespaces/contactsapp/ingresses/contactsapp";
        var before = JsonNode.Parse((await Send("GET", Ingress)).Text)!;

        var (status, _, text) = await Send("PATCH", Ingress, """{"spec":{"ingressClassName":"other"}}""", "application/merge-patch+json");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((long)before["metadata"]!["generation"]! + 1, (long)JsonNode.Parse(text)!["metadata"]!["generation"]!);
    }

    [Fact]
    public async Task Options_that_say_a_thing_twice_are_refused()
    {
        var (status, _, _) = await Send("DELETE", $"{ConfigMaps}/kube-root-ca.crt", """{"gracePeriodSeconds":1,"gracePeriodSeconds":2}""", "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public async Task Yaml_that_cannot_be_read_is_refused(string yaml)
    {
        var (status, _, text) = await Send("POST", ConfigMaps, yaml, "application/yaml");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("yaml parse error: ", (string?)JsonNode.Parse(text)!["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("curl/8.5.0", "", true)]
    [InlineData("kubectl/v1.32.4", "", false)]
    [InlineData("kubectl/v1.32.4", "?pretty=true", true)]
    [InlineData("curl/8.5.0", "?pretty=0", false)]
    public async Task People_get_json_in_lines(string agent, string query, bool expected)
    {
        var (_, _, found) = await Send("GET", $"/api/v1/namespaces/contactsapp{query}", agent: agent);
        var (_, _, missing) = await Send("GET", $"/api/v1/namespaces/nothing{query}", agent: agent);

        Assert.All(new[] { found, missing }, text => Assert.Equal(expected, text.StartsWith("{\n  \"kind\": ", StringComparison.Ordinal)));
    }

    private async Task<(HttpStatusCode Status, string? Type, string Text)> Send(
        string method, string path, string? body = null, string type = "application/json", string? accept = null, string? agent = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_sandbox.KubernetesUri, path));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        if (agent is not null) request.Headers.TryAddWithoutValidation("User-Agent", agent);
        using var response = await _http.SendAsync(request, CancellationToken.None);
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }
}
