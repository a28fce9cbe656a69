using System.Net;
using System.Text.Json.Nodes;
using static ChaosPS.Sandbox.Tests.Kubernetes.KubernetesReadTests;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

/// <summary>Objects are made, changed and deleted, and the simulation follows.</summary>
public class ObjectLifeTests
{
    private const string Merge = "application/merge-patch+json";
    private const string Deployments = "apis/apps/v1/namespaces/default/deployments";
    private const string Pods = "api/v1/namespaces/default/pods";
    private const string Node0 = "api/v1/nodes/aks-nodepool1-36421985-vmss000000";

    private const string Web = """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
        "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"demo/web:1"}]}}}}
        """;

    [Fact]
    public async Task A_deployment_is_made_and_runs()
    {
        using var client = new SandboxClient();
        var made = await client.Kubernetes("POST", Deployments, Web);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal((1, "default"), ((int)made.Json["metadata"]!["generation"]!, (string)made.Json["metadata"]!["namespace"]!));
        Assert.Equal("25%", (string)made.Json["spec"]!["strategy"]!["rollingUpdate"]!["maxSurge"]!);
        client.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(2, (int)(await client.Kubernetes("GET", $"{Deployments}/web")).Json["status"]!["readyReplicas"]!);
        Assert.All((await client.Kubernetes("GET", Pods)).Items, pod => Assert.Equal("demo/web:1", (string)pod!["spec"]!["containers"]![0]!["image"]!));

        var again = await client.Kubernetes("POST", Deployments, Web);
        Assert.Equal((HttpStatusCode.Conflict, "deployments.apps \"web\" already exists"), (again.Status, (string)again.Json["message"]!));
    }

