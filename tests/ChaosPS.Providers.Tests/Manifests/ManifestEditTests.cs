using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Resilience;

namespace ChaosPS.Providers.Tests.Manifests;

/// <summary>Changes of manifests, by the lines that they change.</summary>
public sealed class ManifestEditTests : IDisposable
{
    private const string Plain = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: search
        spec:
          # how many
          replicas: 1   # one
          selector: {matchLabels: {app: search}}
          template:
            metadata: {labels: {app: search}}
            spec:
              containers:
              - name: search
                image: "demo/search:2"

        """;

    private readonly ManifestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static WorkloadOverlay Two(WorkloadOverlay overlay) => overlay with { Replicas = 2 };

    private static WorkloadOverlay Apart(WorkloadOverlay overlay) => overlay with
    {
        Affinity = Affinity.None with { RequiredAntiPods = [new PodAffinityTerm(LabelSelector.FromLabels([new("app", "search")]), "kubernetes.io/hostname", [])] },
    };

    private static DisruptionBudget Budget { get; } = new()
    {
        Name = "search",
        Namespace = "default",
        Cluster = new ClusterIdentity("x", "", "x"),
        Selector = LabelSelector.FromLabels([new("app", "search")]),
        MaxUnavailable = "1",
    };

    private string[] Changed(Func<WorkloadOverlay, WorkloadOverlay> change, DisruptionBudget? budget = null) =>
        [.. _folder.Plan("search", change, budget: budget).Diff.Skip(2).Where(static line => line[0] is '+' or '-')];

    [Fact]
    public void A_number_is_replaced_where_it_stands()
    {
        _folder.Add("search.yaml", Plain);

        Assert.Equal(["-  replicas: 1   # one", "+  replicas: 2   # one"], Changed(Two));
    }

    [Fact]
    public void A_rule_comes_in_front_of_the_containers_and_is_laid_out_as_the_rest()
    {
        _folder.Add("search.yaml", Plain);

        Assert.Equal(
            [
                "+      affinity:",
                "+        podAntiAffinity:",
                "+          requiredDuringSchedulingIgnoredDuringExecution:",
                "+          - labelSelector:",
                "+              matchLabels:",
                "+                app: search",
                "+            topologyKey: kubernetes.io/hostname",
            ],
            Changed(Apart));
    }

    [Fact]
    public void A_disruption_budget_is_a_document_behind_that_of_its_workload()
    {
        _folder.Add("search.yaml", Plain + "---\nkind: Service\napiVersion: v1\nmetadata: {name: search}\n");

        Assert.Equal(
            [
                "+apiVersion: policy/v1", "+kind: PodDisruptionBudget", "+metadata:", "+  name: search", "+spec:", "+  maxUnavailable: 1", "+  selector:", "+    matchLabels:",
                "+      app: search", "+---",
            ],
            Changed(static it => it, Budget));
    }

    [Fact]
    public void A_disruption_budget_that_is_there_is_changed_in_its_own_file()
    {
        _folder.Add("search.yaml", Plain);
        _folder.Add("budget.yaml", "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: search}\nspec:\n  minAvailable: 100% # all\n  selector: {matchLabels: {app: search}}\n");

        Assert.Equal(["-  minAvailable: 100% # all", "+  maxUnavailable: 1"], Changed(static it => it, Budget));
    }

    [Fact]
    public void Json_keeps_its_layout()
    {
        _folder.Add("search.json", """
            {
            	"apiVersion": "apps/v1",
            	"kind": "Deployment",
            	"metadata": {"name": "search"},
            	"spec": {
            		"selector": {"matchLabels": {"app": "search"}},
            		"template": {"metadata": {"labels": {"app": "search"}}, "spec": {"containers": [{"name": "search", "image": "x"}]}}
            	}
            }
            """);

        Assert.Equal(["+\t\t\"replicas\": 2,"], Changed(Two));
    }

    [Fact]
    public void Lists_of_objects_hold_workloads_too()
    {
        _folder.Add("all.yaml", "apiVersion: v1\nkind: List\nitems:\n- " + Plain.TrimEnd('\n').Replace("\n", "\n  ", StringComparison.Ordinal) + "\n");

        Assert.Equal(["-    replicas: 1   # one", "+    replicas: 2   # one"], Changed(Two));
    }

    [Fact]
    public void What_an_alias_repeats_is_not_changed()
    {
        _folder.Add("search.yaml", Plain.Replace("replicas: 1   # one", "replicas: &n 1", StringComparison.Ordinal).Replace("image:", "terminationMessagePath: *n\n        image:", StringComparison.Ordinal));

        var error = Assert.Throws<ChaosException>(() => _folder.Plan("search", Two));

        Assert.Equal("ManifestEditImpossible", error.ErrorId);
        Assert.Contains("search.yaml(7,13)", error.Message, StringComparison.Ordinal);
        Assert.Contains("which line 14 repeats", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_gives_way_to_a_value_of_its_own()
    {
        _folder.Add("search.yaml", Plain.Replace("replicas: 1   # one", "minReadySeconds: &n 1\n  replicas: *n", StringComparison.Ordinal));

        Assert.Equal(["-  replicas: *n", "+  replicas: 2"], Changed(Two));
    }

    [Fact]
    public void Two_workloads_of_one_name_are_an_error_with_both_places()
    {
        _folder.Add("a.yaml", Plain);
        _folder.Add("b.yaml", "# b\n" + Plain);

        var error = Assert.Throws<ChaosException>(() => _folder.Plan("search", Two));

        Assert.Equal("ManifestAmbiguous", error.ErrorId);
        Assert.Contains("a.yaml(1,1)", error.Message, StringComparison.Ordinal);
        Assert.Contains("b.yaml(2,1)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_no_manifest_has_is_an_error_that_lists_those_there_are()
    {
        _folder.Add("a.yaml", Plain);

        var error = Assert.Throws<ChaosException>(() => _folder.Plan("serch", Two));

        Assert.Equal("ManifestNotFound", error.ErrorId);
        Assert.Contains("search", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_base_of_Kustomize_is_refused_with_the_place_to_edit()
    {
        _folder.Add("base/kustomization.yaml", "resources:\n- search.yaml\n");
        _folder.Add("base/search.yaml", Plain);

        var error = Assert.Throws<ChaosException>(() => _folder.Plan("search", Two, "base/search.yaml"));

        Assert.Equal("ManifestGenerated", error.ErrorId);
        Assert.Contains("Kustomize", error.Message, StringComparison.Ordinal);
        Assert.Contains("replicas in base/search.yaml(7,3)", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void An_overlay_of_Kustomize_that_says_the_replicas_is_the_place_to_edit()
    {
        _folder.Add("base/kustomization.yaml", "resources:\n- search.yaml\n");
        _folder.Add("base/search.yaml", Plain);
        _folder.Add("prod/kustomization.yaml", "resources:\n- ../base\nreplicas:\n- name: search\n  count: 3\npatches:\n- path: apart.yaml\n");
        _folder.Add("prod/apart.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: search}\nspec:\n  template:\n    spec:\n      affinity: {nodeAffinity: {}}\n");

        var error = Assert.Throws<ChaosException>(() => _folder.Plan("search", static it => Apart(Two(it)), "prod"));

        Assert.Contains("replicas in prod/kustomization.yaml(5,10)", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("affinity in prod/apart.yaml(7,17)", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("chart/templates/search.yaml")]
    public void A_template_of_Helm_is_refused_with_the_value_to_edit(string? file)
    {
        _folder.Add("chart/Chart.yaml", "name: chart\n");
        _folder.Add("chart/values.yaml", "image: x\nsearch:\n  # many\n  replicaCount: 1\n");
        _folder.Add("chart/templates/search.yaml", Plain.Replace("replicas: 1   # one", "replicas: {{ .Values.search.replicaCount }}", StringComparison.Ordinal));

        var error = Assert.Throws<ChaosException>(() => _folder.Plan("search", Two, file));

        Assert.Equal("ManifestGenerated", error.ErrorId);
        Assert.Contains("Helm", error.Message, StringComparison.Ordinal);
        Assert.Contains("search.replicaCount in chart/values.yaml(4)", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_somebody_else_has_changed_since_is_left_alone()
    {
        var path = _folder.Add("search.yaml", Plain);
        var run = await _folder.MakeAsync(_folder.Plan("search", Two));
        File.AppendAllText(path, "# mine\n");

        var restored = await _folder.RestoreAsync(run);

        Assert.Contains("changed by somebody else since: left alone", Assert.Single(restored.Steps), StringComparison.Ordinal);
        Assert.EndsWith("# mine\n", _folder.Read("search.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_worked_on_is_not_overwritten()
    {
        var path = _folder.Add("search.yaml", Plain);
        var plan = _folder.Plan("search", Two);
        File.AppendAllText(path, "# mine\n");

        var error = await Assert.ThrowsAsync<ChaosException>(() => _folder.MakeAsync(plan));

        Assert.Equal("ManifestChanged", error.ErrorId);
        Assert.Equal(Plain + "# mine\n", _folder.Read("search.yaml"));
    }

    [Fact]
    public async Task A_changed_file_keeps_who_may_read_it()
    {
        if (OperatingSystem.IsWindows()) return; // which keeps it by itself
        var path = _folder.Add("search.yaml", Plain);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        await _folder.MakeAsync(_folder.Plan("search", Two));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_rule_that_becomes_a_preference_keeps_all_that_it_says()
    {
        _folder.Add("search.yaml", Plain.Replace("      containers:\n", """
                  affinity:
                    podAntiAffinity:
                      requiredDuringSchedulingIgnoredDuringExecution:
                      - topologyKey: kubernetes.io/hostname
                        labelSelector: {matchLabels: {app: search}}
                        namespaceSelector: {}
                        matchLabelKeys: [pod-template-hash]
                        mismatchLabelKeys: [tenant]
                  containers:

