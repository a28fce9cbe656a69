using ChaosPS.Errors;
using ChaosPS.Providers.Yaml;
using ChaosPS.Sandbox.Sources;

namespace ChaosPS.Sandbox.Tests.Sources;

public sealed class ManifestFilesTests
{
    private const string ConfigMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

    [Fact]
    public void All_files_below_are_read_in_an_order_in_which_objects_can_be_made()
    {
        using var folder = new TextFolder(
            ("a.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n---\n# nothing\n---\n" + ConfigMap),
            ("deep/er/b.yml", "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}}\n"),
            ("c.json", """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}"""),
            ("readme.md", "no manifest"),
            (".hidden/d.yaml", "kind: ["));

        var (objects, warnings) = Read(folder);

        Assert.Equal(
            ["Namespace shop", "ConfigMap a", "Service web", "Deployment web"],
            objects.Select(item => $"{item["kind"]} {item["metadata"]!["name"]}"));
        Assert.Equal("default", (string?)objects[1]["metadata"]!["namespace"]);
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_kind_that_nobody_knows_is_kept_and_said_once()
    {
        using var folder = new TextFolder(
            ("a.yaml", "apiVersion: example.org/v1\nkind: Robot\nmetadata: {name: one}\nspec: {arms: 2}\n---\napiVersion: example.org/v1\nkind: Robot\nmetadata: {name: two}\n"));

        var (objects, warnings) = Read(folder);

        Assert.Equal(2, (int)objects[0]["spec"]!["arms"]!);
        Assert.Equal("a.yaml(1,1): the sandbox keeps example.org/v1 Robot as it is written; nothing in it acts on that kind.", Assert.Single(warnings));
    }

    [Fact]
    public void A_status_is_the_clusters_to_write_except_that_of_a_node()
    {
        using var folder = new TextFolder(
            ("a.yaml", "apiVersion: v1\nkind: Node\nmetadata: {name: n}\nstatus: {allocatable: {cpu: 2}}\n---\n" + ConfigMap + "status: {x: 1}\n"));

        var (objects, _) = Read(folder);

        Assert.Equal(2, (int)objects[0]["status"]!["allocatable"]!["cpu"]!);
        Assert.False(objects[1].ContainsKey("status"));
    }

    [Theory]
    [InlineData("a.yaml", "kind: [\n", "DocumentInvalid", "a.yaml(2,1)")]
    [InlineData("a.json", "{\"kind\":}", "DocumentInvalid", "a.json(1,9)")]
    [InlineData("sub/a.yaml", "kind: ConfigMap\nmetadata: {name: a}\n", "ManifestInvalid", "sub/a.yaml(1,1): this object has no apiVersion")]
    [InlineData("a.yaml", "apiVersion: v1\nkind: ConfigMap\n", "ManifestInvalid", "a.yaml(1,1): this ConfigMap has no metadata")]
    [InlineData("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 7}\n", "ManifestInvalid", "a.yaml(3,18): name must be a text")]
    [InlineData("a.yaml", "- 1\n", "ManifestInvalid", "a.yaml(1,1): this is no Kubernetes object")]
    [InlineData("a.yaml", "# nothing\n", "ManifestsMissing", "has no Kubernetes object in it")]
    [InlineData("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n", "ManifestsNotRendered", "'a.yaml' is a source of a template")]
    [InlineData("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"{{ .Release.Name }}\"}\n", "ManifestsNotRendered", "'a.yaml' is a source of a template")]
    [InlineData("x/Chart.yaml", "name: chart\n", "ManifestsNotRendered", "is a source of Helm")]
    [InlineData("kustomization.yaml", "resources: []\n", "ManifestsNotRendered", "is a source of Kustomize")]
    public void What_is_no_manifest_is_refused_with_its_place(string name, string text, string id, string message)
    {
        using var folder = new TextFolder((name, text));

        var error = Assert.Throws<ChaosException>(() => Read(folder));

        Assert.Equal(id, error.ErrorId);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.RecommendedAction);
    }

    [Fact]
    public void An_object_that_is_described_twice_is_refused_with_both_places()
    {
        using var folder = new TextFolder(("a.yaml", ConfigMap), ("b.yaml", "\n" + ConfigMap));

        var error = Assert.Throws<ChaosException>(() => Read(folder));

        Assert.Equal("ManifestDuplicate", error.ErrorId);
        Assert.Equal("ConfigMap default/a is described twice: a.yaml(1,1) and b.yaml(2,1).", error.Message);
    }

    [Fact]
    public void Braces_inside_of_texts_are_no_template()
    {
        using var folder = new TextFolder(("a.yaml", ConfigMap + "data:\n  rule: |\n    {{ $labels.instance }} is down\n"));

        Assert.Single(Read(folder).Objects);
    }

    private static ManifestFiles.Result Read(TextFolder folder) => ManifestFiles.Read(folder.Path, new YamlDocumentReader());
}
