using System.Net;
using System.Text.Json.Nodes;
using static ChaosPS.Sandbox.Tests.Kubernetes.KubernetesReadTests;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

public class KubernetesChangeTests
{
    private const string Deployment = "apis/apps/v1/namespaces/contactsapp/deployments/ca-deploy";
    private const string Merge = "application/merge-patch+json";
    private const string Strategic = "application/strategic-merge-patch+json";
    private const string JsonPatch = "application/json-patch+json";
    private const string Node = "api/v1/nodes/aks-nodepool1-36421985-vmss000000";

    [Theory]
    [InlineData(Merge, """{"spec":{"replicas":3}}""")]
    [InlineData(Strategic, """{"spec":{"replicas":3}}""")]
    [InlineData(JsonPatch, """[{"op":"replace","path":"/spec/replicas","value":3}]""")]
    public async Task Scaling_makes_pods(string contentType, string patch)
    {
        using var client = new SandboxClient();
        var scale = (await client.Kubernetes("PATCH", $"{Deployment}/scale", patch, contentType)).Json;
        Assert.Equal(("Scale", 3, 1), ((string)scale["kind"]!, (int)scale["spec"]!["replicas"]!, (int)scale["status"]!["replicas"]!));
        client.Clock.Advance(TimeSpan.FromSeconds(20));
        var deployment = (await client.Kubernetes("GET", Deployment)).Json;
        Assert.Equal((3, 3, 3), ((int)deployment["spec"]!["replicas"]!, (int)deployment["status"]!["readyReplicas"]!, (int)deployment["status"]!["availableReplicas"]!));
        var pods = (await client.Kubernetes("GET", "api/v1/namespaces/contactsapp/pods?labelSelector=service%3Dcontactsapi")).Items;
        Assert.Equal(3, pods.Count);
        Assert.All(pods, pod => Assert.Equal("contactsapp.azurecr.io/contactsapi:2.0", (string)pod!["spec"]!["containers"]![0]!["image"]!));
    }

    [Fact]
    public async Task A_scale_to_zero_and_back_is_a_put_of_what_was_read()
    {
        using var client = new SandboxClient();
        var scale = (await client.Kubernetes("GET", $"{Deployment}/scale")).Json;
        scale["spec"]!["replicas"] = 0;
        Assert.Equal(HttpStatusCode.OK, (await client.Kubernetes("PUT", $"{Deployment}/scale", scale.ToJsonString())).Status);
        client.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty((await client.Kubernetes("GET", "api/v1/namespaces/contactsapp/pods?labelSelector=service%3Dcontactsapi")).Items);

        // What was read before is old now.
        var conflict = await client.Kubernetes("PUT", $"{Deployment}/scale", scale.ToJsonString());
        Assert.Equal((HttpStatusCode.Conflict, "Conflict"), (conflict.Status, (string)conflict.Json["reason"]!));
    }

    [Fact]
    public async Task A_dry_run_answers_and_changes_nothing()
    {
        using var client = new SandboxClient();
        var before = (await client.Kubernetes("GET", Deployment)).Body;
        var scale = (await client.Kubernetes("PATCH", $"{Deployment}/scale?dryRun=All", """{"spec":{"replicas":5}}""", Merge)).Json;
        Assert.Equal(5, (int)scale["spec"]!["replicas"]!);
        var answer = (await client.Kubernetes("PATCH", $"{Deployment}?dryRun=All", """{"spec":{"replicas":5}}""", Merge)).Json;
        Assert.Equal((5, 2), ((int)answer["spec"]!["replicas"]!, (int)answer["metadata"]!["generation"]!));
        await client.Kubernetes("PATCH", $"{Node}?dryRun=All", """{"spec":{"unschedulable":true}}""", Merge);
        await client.Kubernetes("DELETE", "api/v1/namespaces/contactsapp/pods/ca-deploy-7d6855964c-sn7wm?dryRun=All");
        client.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(before, (await client.Kubernetes("GET", Deployment)).Body);
        Assert.Equal(10, (await client.Kubernetes("GET", "api/v1/namespaces/contactsapp/pods")).Items.Count);
        Assert.Null((await client.Kubernetes("GET", Node)).Json["spec"]!["unschedulable"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.Kubernetes("PATCH", $"{Deployment}?dryRun=Some", "{}", Merge)).Status);
    }