    [Theory]
    [InlineData("Background", 0)]
    [InlineData("Orphan", 2)]
    public async Task A_deployment_is_deleted_with_its_pods_or_without(string propagation, int left)
    {
        using var client = new SandboxClient();
        await client.Kubernetes("POST", Deployments, Web);
        client.Clock.Advance(TimeSpan.FromSeconds(20));
        var uid = (string)(await client.Kubernetes("GET", $"{Deployments}/web")).Json["metadata"]!["uid"]!;
        var expected = Recorded.Read("delete-deploy-200").ToJsonString().Replace("\"api\"", "\"web\"", StringComparison.Ordinal).Replace("bf3a0740-d67f-4549-84ff-048a8fe72197", uid, StringComparison.Ordinal);
        var answer = await client.Kubernetes("DELETE", $"{Deployments}/web?propagationPolicy={propagation}");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), answer.Json), answer.Body);
        client.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.NotFound, (await client.Kubernetes("GET", $"{Deployments}/web")).Status);
        Assert.Equal(left, (await client.Kubernetes("GET", Pods)).Items.Count);
        Assert.Equal(left == 0 ? 0 : 1, (await client.Kubernetes("GET", "apis/apps/v1/namespaces/default/replicasets")).Items.Count);
    }

    [Fact]
    public async Task A_deployment_deleted_in_the_foreground_stays_until_its_pods_are_gone()
    {
        using var client = new SandboxClient();
        await client.Kubernetes("POST", Deployments, Web);
        client.Clock.Advance(TimeSpan.FromSeconds(20));
        var answer = (await client.Kubernetes("DELETE", $"{Deployments}/web", """{"propagationPolicy":"Foreground"}""")).Json;
        Assert.Equal(("Deployment", "foregroundDeletion"), ((string)answer["kind"]!, (string)answer["metadata"]!["finalizers"]![0]!));
        Assert.NotNull(answer["metadata"]!["deletionTimestamp"]);
        client.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.NotFound, (await client.Kubernetes("GET", $"{Deployments}/web")).Status);
        Assert.Empty((await client.Kubernetes("GET", Pods)).Items);
    }

    [Fact]
    public async Task An_object_with_a_finalizer_waits_for_it()
    {
        using var client = new SandboxClient();
        const string Path = "api/v1/namespaces/default/configmaps";
        await client.Kubernetes("POST", Path, """{"metadata":{"name":"held","finalizers":["example.com/hold"]}}""");
        var answer = (await client.Kubernetes("DELETE", $"{Path}/held")).Json;
        Assert.NotNull(answer["metadata"]!["deletionTimestamp"]);
        Assert.Equal(HttpStatusCode.OK, (await client.Kubernetes("GET", $"{Path}/held")).Status);
        await client.Kubernetes("PATCH", $"{Path}/held", """{"metadata":{"finalizers":null}}""", Merge);
        Assert.Equal(HttpStatusCode.NotFound, (await client.Kubernetes("GET", $"{Path}/held")).Status);
    }

    [Fact]
    public async Task What_an_object_owns_goes_with_it()
    {
        using var client = new SandboxClient();
        const string Path = "api/v1/namespaces/default/configmaps";
        var uid = (string)(await client.Kubernetes("POST", Path, """{"metadata":{"name":"owner"}}""")).Json["metadata"]!["uid"]!;
        await client.Kubernetes("POST", Path, $$$$"""{"metadata":{"name":"owned","ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":"{{{{uid}}}}"}]}}""");
        await client.Kubernetes("DELETE", $"{Path}/owner");
        Assert.Empty((await client.Kubernetes("GET", Path)).Items);
    }

    [Fact]
    public async Task A_collection_is_deleted_as_far_as_it_is_selected()
    {
        using var client = new SandboxClient();
        const string Path = "api/v1/namespaces/default/secrets";
        foreach (var (name, tier) in new[] { ("a", "web"), ("b", "web"), ("c", "back") })
        {
            await client.Kubernetes("POST", Path, $$$$"""{"metadata":{"name":"{{{{name}}}}","labels":{"tier":"{{{{tier}}}}"}},"stringData":{"x":"hello"}}""");
        }

        Assert.Equal(2, (await client.Kubernetes("DELETE", $"{Path}?labelSelector=tier%3Dweb")).Items.Count);
        var left = Assert.Single((await client.Kubernetes("GET", Path)).Items)!;
        Assert.Equal(("c", "Opaque", "aGVsbG8="), ((string)left["metadata"]!["name"]!, (string)left["type"]!, (string)left["data"]!["x"]!));
    }

    [Fact]
    public async Task A_namespace_takes_everything_in_it_along_and_lets_nothing_new_in()
    {
        using var client = new SandboxClient();
        AssertStatus(Recorded.Read("alreadyexists-409-post"), await Twice("api/v1/namespaces", """{"kind":"Namespace","metadata":{"name":"samples"}}"""));
        await client.Kubernetes("POST", "api/v1/namespaces", """{"metadata":{"name":"samples"}}""");
        var shape = Recorded.Shape((await client.Kubernetes("GET", "api/v1/namespaces/samples")).Json).Append("/metadata/annotations").Except(["/kind", "/apiVersion"]);
        Assert.Equal(Recorded.Shape(Recorded.Read("namespace")), shape.Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await client.Kubernetes("GET", "api/v1/namespaces/samples/serviceaccounts/default")).Status);
        await client.Kubernetes("POST", "apis/apps/v1/namespaces/samples/deployments", Web);
        client.Clock.Advance(TimeSpan.FromSeconds(20));

        var answer = (await client.Kubernetes("DELETE", "api/v1/namespaces/samples")).Json;
        Assert.Equal("Terminating", (string)answer["status"]!["phase"]!);
        var late = await client.Kubernetes("POST", "api/v1/namespaces/samples/configmaps", """{"metadata":{"name":"a"}}""");
        Assert.Equal((HttpStatusCode.Forbidden, "NamespaceTerminating"), (late.Status, (string)late.Json["details"]!["causes"]![0]!["reason"]!));
        client.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.NotFound, (await client.Kubernetes("GET", "api/v1/namespaces/samples")).Status);
        Assert.Empty((await client.Kubernetes("GET", "api/v1/namespaces/samples/pods")).Items);
        Assert.Empty((await client.Kubernetes("GET", "api/v1/namespaces/samples/events")).Items);
        var nowhere = await client.Kubernetes("POST", "api/v1/namespaces/samples/configmaps", """{"metadata":{"name":"a"}}""");
        Assert.Equal((HttpStatusCode.NotFound, "namespaces \"samples\" not found"), (nowhere.Status, (string)nowhere.Json["message"]!));

        async Task<SandboxClient.Answer> Twice(string path, string body)
        {
            using var other = new SandboxClient();
            await other.Kubernetes("POST", path, body);
            return await other.Kubernetes("POST", path, body);
        }
    }

    [Fact]
    public async Task A_service_gets_an_address_and_endpoints()
    {
        using var client = new SandboxClient();
        await client.Kubernetes("POST", Deployments, Web);
        const string Services = "api/v1/namespaces/default/services";
        var service = (await client.Kubernetes("POST", Services, """{"metadata":{"name":"web"},"spec":{"type":"NodePort","selector":{"app":"web"},"ports":[{"port":80}]}}""")).Json;
        Assert.StartsWith("10.0.", (string)service["spec"]!["clusterIP"]!, StringComparison.Ordinal);
        Assert.InRange((int)service["spec"]!["ports"]![0]!["nodePort"]!, 30000, 32767);
        Assert.Equal(80, (int)service["spec"]!["ports"]![0]!["targetPort"]!);
        client.Clock.Advance(TimeSpan.FromSeconds(20));
        var slice = Assert.Single((await client.Kubernetes("GET", "apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io/service-name%3Dweb")).Items)!;
        Assert.Equal(2, slice["endpoints"]!.AsArray().Count);
        Assert.Equal(2, (await client.Kubernetes("GET", "api/v1/namespaces/default/endpoints/web")).Json["subsets"]![0]!["addresses"]!.AsArray().Count);

        await client.Kubernetes("PATCH", $"{Services}/web", """{"spec":{"selector":{"app":"other"}}}""", Merge);
        client.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null((await client.Kubernetes("GET", "api/v1/namespaces/default/endpoints/web")).Json["subsets"]);
        await client.Kubernetes("DELETE", $"{Services}/web");
        Assert.Empty((await client.Kubernetes("GET", "apis/discovery.k8s.io/v1/namespaces/default/endpointslices")).Items);
    }

    [Fact]
    public async Task A_node_is_labelled_tainted_made_and_deleted()
    {
        using var client = new SandboxClient();
        await client.Kubernetes("PATCH", Node0, """{"metadata":{"labels":{"disk":"ssd"}}}""", Merge);
        Assert.Single((await client.Kubernetes("GET", "api/v1/nodes?labelSelector=disk%3Dssd")).Items);
        await client.Kubernetes("PATCH", Node0, """{"spec":{"taints":[{"key":"a","value":"b","effect":"NoExecute"}]}}""", Merge);
        client.Clock.Advance(TimeSpan.FromSeconds(40));
        var pods = await client.Kubernetes("GET", "api/v1/namespaces/contactsapp/pods?fieldSelector=spec.nodeName%3Daks-nodepool1-36421985-vmss000000");
        Assert.Empty(pods.Items);

        Assert.Equal(HttpStatusCode.Created, (await client.Kubernetes("POST", "api/v1/nodes", """{"metadata":{"name":"extra","labels":{"kubernetes.io/hostname":"extra"}}}""")).Status);
        client.Clock.Advance(TimeSpan.FromSeconds(20));
        var extra = (await client.Kubernetes("GET", "api/v1/nodes/extra")).Json;
        Assert.Equal("True", (string)extra["status"]!["conditions"]!.AsArray().Single(condition => (string)condition!["type"]! == "Ready")!["status"]!);
        Assert.Equal("4", (string)extra["status"]!["capacity"]!["cpu"]!);

        await client.Kubernetes("DELETE", "api/v1/nodes/extra");
        Assert.Equal(HttpStatusCode.NotFound, (await client.Kubernetes("GET", "api/v1/nodes/extra")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.Kubernetes("GET", "apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/extra")).Status);
    }

    [Fact]
    public async Task A_pod_of_a_user_runs_and_its_labels_can_change_but_not_what_it_runs()
    {
        using var client = new SandboxClient();
        var made = (await client.Kubernetes("POST", Pods, """{"metadata":{"name":"bare","labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"demo/x"}]}}""")).Json;
        Assert.Equal(("Pending", "Always"), ((string)made["status"]!["phase"]!, (string)made["spec"]!["restartPolicy"]!));
        client.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("Running", (string)(await client.Kubernetes("GET", $"{Pods}/bare")).Json["status"]!["phase"]!);
        var labelled = (await client.Kubernetes("PATCH", $"{Pods}/bare", """{"metadata":{"labels":{"a":"c"},"annotations":{"n":"1"}}}""", Merge)).Json;
        Assert.Equal(("c", "1", "Running"), ((string)labelled["metadata"]!["labels"]!["a"]!, (string)labelled["metadata"]!["annotations"]!["n"]!, (string)labelled["status"]!["phase"]!));
        var refused = await client.Kubernetes("PATCH", $"{Pods}/bare", """{"spec":{"restartPolicy":"Never"}}""", Merge);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.StartsWith("Pod \"bare\" is invalid: spec: Forbidden: pod updates may not change fields other than", (string)refused.Json["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stateful_set_scales_and_keeps_its_revisions()
    {
        using var client = new SandboxClient();
        const string Sets = "apis/apps/v1/namespaces/default/statefulsets";
        const string Body = """
            {"metadata":{"name":"db"},"spec":{"serviceName":"db","replicas":2,"selector":{"matchLabels":{"app":"db"}},
            "template":{"metadata":{"labels":{"app":"db"}},"spec":{"containers":[{"name":"c","image":"demo/db:1"}]}}}}
            """;
        await client.Kubernetes("POST", Sets, Body);
        client.Clock.Advance(TimeSpan.FromSeconds(30));
        var scale = (await client.Kubernetes("PATCH", $"{Sets}/db/scale", """{"spec":{"replicas":1}}""", Merge)).Json;
        Assert.Equal((1, "app=db"), ((int)scale["spec"]!["replicas"]!, (string)scale["status"]!["selector"]!));
        await client.Kubernetes("PATCH", $"{Sets}/db", """{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"demo/db:2"}]}}}}""", Merge);
        client.Clock.Advance(TimeSpan.FromSeconds(60));
        var set = (await client.Kubernetes("GET", $"{Sets}/db")).Json;
        Assert.Equal((1, 1, (string)set["status"]!["currentRevision"]!), ((int)set["status"]!["readyReplicas"]!, (int)set["status"]!["updatedReplicas"]!, (string)set["status"]!["updateRevision"]!));
        Assert.Equal([1, 2], (await client.Kubernetes("GET", "apis/apps/v1/namespaces/default/controllerrevisions")).Items.Select(item => (int)item!["revision"]!).Order());
    }

    [Fact]
    public async Task The_pods_of_a_stateful_set_get_claims_and_these_get_volumes_in_their_zone()
    {
        using var client = new SandboxClient();
        const string Body = """
            {"metadata":{"name":"db"},"spec":{"serviceName":"db","replicas":1,"selector":{"matchLabels":{"app":"db"}},
            "template":{"metadata":{"labels":{"app":"db"}},"spec":{"containers":[{"name":"c","image":"demo/db:1","volumeMounts":[{"name":"data","mountPath":"/data"}]}]}},
            "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}
            """;
        await client.Kubernetes("POST", "apis/apps/v1/namespaces/default/statefulsets", Body);
        client.Clock.Advance(TimeSpan.FromMinutes(1));
        var claim = Assert.Single((await client.Kubernetes("GET", "api/v1/namespaces/default/persistentvolumeclaims")).Items)!;
        Assert.Equal(("data-db-0", "Bound", "1Gi"), ((string)claim["metadata"]!["name"]!, (string)claim["status"]!["phase"]!, (string)claim["status"]!["capacity"]!["storage"]!));
        var volume = Assert.Single((await client.Kubernetes("GET", "api/v1/persistentvolumes")).Items)!;
        Assert.Equal((string)claim["spec"]!["volumeName"]!, (string)volume["metadata"]!["name"]!);
        Assert.Equal("topology.kubernetes.io/zone", (string)volume["spec"]!["nodeAffinity"]!["required"]!["nodeSelectorTerms"]![0]!["matchExpressions"]![0]!["key"]!);
        var pod = (await client.Kubernetes("GET", $"{Pods}/db-0")).Json;
        Assert.Equal(("data", "data-db-0"), ((string)pod["spec"]!["volumes"]![0]!["name"]!, (string)pod["spec"]!["volumes"]![0]!["persistentVolumeClaim"]!["claimName"]!));

        await client.Kubernetes("DELETE", "api/v1/namespaces/default/persistentvolumeclaims/data-db-0");
        Assert.Empty((await client.Kubernetes("GET", "api/v1/persistentvolumes")).Items);
    }

    [Fact]
    public async Task An_autoscaler_scales_and_what_it_has_scaled_can_be_scaled_back()
    {
        using var client = new SandboxClient();
        const string Autoscalers = "apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers";
        await client.Kubernetes("POST", Deployments, Web);
        const string Body = """{"metadata":{"name":"web"},"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},"minReplicas":3,"maxReplicas":5}}""";
        var made = (await client.Kubernetes("POST", Autoscalers, Body)).Json;
        Assert.Equal(80, (int)made["spec"]!["metrics"]![0]!["resource"]!["target"]!["averageUtilization"]!);
        client.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(3, (int)(await client.Kubernetes("GET", $"{Deployments}/web")).Json["spec"]!["replicas"]!);
        Assert.Equal(3, (int)(await client.Kubernetes("GET", $"{Autoscalers}/web")).Json["status"]!["desiredReplicas"]!);
        await client.Kubernetes("DELETE", $"{Autoscalers}/web");
        Assert.Equal(2, (int)(await client.Kubernetes("PATCH", $"{Deployments}/web", """{"spec":{"replicas":2}}""", Merge)).Json["spec"]!["replicas"]!);
        client.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await client.Kubernetes("GET", Pods)).Items.Count);
        var refused = await client.Kubernetes("POST", Autoscalers, Body.Replace("5", "1", StringComparison.Ordinal));
        Assert.Contains("spec.maxReplicas: Invalid value: 1: must be greater than or equal to `minReplicas`", (string)refused.Json["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_has_the_priority_of_its_class()
    {
        using var client = new SandboxClient();
        await client.Kubernetes("POST", "apis/scheduling.k8s.io/v1/priorityclasses", """{"metadata":{"name":"high"},"value":1000}""");
        await client.Kubernetes("POST", Pods, """{"metadata":{"name":"bare"},"spec":{"priorityClassName":"high","containers":[{"name":"c","image":"demo/x"}]}}""");
        Assert.Equal(1000, (int)(await client.Kubernetes("GET", $"{Pods}/bare")).Json["spec"]!["priority"]!);
    }

    [Fact]
    public async Task A_job_runs_to_its_end()
    {
        using var client = new SandboxClient();
        const string Jobs = "apis/batch/v1/namespaces/default/jobs";
        var made = (await client.Kubernetes("POST", Jobs, """{"metadata":{"name":"once"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"demo/x"}]}}}}""")).Json;
        Assert.Equal((string)made["metadata"]!["uid"]!, (string)made["spec"]!["selector"]!["matchLabels"]!["batch.kubernetes.io/controller-uid"]!);
        client.Clock.Advance(TimeSpan.FromMinutes(5));
        var job = (await client.Kubernetes("GET", $"{Jobs}/once")).Json;
        Assert.Equal(1, (int)job["status"]!["succeeded"]!);
        Assert.Contains(job["status"]!["conditions"]!.AsArray(), condition => (string)condition!["type"]! == "Complete");
        Assert.Single((await client.Kubernetes("GET", $"{Jobs}?fieldSelector=status.successful%3D1")).Items);
        Assert.Equal(HttpStatusCode.OK, (await client.Kubernetes("PATCH", $"{Jobs}/once", """{"metadata":{"labels":{"a":"b"}}}""", Merge)).Status);
        await client.Kubernetes("DELETE", $"{Jobs}/once?propagationPolicy=Background");
        client.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty((await client.Kubernetes("GET", Pods)).Items);
    }

    [Fact]
    public async Task Events_are_the_same_in_both_groups()
    {
        using var client = new SandboxClient();
        await client.Kubernetes("POST", Deployments, Web);
        client.Clock.Advance(TimeSpan.FromSeconds(20));
        var core = (await client.Kubernetes("GET", "api/v1/namespaces/default/events?fieldSelector=involvedObject.kind%3DDeployment")).Items;
        var group = (await client.Kubernetes("GET", "apis/events.k8s.io/v1/namespaces/default/events?fieldSelector=regarding.kind%3DDeployment")).Items;
        Assert.NotEmpty(core);
        Assert.Equal(core.Select(item => (string)item!["message"]!), group.Select(item => (string)item!["note"]!));

        await client.Kubernetes("POST", "apis/events.k8s.io/v1/namespaces/default/events", """{"metadata":{"name":"mine"},"reason":"Because","note":"I said so","regarding":{"kind":"Pod","name":"x"},"type":"Normal"}""");
        Assert.Equal("I said so", (string)(await client.Kubernetes("GET", "api/v1/namespaces/default/events/mine")).Json["message"]!);
    }

    [Theory]
    [InlineData("apis/discovery.k8s.io/v1/namespaces/contactsapp/endpointslices")]
    [InlineData("api/v1/namespaces/contactsapp/endpoints")]
    [InlineData("apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases")]
    public async Task What_a_controller_keeps_is_not_for_others_to_write_but_they_may_have_their_own(string path)
    {
        using var client = new SandboxClient();
        var name = (string)(await client.Kubernetes("GET", path)).Items[0]!["metadata"]!["name"]!;
        Assert.Equal(HttpStatusCode.Forbidden, (await client.Kubernetes("PATCH", $"{path}/{name}", """{"metadata":{"labels":{"a":"b"}}}""", Merge)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.Kubernetes("DELETE", $"{path}/{name}")).Status);
        Assert.Equal(HttpStatusCode.Created, (await client.Kubernetes("POST", path, """{"metadata":{"name":"mine"}}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.Kubernetes("PATCH", $"{path}/mine", """{"metadata":{"labels":{"a":"b"}}}""", Merge)).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.Kubernetes("DELETE", $"{path}/mine")).Status);
    }

    [Fact]
    public async Task A_dry_run_of_anything_changes_nothing()
    {
        using var client = new SandboxClient();
        Assert.Equal(HttpStatusCode.Created, (await client.Kubernetes("POST", $"{Deployments}?dryRun=All", Web)).Status);
        await client.Kubernetes("POST", "api/v1/namespaces?dryRun=All", """{"metadata":{"name":"x"}}""");
        await client.Kubernetes("DELETE", "api/v1/namespaces/contactsapp?dryRun=All");
        await client.Kubernetes("DELETE", Node0, """{"dryRun":["All"]}""");
        await client.Kubernetes("DELETE", "api/v1/namespaces/contactsapp/services?dryRun=All");
        Assert.Empty((await client.Kubernetes("GET", Deployments)).Items);
        Assert.Equal(6, (await client.Kubernetes("GET", "api/v1/namespaces?fieldSelector=status.phase%3DActive")).Items.Count);
        Assert.Equal(3, (await client.Kubernetes("GET", "api/v1/nodes")).Items.Count);
        Assert.Equal(9, (await client.Kubernetes("GET", "api/v1/namespaces/contactsapp/services")).Items.Count);
    }

    [Fact]
    public async Task What_cannot_be_made_is_refused_as_recorded()
    {
        using var client = new SandboxClient();
        AssertStatus(Recorded.Read("badrequest-400-json"), await client.Kubernetes("POST", Pods, """{"apiVersion":"v1","""));
        AssertStatus(Recorded.Read("badrequest-400-mismatch"), await client.Kubernetes("POST", Pods, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}"""));
        AssertStatus(Recorded.Read("invalid-422"), await client.Kubernetes("POST", Pods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"Bad_Name"},"spec":{"containers":[{"name":"c"}]}}"""));
    }

    [Theory]
    [InlineData("""{"metadata":{},"spec":{"containers":[{"name":"c","image":"x"}]}}""", 422, "metadata.name: Required value: name or generateName is required")]
    [InlineData("""{"metadata":{"name":"x","namespace":"other"},"spec":{"containers":[{"name":"c","image":"x"}]}}""", 400, "the namespace of the provided object does not match the namespace sent on the request")]
    [InlineData("""{"metadata":{"name":"x"},"spec":{"containers":[]}}""", 422, "spec.containers: Required value")]
    [InlineData("""{"metadata":{"name":"x"},"spec":{"containers":[{"name":"A_B","image":"x"}]}}""", 422, "spec.containers[0].name: Invalid value")]
    [InlineData("""{"metadata":{"name":"x"}}""", 400, "spec is missing")]
    [InlineData("""{"metadata":{"name":"x","resourceVersion":"5"},"spec":{"containers":[{"name":"c","image":"x"}]}}""", 500, "resourceVersion should not be set")]
    public async Task A_pod_that_breaks_the_rules_is_refused(string body, int code, string message)
    {
        using var client = new SandboxClient();
        var answer = await client.Kubernetes("POST", Pods, body);
        Assert.Equal(code, (int)answer.Status);
        Assert.Contains(message, (string)answer.Json["message"]!, StringComparison.Ordinal);
    }
}
