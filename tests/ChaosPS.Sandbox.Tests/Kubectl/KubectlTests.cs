using System.Net;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Tables;
using ChaosPS.Sandbox.Tests.Kubernetes;

namespace ChaosPS.Sandbox.Tests.Kubectl;

/// <summary>
/// kubectl is at home on a served sandbox: what it shows is what the module says of the same cluster, and what it does happens. Where this
/// machine has no kubectl, the same is proved with the requests that it sends.
/// </summary>
public class KubectlTests
{
    private const string Node = "aks-nodepool1-36421985-vmss000000";
    private const string Core = "/api/v1/namespaces/contactsapp";
    private const string Apps = "/apis/apps/v1/namespaces/contactsapp";
    private const string Web = $"{Apps}/deployments/web";

    private const string Manifest = """
        {
          "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "contactsapp"},
          "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
              "metadata": {"labels": {"app": "web"}},
              "spec": {"containers": [{"name": "web", "image": "nginx:1", "ports": [{"containerPort": 80}]}]}
            }
          }
        }
        """;

    public static TheoryData<string> Clients => ClusterUser.Clients;

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Its_table_of_nodes_says_what_the_module_says(string client)
    {
        await using var user = new ClusterUser(client, speed: 1);
        var rows = await user.TableAsync("get nodes -o wide", "/api/v1/nodes");
        var nodes = await user.Cluster.GetNodesAsync(default);

        Assert.Equal(
            nodes.OrderBy(node => node.Name, StringComparer.Ordinal).Select(node =>
                (node.Name, node.Status, string.Join(',', node.Roles), node.Version, node.InternalIP, HumanDuration.Text(node.Age))),
            rows.Select(row => (row["NAME"], row["STATUS"], row["ROLES"], row["VERSION"], (string?)row["INTERNAL-IP"], row["AGE"])));
        var zones = await user.TableAsync("get nodes -L topology.kubernetes.io/zone", "/api/v1/nodes");
        if (user.IsKubectl) Assert.Equal(nodes.Select(node => node.Zone).Order(), zones.Select(row => row["ZONE"]).Order());
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Its_table_of_pods_says_what_the_module_says(string client)
    {
        await using var user = new ClusterUser(client, speed: 1);
        var rows = await user.TableAsync("get pods --all-namespaces -o wide", "/api/v1/pods");
        var pods = await user.Cluster.GetPodsAsync(null, null, default);

        Assert.Equal(
            Sorted(pods).Select(pod => (
                pod.Namespace, pod.Name, $"{pod.ReadyContainers}/{pod.Containers}", pod.Status, $"{pod.Restarts}", HumanDuration.Text(pod.Age), pod.PodIP, pod.NodeName)),
            rows.Select(row => (
                row["NAMESPACE"], row["NAME"], row["READY"], row["STATUS"], row["RESTARTS"].Split(' ')[0], row["AGE"], (string?)row["IP"], (string?)row["NODE"])));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Its_table_of_deployments_says_what_the_module_says(string client)
    {
        await using var user = new ClusterUser(client, speed: 1);
        var rows = await user.TableAsync("get deployments", $"{Apps}/deployments");
        var workloads = (await user.Cluster.GetWorkloadsAsync("contactsapp", default)).Where(workload => workload.Kind == "Deployment");

        Assert.Equal(
            workloads.OrderBy(workload => workload.Name, StringComparer.Ordinal).Select(workload => (workload.Name, $"{workload.ReadyReplicas}/{workload.Replicas}")),
            rows.Select(row => (row["NAME"], row["READY"])));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Selectors_choose_the_pods_that_the_module_chooses(string client)
    {
        await using var user = new ClusterUser(client, speed: 1);
        var chosen = await user.TableAsync("get pods -l 'service in (searchapi),application'", $"{Core}/pods?labelSelector=service+in+%28searchapi%29%2Capplication");
        var there = await user.TableAsync($"get pods --field-selector spec.nodeName={Node}", $"{Core}/pods?fieldSelector=spec.nodeName%3D{Node}");

        Assert.Equal(Sorted(await user.Cluster.GetPodsAsync("contactsapp", "service=searchapi", default)).Select(pod => pod.Name), chosen.Select(row => row["NAME"]));
        var pods = await user.Cluster.GetPodsAsync("contactsapp", null, default);
        Assert.Equal(Sorted(pods).Where(pod => pod.NodeName == Node).Select(pod => pod.Name), there.Select(row => row["NAME"]));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task It_finds_out_what_is_served(string client)
    {
        await using var user = new ClusterUser(client, speed: 1);
        await user.DoAsync("api-resources", "^deployments +deploy +apps/v1 +true +Deployment$", new Request("GET", "/apis/apps/v1"));
        await user.DoAsync("api-versions", "^policy/v1$", new Request("GET", "/apis"));
        await user.DoAsync("version", "^Server Version: v1.32", new Request("GET", "/version"));
        await user.DoAsync("cluster-info", "control plane", new Request("GET", "/api/v1/namespaces/kube-system/services"));
        await user.DoAsync("get --raw /readyz?verbose", "^readyz check passed$", new Request("GET", "/readyz?verbose"));
        await user.DoAsync("explain deployment.spec.strategy.rollingUpdate", "maxSurge\t<IntOrString>", new Request("GET", "/openapi/v3/apis/apps/v1"));
        await user.DoAsync("get po,deploy,rs,ds,svc,ing,ep,no,ns", "^service/searchapi ", new Request("GET", "/api/v1/services"));
        await user.DoAsync("get all", "^deployment.apps/search-deploy ", new Request("GET", $"{Apps}/deployments"));
        await user.DoAsync("auth can-i create pods --subresource=eviction", "^yes$", Review("""{"verb":"create","resource":"pods","subresource":"eviction"}"""));
        await user.DoAsync("auth whoami", "^Username +sandbox$", new Request("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}"));
        await user.DoAsync("auth can-i --list", @"^deployments\.apps/scale ", new Request("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", "{}"));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task It_describes_objects_with_all_that_belongs_to_them(string client)
    {
        await using var user = new ClusterUser(client, speed: 1);
        var pod = (await user.Cluster.GetPodsAsync("contactsapp", "service=frontend", default)).Single();

        await user.DoAsync(
            $"describe node {Node}", @"search-deploy-\S+ +\d+m? \(\d+%\)",
            new Request("GET", $"/api/v1/nodes/{Node}"), new Request("GET", $"/api/v1/pods?fieldSelector=spec.nodeName%3D{Node}"),
            new Request("GET", $"/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{Node}"));
        await user.DoAsync($"describe pod {pod.Name}", $"^Node: +{pod.NodeName}/", new Request("GET", $"{Core}/pods/{pod.Name}"));
        await user.DoAsync(
            "describe deployment search-deploy", "^Replicas: +2 desired [|] 2 updated [|] 2 total [|] 2 available",
            new Request("GET", $"{Apps}/deployments/search-deploy"), new Request("GET", $"{Apps}/replicasets?labelSelector=service%3Dsearchapi"));
        await user.DoAsync("get deployment search-deploy -o yaml", "^  replicas: 2$", new Request("GET", $"{Apps}/deployments/search-deploy") { Accept = "application/yaml" });
        await user.DoAsync("get deployment search-deploy -o jsonpath={.spec.replicas}", "^2$", new Request("GET", $"{Apps}/deployments/search-deploy"));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task It_applies_a_manifest_on_either_side_and_knows_when_nothing_changes(string client)
    {
        await using var user = new ClusterUser(client);
        var missing = new Request("GET", Web) { Status = HttpStatusCode.NotFound };
        var create = new Request("POST", $"{Apps}/deployments?fieldManager=kubectl-client-side-apply&fieldValidation=Strict", Manifest);
        var apply = new Request("PATCH", $"{Web}?fieldManager=kubectl&fieldValidation=Strict&force=true", Manifest, "application/apply-patch+yaml");

        await user.DoAsync("apply -f -", Manifest, "^deployment.apps/web created$", missing, create);
        var generation = (long)(await user.ReadAsync(Web))["metadata"]!["generation"]!;
        await user.DoAsync("apply -f -", Manifest, "^deployment.apps/web unchanged$", new Request("GET", Web));
        await user.DoAsync("apply --server-side --force-conflicts -f -", Manifest, "^deployment.apps/web serverside-applied$", apply);
        await user.DoAsync("diff -f -", Manifest, "^$", apply with { Path = $"{Web}?dryRun=All&fieldManager=kubectl&force=true" });
        await user.DoAsync(
            "apply --dry-run=server -f -", Manifest.Replace("nginx:1", "nginx:2", StringComparison.Ordinal), @"^deployment.apps/web configured \(server dry run\)$",
            Request.Patch($"{Web}?dryRun=All", "strategic-merge", """{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:2"}]}}}}"""));

        var web = await user.ReadAsync(Web);
        Assert.Equal("nginx:1", (string?)web["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]);
        Assert.Equal(generation, (long)web["metadata"]!["generation"]!);
        Assert.Equal(2, (await Workload(user, "web")).Replicas);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task It_says_which_field_of_a_manifest_is_misspelt(string client)
    {
        await using var user = new ClusterUser(client);
        var misspelt = Manifest.Replace("\"replicas\"", "\"replica\"", StringComparison.Ordinal);

        await user.FailAsync(
            "apply -f -", misspelt, "strict decoding error: unknown field \"spec.replica\"",
            new Request("POST", $"{Apps}/deployments?fieldManager=kubectl-client-side-apply&fieldValidation=Strict", misspelt) { Status = HttpStatusCode.BadRequest });
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task It_changes_objects_and_the_module_sees_it(string client)
    {
        await using var user = new ClusterUser(client);
        const string Deployment = $"{Apps}/deployments/search-deploy";

        await user.DoAsync("label node " + Node + " tier=front", "labeled$", Request.Patch($"/api/v1/nodes/{Node}", "merge", """{"metadata":{"labels":{"tier":"front"}}}"""));
        await user.DoAsync("annotate deployment search-deploy note=hello", "annotated$", Request.Patch(Deployment, "merge", """{"metadata":{"annotations":{"note":"hello"}}}"""));
        await user.DoAsync(
            $"taint node {Node} dedicated=x:NoSchedule", "tainted$",
            Request.Patch($"/api/v1/nodes/{Node}", "strategic-merge", """{"spec":{"taints":[{"effect":"NoSchedule","key":"dedicated","value":"x"}]}}"""));
        await user.DoAsync("scale deployment search-deploy --replicas=3", "scaled$", Request.Patch($"{Deployment}/scale", "merge", """{"spec":{"replicas":3}}"""));
        await user.DoAsync(
            """patch deployment search-deploy --type=json -p='[{"op":"add","path":"/metadata/labels/by","value":"patch"}]'""", "patched$",
            Request.Patch(Deployment, "json", """[{"op":"add","path":"/metadata/labels/by","value":"patch"}]"""));
        await user.DoAsync(
            "set image deployment/search-deploy searchapi=contactsapp.azurecr.io/searchapi:3.0", "image updated$",
            Request.Patch(Deployment, "strategic-merge", """{"spec":{"template":{"spec":{"containers":[{"name":"searchapi","image":"contactsapp.azurecr.io/searchapi:3.0"}]}}}}"""));

        var node = (await user.Cluster.GetNodeAsync(Node, default))!;
        Assert.Equal("front", node.Labels["tier"]);
        Assert.Contains(node.Taints, taint => taint is { Key: "dedicated", Value: "x", Effect: TaintEffect.NoSchedule });
        Assert.Equal(3, (await Workload(user, "search-deploy")).Replicas);
        var json = await user.ReadAsync(Deployment);
        Assert.Equal(("hello", "patch"), ((string?)json["metadata"]!["annotations"]!["note"], (string?)json["metadata"]!["labels"]!["by"]));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task It_rolls_out_watches_and_rolls_back(string client)
    {
        await using var user = new ClusterUser(client);
        const string Deployment = $"{Apps}/deployments/search-deploy";
        static bool IsDone(System.Text.Json.Nodes.JsonNode json) =>
            (int?)json["status"]!["updatedReplicas"] == 2 && (int?)json["status"]!["replicas"] == 2 && (int?)json["status"]!["availableReplicas"] == 2
            && (long?)json["status"]!["observedGeneration"] == (long?)json["metadata"]!["generation"];

        await user.DoAsync(
            "rollout restart deployment/search-deploy", "restarted$",
            Request.Patch(Deployment, "strategic-merge", """{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-11-23T09:00:00Z"}}}}}"""));
        await user.DoAsync("rollout status deployment/search-deploy --timeout=60s", "successfully rolled out$", new Request("GET", Deployment));
        await user.UntilAsync(Deployment, IsDone);
        await user.DoAsync("wait --for=condition=Available deployment/search-deploy --timeout=30s", "condition met$", new Request("GET", Deployment));
        await user.DoAsync("rollout history deployment/search-deploy", @"^2\s+<none>$", new Request("GET", $"{Apps}/replicasets"));
        await user.DoAsync(
            "rollout undo deployment/search-deploy", "rolled back$",
            Request.Patch(Deployment, "json", """[{"op":"remove","path":"/spec/template/metadata/annotations"}]"""));
        await user.DoAsync("rollout status deployment/search-deploy --timeout=60s", "successfully rolled out$", new Request("GET", Deployment));
        await user.UntilAsync(Deployment, IsDone);

        await user.UntilAsync($"{Core}/pods?labelSelector=service%3Dsearchapi", list => list["items"]!.AsArray().Count == 2);

        Assert.Null((await user.ReadAsync(Deployment))["spec"]!["template"]!["metadata"]!["annotations"]?["kubectl.kubernetes.io/restartedAt"]);
        var rows = await user.TableAsync("get pods -l service=searchapi", $"{Core}/pods?labelSelector=service%3Dsearchapi");
        Assert.Equal(Sorted(await user.Cluster.GetPodsAsync("contactsapp", "service=searchapi", default)).Select(pod => pod.Name), rows.Select(row => row["NAME"]));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task It_drains_a_node_as_far_as_a_budget_lets_it(string client)
    {
        await using var user = new ClusterUser(client);
        const string Budgets = "/apis/policy/v1/namespaces/contactsapp/poddisruptionbudgets";
        const string Budget = """
            {"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"search"},"spec":{"minAvailable":2,"selector":{"matchLabels":{"service":"searchapi"}}}}
            """;
        var pods = await user.Cluster.GetPodsAsync("contactsapp", "service=searchapi", default);
        Request Evict(ClusterPod pod, HttpStatusCode status) =>
            new("POST", $"{Core}/pods/{pod.Name}/eviction", $$"""{"kind":"Eviction","apiVersion":"policy/v1","metadata":{"name":"{{pod.Name}}","namespace":"contactsapp"} }""") { Status = status };

        await user.DoAsync("create -f -", Budget, "^poddisruptionbudget.policy/search created$", new Request("POST", Budgets, Budget));
        await user.UntilAsync($"{Budgets}/search", json => (int?)json["status"]?["currentHealthy"] == 2);
        await user.DoAsync($"cordon {Node}", "cordoned$", Request.Patch($"/api/v1/nodes/{Node}", "strategic-merge", """{"spec":{"unschedulable":true}}"""));
        Assert.Equal("Ready,SchedulingDisabled", (await user.TableAsync($"get node {Node}", $"/api/v1/nodes/{Node}")).Single()["STATUS"]);
        Assert.True((await user.Cluster.GetNodeAsync(Node, default))!.Unschedulable);
        await user.FailAsync(
            $"drain {Node} --ignore-daemonsets --timeout=2s", "Cannot evict pod as it would violate the pod's disruption budget", Evict(pods[0], HttpStatusCode.TooManyRequests));
        await user.DoAsync("delete pdb search", "deleted$", new Request("DELETE", $"{Budgets}/search"));
        await user.DoAsync($"drain {Node} --ignore-daemonsets --timeout=60s", "drained$", [.. pods.Select(pod => Evict(pod, HttpStatusCode.Created))]);
        await user.UntilAsync($"{Core}/pods?labelSelector=service%3Dsearchapi", list => list["items"]!.AsArray().All(pod => (string?)pod!["spec"]!["nodeName"] is not (null or Node)));
        await user.DoAsync($"uncordon {Node}", "uncordoned$", Request.Patch($"/api/v1/nodes/{Node}", "strategic-merge", """{"spec":{"unschedulable":null}}"""));

        Assert.All(await user.Cluster.GetPodsAsync("contactsapp", "service=searchapi", default), pod => Assert.NotEqual(Node, pod.NodeName));
        Assert.False((await user.Cluster.GetNodeAsync(Node, default))!.Unschedulable);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task It_creates_objects_of_many_kinds(string client)
    {
        await using var user = new ClusterUser(client);
        await user.DoAsync("create deployment web --image=nginx --replicas=2", "created$", new Request("POST", $"{Apps}/deployments", Manifest));
        await user.DoAsync("wait --for=condition=Available deployment/web --timeout=30s", "condition met$", new Request("GET", Web));
        await user.DoAsync("expose deployment web --port=80", "exposed$", Create(Core, "services", "v1", "Service", """ "spec":{"ports":[{"port":80}],"selector":{"app":"web"}} """));
        await user.DoAsync("run web --image=nginx", "created$", Create(Core, "pods", "v1", "Pod", """ "spec":{"containers":[{"name":"web","image":"nginx"}]} """));
        await user.DoAsync("create configmap web --from-literal=a=b", "created$", Create(Core, "configmaps", "v1", "ConfigMap", """ "data":{"a":"b"} """));
        await user.DoAsync("create secret generic web --from-literal=a=b", "created$", Create(Core, "secrets", "v1", "Secret", """ "data":{"a":"Yg=="} """));
        await user.DoAsync("create serviceaccount web", "created$", Create(Core, "serviceaccounts", "v1", "ServiceAccount"));
        await user.DoAsync("create namespace web", "created$", Create("/api/v1", "namespaces", "v1", "Namespace"));
        await user.DoAsync(
            "create pdb web --selector=app=web --min-available=1", "created$",
            Create("/apis/policy/v1/namespaces/contactsapp", "poddisruptionbudgets", "policy/v1", "PodDisruptionBudget", """ "spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"web"}}} """));
        await user.DoAsync(
            "create ingress web --class=nginx --rule=web.example/*=web:80", "created$",
            Create("/apis/networking.k8s.io/v1/namespaces/contactsapp", "ingresses", "networking.k8s.io/v1", "Ingress", """ "spec":{"ingressClassName":"nginx","rules":[{"host":"web.example"}]} """));

        var web = await Workload(user, "web");
        Assert.Equal(2, web.Replicas);
        foreach (var (kind, column, expected) in new[] { ("configmaps", "DATA", "1"), ("secrets", "TYPE", "Opaque"), ("services", "PORT(S)", "80/TCP"), ("pods", "RESTARTS", "0") })
        {
            Assert.Equal(expected, (await user.TableAsync($"get {kind} web", $"{Core}/{kind}/web")).Single()[column]);
        }

        var ingress = (await user.TableAsync("get ingress web", "/apis/networking.k8s.io/v1/namespaces/contactsapp/ingresses/web")).Single();
        Assert.Equal(("nginx", "web.example"), (ingress["CLASS"], ingress["HOSTS"]));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task It_deletes_and_what_belongs_to_the_object_goes_with_it(string client)
    {
        await using var user = new ClusterUser(client);
        var pod = (await user.Cluster.GetPodsAsync("contactsapp", "service=frontend", default)).Single();

        await user.DoAsync($"delete pod {pod.Name}", "deleted$", new Request("DELETE", $"{Core}/pods/{pod.Name}"));
        await user.UntilAsync($"{Core}/pods?labelSelector=service%3Dfrontend", list => list["items"]!.AsArray() is [var only] && (string?)only!["metadata"]!["name"] != pod.Name);
        await user.DoAsync("delete deployment search-deploy", "deleted$", new Request("DELETE", $"{Apps}/deployments/search-deploy"));
        await user.UntilAsync($"{Core}/pods?labelSelector=service%3Dsearchapi", list => list["items"]!.AsArray().Count == 0);

        Assert.DoesNotContain(await user.Cluster.GetWorkloadsAsync("contactsapp", default), workload => workload.Name == "search-deploy");
        Assert.Empty(await user.Cluster.GetPodsAsync("contactsapp", "service=searchapi", default));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task It_watches_what_happens_to_a_pod(string client)
    {
        await using var user = new ClusterUser(client);
        var pod = (await user.Cluster.GetPodsAsync("contactsapp", "service=frontend", default)).Single();

        await user.WatchAsync(
            "get pods -l service=frontend -w", $"{Core}/pods?labelSelector=service%3Dfrontend",
            () => user.DoAsync($"delete pod {pod.Name} --wait=false", "deleted$", new Request("DELETE", $"{Core}/pods/{pod.Name}")),
            $@"^{pod.Name} +1/1 +Terminating +0 ");
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task It_is_told_plainly_what_is_not_there(string client)
    {
        await using var user = new ClusterUser(client, speed: 1);
        var pod = (await user.Cluster.GetPodsAsync("contactsapp", "service=frontend", default)).Single();

        await user.FailAsync("get pod nothing", "pods \"nothing\" not found", new Request("GET", $"{Core}/pods/nothing") { Status = HttpStatusCode.NotFound });
        await user.FailAsync("get unicorns", "doesn't have a resource type|page not found|requested resource", new Request("GET", $"{Core}/unicorns") { Status = HttpStatusCode.NotFound });
        await user.FailAsync("top nodes", "Metrics API not available|page not found", new Request("GET", "/apis/metrics.k8s.io/v1beta1/nodes") { Status = HttpStatusCode.NotFound });
        await user.FailAsync($"logs {pod.Name} -c nobody", "container nobody is not valid for pod", new Request("GET", $"{Core}/pods/{pod.Name}/log?container=nobody") { Status = HttpStatusCode.BadRequest });
        await user.FailAsync($"logs {pod.Name} --previous", "previous terminated container .* not found", new Request("GET", $"{Core}/pods/{pod.Name}/log?previous=true") { Status = HttpStatusCode.BadRequest });
        await user.FailAsync($"exec {pod.Name} -c nobody -- true", "container nobody is not valid for pod", new Request("GET", $"{Core}/pods/{pod.Name}/exec?command=true&container=nobody") { Status = HttpStatusCode.BadRequest });
        await user.FailAsync($"port-forward {pod.Name} :80", "no real process runs", new Request("POST", $"{Core}/pods/{pod.Name}/portforward") { Status = HttpStatusCode.BadRequest });
        await user.FailAsync("get pods -l a=b=c", "(?i)unable to parse|invalid|found", new Request("GET", $"{Core}/pods?labelSelector=a%3Db%3Dc") { Status = HttpStatusCode.BadRequest });
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task It_learns_a_kind_from_a_definition_and_forgets_it_with_it(string client)
    {
        const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        const string Widgets = "/apis/shop.example/v1/namespaces/contactsapp/widgets";
        const string Widget = """{"apiVersion":"shop.example/v1","kind":"Widget","metadata":{"name":"a","namespace":"contactsapp"},"spec":{"size":1}}""";
        var definition = CustomResourceTests.Definition("Widget", "widgets", "shop.example");
        await using var user = new ClusterUser(client, speed: 1);

        await user.DoAsync("apply -f -", definition, "^customresourcedefinition.apiextensions.k8s.io/widgets.shop.example created$", new Request("POST", Definitions, definition));
        await user.DoAsync("apply -f -", definition, "unchanged$", new Request("GET", $"{Definitions}/widgets.shop.example"));
        await user.DoAsync("wait --for=condition=established crd/widgets.shop.example", "condition met$", new Request("GET", Definitions));
        await user.DoAsync("apply -f -", Widget, "^widget.shop.example/a created$", new Request("POST", Widgets, Widget));
        await user.DoAsync(
            "apply -f -", Widget.Replace("\"size\":1", "\"size\":2", StringComparison.Ordinal), "^widget.shop.example/a configured$",
            Request.Patch($"{Widgets}/a", "merge", """{"spec":{"size":2}}"""));
        await user.DoAsync("label wg a tier=web", "^widget.shop.example/a labeled$", Request.Patch($"{Widgets}/a", "merge", """{"metadata":{"labels":{"tier":"web"}}}"""));
        await user.DoAsync("explain widget.spec.size", "FIELD: size <integer>", new Request("GET", "/openapi/v3/apis/shop.example/v1"));

        Assert.Equal("a", Assert.Single(await user.TableAsync("get widgets -l tier=web", $"{Widgets}?labelSelector=tier%3Dweb"))["NAME"]);
        Assert.Equal(2, (int)(await user.ReadAsync($"{Widgets}/a"))["spec"]!["size"]!);
        await user.DoAsync("delete crd widgets.shop.example", "deleted$", new Request("DELETE", $"{Definitions}/widgets.shop.example"));
        await user.FailAsync("get widgets", "doesn't have a resource type|requested resource|page not found", new Request("GET", Widgets) { Status = HttpStatusCode.NotFound });
    }

    private static Request Review(string attributes) =>
        new("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", $$$"""{"spec":{"resourceAttributes":{{{attributes}}} }}""");

    private static Request Create(string root, string plural, string apiVersion, string kind, string? members = null) => new(
        "POST", $"{root}/{plural}", $$"""{"apiVersion":"{{apiVersion}}","kind":"{{kind}}","metadata":{"name":"web"}{{(members is null ? "" : "," + members)}}}""");

    private static async Task<Workload> Workload(ClusterUser user, string name) =>
        (await user.Cluster.GetWorkloadsAsync("contactsapp", default)).Single(workload => workload.Name == name);

    private static IEnumerable<ClusterPod> Sorted(IEnumerable<ClusterPod> pods) =>
        pods.OrderBy(pod => pod.Namespace, StringComparer.Ordinal).ThenBy(pod => pod.Name, StringComparer.Ordinal);
}
