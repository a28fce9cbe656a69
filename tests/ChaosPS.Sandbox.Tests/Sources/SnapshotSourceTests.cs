using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Sandboxes;
using ChaosPS.Snapshots;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Sources;

public sealed class SnapshotSourceTests
{
    private readonly Composition _composition = new();

    [Fact]
    public async Task A_copy_begins_where_the_cluster_was()
    {
        var original = _composition.Connect(SandboxFactory.Create("contactsapp", 1));
        var stopped = await original.Time.RunAsync(async () =>
        {
            var node = (await original.Cluster.GetNodesAsync(default))[1];
            var operation = await original.Power.BeginAsync(await original.Power.GetInstanceAsync(node, default), Clusters.PowerAction.PowerOff, false, default);
            await operation.WaitAsync(default);
            await original.Time.DelayAsync(TimeSpan.FromMinutes(2), default);
            return node.Name;
        });
        var snapshot = await TakeAsync(original);

        var copy = _composition.Connect(SandboxFactory.Create(snapshot, new Dictionary<string, string>(), new SandboxOptions { Seed = 7 }));

        Assert.Equal(snapshot.TakenAt, copy.Time.GetUtcNow());
        await copy.Time.RunAsync(async () =>
        {
            var nodes = await copy.Power.WithPowerStatesAsync(await copy.Cluster.GetNodesAsync(default), default);
            Assert.Equal([(stopped, false, Clusters.PowerState.Stopped)], nodes.Where(node => !node.Ready).Select(node => (node.Name, node.Ready, node.PowerState)));
            var pods = await copy.Cluster.GetPodsAsync(null, null, default);
            Assert.Equal(
                (await original.Cluster.GetPodsAsync(null, null, default)).Select(pod => (pod.Namespace, pod.Name, pod.NodeName, pod.Ready, pod.PodIP, pod.Uid)),
                pods.Select(pod => (pod.Namespace, pod.Name, pod.NodeName, pod.Ready, pod.PodIP, pod.Uid)));
            Assert.NotEqual((await original.Cluster.GetIdentityAsync(default)).Id, (await copy.Cluster.GetIdentityAsync(default)).Id);
        });
    }

    [Fact]
    public async Task A_snapshot_of_a_copy_is_the_snapshot_that_the_copy_was_made_of()
    {
        var first = await TakeAsync(_composition.Connect(SandboxFactory.Create("contactsapp", 1)));

        var second = await TakeAsync(_composition.Connect(SandboxFactory.Create(first, new Dictionary<string, string>(), new SandboxOptions { Seed = 5 })));

        // Uids that no object outside refers to are the copy's own, and the kubelets' next reports are drawn anew.
        HashSet<string> itsOwn =
        [
            "Lease.metadata.uid", "Namespace.metadata.uid", "Node.status.conditions.lastHeartbeatTime", "Pod.metadata.ownerReferences.uid",
            "ReplicaSet.metadata.uid", "Service.metadata.uid",
        ];
        Assert.Empty(Differences(first, second).Except(itsOwn));
    }

    [Fact]
    public async Task Nodes_cannot_be_chosen_for_a_copy()
    {
        var snapshot = await TakeAsync(_composition.Connect(SandboxFactory.Create("contactsapp", 1)));

        Assert.Equal("NodesNotWanted", Assert.Throws<ChaosException>(() => SandboxFactory.Create(snapshot, new Dictionary<string, string>(), new SandboxOptions { Nodes = 2 })).ErrorId);
    }

    [Fact]
    public async Task The_application_of_the_manifests_answers_at_its_own_host_and_at_the_sandboxs()
    {
        using var folder = new TextFolder(("all.yaml", ManifestSourceTests.Shop));
        var sandbox = SandboxFactory.Create(folder.Path, new SandboxOptions(), _composition.Documents);
        using var http = new HttpMessageInvoker(sandbox.Handler, disposeHandler: false);

        foreach (var uri in new[] { "http://shop.example/", "http://shop.sandbox/" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            using var answer = await sandbox.Clock.RunAsync(() => http.SendAsync(request, default));
            Assert.Equal(200, (int)answer.StatusCode);
        }

        Assert.Equal(["shop.sandbox", "shop.example"], sandbox.ApplicationHosts);
    }

    [Theory]
    [InlineData("apps/v1/deployments", 1)]
    [InlineData("apps/v1/statefulsets", 1)]
    [InlineData("apps/v1/daemonsets", 1)]
    [InlineData("batch/v1/jobs", 1)]
    [InlineData("batch/v1/cronjobs", 1)]
    [InlineData("autoscaling/v2/horizontalpodautoscalers", 1)]
    [InlineData("policy/v1/poddisruptionbudgets", 1)]
    [InlineData("networking.k8s.io/v1/ingresses", 1)]
    [InlineData("storage.k8s.io/v1/csinodes", 3)]
    public async Task Objects_of_every_kind_in_the_manifests_are_served(string path, int count)
    {
        const string More = """

            ---
            {apiVersion: batch/v1, kind: Job, metadata: {name: once, namespace: shop}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}}}
            ---
            {apiVersion: batch/v1, kind: CronJob, metadata: {name: often, namespace: shop}, spec: {schedule: "* * * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}}}}}
            ---
            {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]}}
            ---
            {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}}
            """;
        using var folder = new TextFolder(("all.yaml", ManifestSourceTests.Shop + More));
        var sandbox = SandboxFactory.Create(folder.Path, new SandboxOptions(), _composition.Documents);
        using var http = new HttpMessageInvoker(sandbox.Handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(sandbox.KubernetesUri, $"apis/{path}"));

        using var answer = await http.SendAsync(request, default);

        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        Assert.Equal(count, JsonNode.Parse(body)!["items"]!.AsArray().Count);
    }

    /// <summary>The kinds of objects and the fields of them that are not the same in both.</summary>
    private static IEnumerable<string> Differences(SnapshotDocument left, SnapshotDocument right)
    {
        var (first, second) = (Fields(left), Fields(right));
        return first.Except(second).Concat(second.Except(first)).Select(static field => field.Field).Distinct().Order(StringComparer.Ordinal);

        static HashSet<(string Object, string Field, string Value)> Fields(SnapshotDocument snapshot) =>
        [
            .. snapshot.Objects.SelectMany(static item =>
                Leaves((string)item["kind"]!, item).Select(leaf => ($"{item["kind"]} {item["metadata"]!["namespace"]}/{item["metadata"]!["name"]}", leaf.Path, leaf.Value))),
        ];

        static IEnumerable<(string Path, string Value)> Leaves(string path, JsonNode? node) => node switch
        {
            JsonObject json => json.SelectMany(member => Leaves($"{path}.{member.Key}", member.Value)),
            JsonArray array => array.SelectMany(item => Leaves(path, item)),
            _ => [(path, node?.ToJsonString() ?? "null")],
        };
    }

    private static Task<SnapshotDocument> TakeAsync(ChaosConnection connection) =>
        connection.Time.RunAsync(() => ClusterExport.TakeAsync(connection, [], NullLog.Instance, default));
}