    [Fact]
    public async Task An_anti_affinity_patch_rolls_out_and_spreads_the_pods()
    {
        using var client = new SandboxClient();
        const string Path = "apis/apps/v1/namespaces/contactsapp/deployments/search-deploy";
        const string Patch = """
            {"spec":{"template":{"spec":{"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[
              {"labelSelector":{"matchExpressions":[{"key":"service","operator":"In","values":["searchapi"]}]},"topologyKey":"kubernetes.io/hostname"}]}}}}}}
            """;
        var answer = (await client.Kubernetes("PATCH", Path, Patch, Strategic)).Json;
        Assert.Equal(2, (int)answer["metadata"]!["generation"]!);
        client.Clock.Advance(TimeSpan.FromSeconds(60));

        var deployment = (await client.Kubernetes("GET", Path)).Json;
        Assert.Equal(
            (2, 2, 2, "2"),
            ((int)deployment["status"]!["updatedReplicas"]!, (int)deployment["status"]!["availableReplicas"]!, (int)deployment["status"]!["observedGeneration"]!,
                (string)deployment["metadata"]!["annotations"]!["deployment.kubernetes.io/revision"]!));
        var pods = (await client.Kubernetes("GET", "api/v1/namespaces/contactsapp/pods?labelSelector=service%3Dsearchapi")).Items;
        Assert.Equal(2, pods.Select(pod => (string)pod!["spec"]!["nodeName"]!).Distinct().Count());
        Assert.All(pods, pod => Assert.NotNull(pod!["spec"]!["affinity"]!["podAntiAffinity"]));

        // The old replica set keeps the template that it stands for.
        var old = (await client.Kubernetes("GET", "apis/apps/v1/namespaces/contactsapp/replicasets/search-deploy-88bd76564")).Json;
        Assert.Null(old["spec"]!["template"]!["spec"]!["affinity"]);
        Assert.Equal(0, (int)old["spec"]!["replicas"]!);
    }