            """, StringComparison.Ordinal));
        Workload? workload = null;

        var plan = _folder.Plan("search", change => change with
        {
            Affinity = Affinity.None with { PreferredAntiPods = [.. workload!.PodSpec.Affinity.RequiredAntiPods.Select(static term => term with { Weight = 100 })] },
        }, capture: it => workload = it);

        var added = string.Join('\n', plan.Diff.Where(static line => line[0] == '+'));
        Assert.Contains("namespaceSelector: {}", added, StringComparison.Ordinal);
        Assert.Contains("matchLabelKeys:", added, StringComparison.Ordinal);
        Assert.Contains("mismatchLabelKeys:", added, StringComparison.Ordinal);
    }

    [Fact]
    public void Tabs_stand_where_kubectl_takes_them_and_nowhere_else()
    {
        _folder.Add("search.yaml", Plain.Replace("replicas: 1   #", "replicas:\t1\t#", StringComparison.Ordinal));
        Assert.Equal(["-  replicas:\t1\t# one", "+  replicas:\t2\t# one"], Changed(Two));

        foreach (var wrong in new[] { "  metadata:\n\tname: x", "a:\n-\tb: 1", "a: 1\n\t# comment\n\tb: 2" })
            Assert.Equal("DocumentInvalid", Assert.Throws<ChaosException>(() => new ChaosPS.Providers.Yaml.YamlDocumentReader().ReadAll(wrong, "x.yaml")).ErrorId);
    }
}