    [Theory]
    [InlineData("""{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-11-23T09:00:00Z"}}}}}""")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"contactsapi","env":[{"name":"LEVEL","value":"debug"}]}]}}}}""")]
    public async Task Any_change_of_the_template_rolls_out_even_of_what_the_simulation_does_not_know(string patch)
    {
        using var client = new SandboxClient();
        await client.Kubernetes("PATCH", Deployment, patch, Strategic);
        client.Clock.Advance(TimeSpan.FromSeconds(60));
        var deployment = (await client.Kubernetes("GET", Deployment)).Json;
        Assert.Equal("2", (string)deployment["metadata"]!["annotations"]!["deployment.kubernetes.io/revision"]!);
        var pod = Assert.Single((await client.Kubernetes("GET", "api/v1/namespaces/contactsapp/pods?labelSelector=service%3Dcontactsapi")).Items);
        Assert.NotEqual("ca-deploy-7d6855964c-sn7wm", (string)pod!["metadata"]!["name"]!);
    }

    [Fact]
    public async Task Nothing_that_a_user_writes_is_lost()
    {
        using var client = new SandboxClient();
        const string Patch = """{"metadata":{"annotations":{"team":"contacts"}},"spec":{"template":{"spec":{"priorityClassName":"low","hostAliases":[{"ip":"10.0.0.1","hostnames":["db"]}]}}}}""";
        await client.Kubernetes("PATCH", Deployment, Patch, Strategic);
        await client.Kubernetes("PATCH", $"{Deployment}/scale", """{"spec":{"replicas":2}}""", Merge);
        client.Clock.Advance(TimeSpan.FromSeconds(60));
        var deployment = (await client.Kubernetes("GET", Deployment)).Json;
        Assert.Equal("contacts", (string)deployment["metadata"]!["annotations"]!["team"]!);
        Assert.Equal("low", (string)deployment["spec"]!["template"]!["spec"]!["priorityClassName"]!);
        var pods = (await client.Kubernetes("GET", "api/v1/namespaces/contactsapp/pods?labelSelector=service%3Dcontactsapi")).Items;
        Assert.All(pods, pod => Assert.Equal("10.0.0.1", (string)pod!["spec"]!["hostAliases"]![0]!["ip"]!));
    }

    [Fact]
    public async Task A_change_of_the_metadata_alone_is_a_new_version_but_no_new_generation()
    {
        using var client = new SandboxClient();
        var before = (await client.Kubernetes("GET", Deployment)).Json["metadata"]!;
        var after = (await client.Kubernetes("PATCH", Deployment, """{"metadata":{"labels":{"team":"a"}}}""", Merge)).Json["metadata"]!;
        Assert.Equal((int)before["generation"]!, (int)after["generation"]!);
        Assert.NotEqual((string)before["resourceVersion"]!, (string)after["resourceVersion"]!);
        var again = (await client.Kubernetes("PATCH", Deployment, """{"metadata":{"labels":{"team":"a"}}}""", Merge)).Json["metadata"]!;
        Assert.Equal((string)after["resourceVersion"]!, (string)again["resourceVersion"]!);
    }

    [Fact]
    public async Task A_put_of_an_old_version_is_a_conflict_as_recorded()
    {
        using var client = new SandboxClient();
        var read = (await client.Kubernetes("GET", Deployment)).Json;
        await client.Kubernetes("PATCH", Deployment, """{"spec":{"replicas":2}}""", Merge);
        read["spec"]!["replicas"] = 4;
        var expected = JsonNode.Parse(Recorded.Read("conflict-409-put").ToJsonString().Replace("\\u0022", "\\\"", StringComparison.Ordinal).Replace("\\\"api\\\"", "\\\"ca-deploy\\\"", StringComparison.Ordinal).Replace("\"name\":\"api\"", "\"name\":\"ca-deploy\"", StringComparison.Ordinal))!.AsObject();
        AssertStatus(expected, await client.Kubernetes("PUT", Deployment, read.ToJsonString()));
    }

    [Fact]
    public async Task Patches_are_refused_as_recorded()
    {
        using var client = new SandboxClient();
        AssertStatus(Recorded.Read("patch-json"), await client.Kubernetes("PATCH", Deployment, """[{"op":"test","path":"/spec/replicas","value":9}]""", JsonPatch));
        AssertStatus(Recorded.Read("unsupported-415"), await client.Kubernetes("PATCH", Deployment, "{}", "text/plain"));
        AssertStatus(Recorded.Read("unsupported-415"), await client.Kubernetes("PATCH", Deployment, "{}"));
    }

    [Theory]
    [InlineData("""{"spec":{"replicas":-1}}""", 422, "spec.replicas")]
    [InlineData("""{"spec":{"strategy":{"rollingUpdate":{"maxUnavailable":-1}}}}""", 422, "spec.strategy.rollingUpdate.maxUnavailable")]
    [InlineData("""{"spec":{"strategy":{"rollingUpdate":{"maxSurge":"4000000000%"}}}}""", 400, "maxSurge")]
    [InlineData("""{"spec":{"selector":{"matchLabels":{"service":"other"}}}}""", 422, "field is immutable")]
    [InlineData("""{"spec":{"template":{"metadata":{"labels":{"service":"other"}}}}}""", 422, "spec.template.metadata.labels")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[]}}}}""", 422, "spec.template.spec.containers: Required value")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"x"}]}}}}""", 422, "spec.template.spec.containers[0].image: Required value")]
    [InlineData("""{"spec":{"strategy":{"type":"Sideways"}}}""", 422, "supported values")]
    [InlineData("""{"spec":{"replicas":"two"}}""", 400, "replicas")]
    [InlineData("""{"spec":{"replicas":1.5}}""", 400, "replicas")]
    [InlineData("""{"spec":null}""", 400, "spec")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"x","image":"y","resources":{"requests":{"cpu":"much"}}}]}}}}""", 400, "cpu")]
    [InlineData("""{"metadata":{"labels":{"a":1}}}""", 400, "labels.a")]
    [InlineData("""{"metadata":{"name":"other"}}""", 400, "does not match")]
    [InlineData("""{"metadata":{"uid":"00000000-0000-0000-0000-000000000000"}}""", 409, "UID in the precondition")]
    [InlineData("""{"kind":"Pod","apiVersion":"v1"}""", 400, "Pod in version \"v1\" cannot be handled as a Deployment: converting (v1.Pod) to (apps.Deployment): unknown conversion")]
    [InlineData("""{"kind":"Pod"}""", 400, "no kind \"Pod\" is registered for version \"apps/v1\"")]
    [InlineData("""{"spec":""", 400, "json parse error")]
    [InlineData("""[]""", 400, "json parse error")]
    public async Task A_deployment_that_breaks_the_rules_is_refused_and_nothing_changes(string patch, int code, string named)
    {
        using var client = new SandboxClient();
        var before = (await client.Kubernetes("GET", Deployment)).Body;
        var answer = await client.Kubernetes("PATCH", Deployment, patch, Merge);
        Assert.Equal(code, (int)answer.Status);
        Assert.Contains(named, (string)answer.Json["message"]!, StringComparison.Ordinal);
        Assert.Equal(before, (await client.Kubernetes("GET", Deployment)).Body);
    }

    [Fact]
    public async Task Defaults_are_filled_in_where_the_author_wrote_nothing()
    {
        using var client = new SandboxClient();
        const string Patch = """{"spec":{"strategy":null,"template":{"spec":{"containers":[{"name":"contactsapi","image":"demo/x","resources":{"limits":{"cpu":1}},"ports":[{"containerPort":80}]}]}}}}""";
        var spec = (await client.Kubernetes("PATCH", Deployment, Patch, Merge)).Json["spec"]!;
        var container = spec["template"]!["spec"]!["containers"]![0]!;
        Assert.Equal("""{"limits":{"cpu":"1"},"requests":{"cpu":"1"}}""", container["resources"]!.ToJsonString());
        Assert.Equal(("Always", "TCP", "25%"), ((string)container["imagePullPolicy"]!, (string)container["ports"]![0]!["protocol"]!, (string)spec["strategy"]!["rollingUpdate"]!["maxSurge"]!));
    }

    [Fact]
    public async Task Cordon_and_uncordon_are_patches_of_the_node()
    {
        using var client = new SandboxClient();
        var cordoned = (await client.Kubernetes("PATCH", Node, """{"spec":{"unschedulable":true}}""", Strategic)).Json;
        Assert.True((bool)cordoned["spec"]!["unschedulable"]!);
        Assert.Single((await client.Kubernetes("GET", "api/v1/nodes?fieldSelector=spec.unschedulable%3Dtrue")).Items);
        client.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("node.kubernetes.io/unschedulable", (await client.Kubernetes("GET", Node)).Body, StringComparison.Ordinal);
        var uncordoned = (await client.Kubernetes("PATCH", Node, """{"spec":{"unschedulable":null}}""", Merge)).Json;
        Assert.Null(uncordoned["spec"]!["unschedulable"]);
    }

    [Theory]
    [InlineData("""{"spec":{"providerID":"azure:///other"}}""", 422)]
    [InlineData("""{"spec":{"taints":[{"key":"a","effect":"Sometimes"}]}}""", 422)]
    [InlineData("""{"spec":{"taints":"a"}}""", 400)]
    [InlineData("""{"spec":{"unschedulable":"yes"}}""", 400)]
    public async Task What_a_node_cannot_become_is_refused(string patch, int code)
    {
        using var client = new SandboxClient();
        Assert.Equal(code, (int)(await client.Kubernetes("PATCH", Node, patch, Merge)).Status);
    }

    [Fact]
    public async Task A_deleted_pod_terminates_and_is_replaced()
    {
        using var client = new SandboxClient();
        const string Path = "api/v1/namespaces/contactsapp/pods/ca-deploy-7d6855964c-sn7wm";
        var answer = (await client.Kubernetes("DELETE", Path)).Json;
        Assert.Equal(("Pod", 30), ((string)answer["kind"]!, (int)answer["metadata"]!["deletionGracePeriodSeconds"]!));
        Assert.NotNull(answer["metadata"]!["deletionTimestamp"]);
        client.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.NotFound, (await client.Kubernetes("GET", Path)).Status);
        Assert.Single((await client.Kubernetes("GET", "api/v1/namespaces/contactsapp/pods?labelSelector=service%3Dcontactsapi")).Items);
    }

    [Fact]
    public async Task A_pod_is_deleted_at_once_with_a_grace_of_zero()
    {
        using var client = new SandboxClient();
        const string Path = "api/v1/namespaces/contactsapp/pods/ca-deploy-7d6855964c-sn7wm";
        Assert.Equal(HttpStatusCode.OK, (await client.Kubernetes("DELETE", Path, """{"gracePeriodSeconds":0}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.Kubernetes("GET", Path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.Kubernetes("DELETE", Path)).Status);
    }

    [Fact]
    public async Task A_delete_that_means_another_pod_is_a_conflict_as_recorded()
    {
        using var client = new SandboxClient();
        const string Path = "api/v1/namespaces/contactsapp/pods/ca-deploy-7d6855964c-sn7wm";
        var uid = (string)(await client.Kubernetes("GET", Path)).Json["metadata"]!["uid"]!;
        var recorded = Recorded.Read("delete-precondition-409").ToJsonString()
            .Replace("api-7cc657bb45-54pzc", "ca-deploy-7d6855964c-sn7wm", StringComparison.Ordinal)
            .Replace("76d04c03-6c40-445d-95d9-44681da351d7", uid, StringComparison.Ordinal);
        AssertStatus(
            JsonNode.Parse(recorded)!.AsObject(),
            await client.Kubernetes("DELETE", Path, """{"preconditions":{"uid":"00000000-0000-0000-0000-000000000000"}}"""));
    }
}
