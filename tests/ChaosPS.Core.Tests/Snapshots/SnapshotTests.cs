using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Snapshots;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Snapshots;

public sealed class SnapshotTests : IDisposable
{
    private const string Secret = "hunter2";

    private readonly FakeWorld _world = new();

    public void Dispose() => _world.Dispose();

    /// <summary>Every place of a pod spec and of an object's metadata where people put what nobody should see.</summary>
    private static JsonObject Planted(string kind, string? @namespace)
    {
        var podSpec = JsonNode.Parse($$"""
            {
              "nodeName": "node-a",
              "serviceAccountName": "{{Secret}}",
              "imagePullSecrets": [{ "name": "{{Secret}}" }],
              "hostAliases": [{ "ip": "1.2.3.4", "hostnames": ["{{Secret}}"] }],
              "securityContext": { "seLinuxOptions": { "user": "{{Secret}}" } },
              "containers": [{
                "name": "main", "image": "app:1",
                "command": ["{{Secret}}"], "args": ["--password={{Secret}}"], "workingDir": "/{{Secret}}",
                "env": [{ "name": "PASSWORD", "value": "{{Secret}}" }, { "name": "B", "valueFrom": { "secretKeyRef": { "name": "{{Secret}}", "key": "k" } } }],
                "envFrom": [{ "secretRef": { "name": "{{Secret}}" } }],
                "resources": { "requests": { "cpu": "100m", "memory": "64Mi" } },
                "readinessProbe": { "periodSeconds": 5, "httpGet": { "path": "/?token={{Secret}}", "port": 80, "httpHeaders": [{ "name": "Authorization", "value": "{{Secret}}" }] } },
                "livenessProbe": { "periodSeconds": 5, "exec": { "command": ["{{Secret}}"] } },
                "lifecycle": { "preStop": { "exec": { "command": ["{{Secret}}"] } } },
                "volumeMounts": [{ "name": "v", "mountPath": "/{{Secret}}" }]
              }],
              "volumes": [
                { "name": "v", "secret": { "secretName": "{{Secret}}" } },
                { "name": "w", "persistentVolumeClaim": { "claimName": "data" } },
                { "name": "x", "azureFile": { "secretName": "{{Secret}}", "shareName": "{{Secret}}" } },
                { "name": "y", "emptyDir": { "medium": "{{Secret}}" } }
              ]
            }
            """)!;
        var item = new JsonObject
        {
            ["kind"] = kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{kind.ToLowerInvariant()}-1",
                ["uid"] = "7b0e",
                ["labels"] = new JsonObject { ["app"] = "web" },
                ["annotations"] = new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = Secret, ["vault"] = Secret },
                ["managedFields"] = new JsonArray(new JsonObject { ["manager"] = Secret }),
            },
            ["data"] = new JsonObject { ["password"] = Secret },
            ["stringData"] = new JsonObject { ["password"] = Secret },
            ["spec"] = kind == "Pod" ? podSpec : new JsonObject
            {
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["secret"] = Secret }, ["labels"] = new JsonObject { ["app"] = "web" } },
                    ["spec"] = podSpec,
                },
                ["externalName"] = Secret,
                ["tls"] = new JsonArray(new JsonObject { ["secretName"] = Secret, ["hosts"] = new JsonArray("shop.example") }),
                ["csi"] = new JsonObject { ["driver"] = "disk.csi.azure.com", ["volumeAttributes"] = new JsonObject { ["key"] = Secret } },
                ["metrics"] = new JsonArray(new JsonObject { ["type"] = "External", ["external"] = new JsonObject { ["metric"] = new JsonObject { ["name"] = Secret } } }),
                ["replicas"] = new JsonObject { ["hidden"] = Secret },
            },
            ["status"] = new JsonObject
            {
                ["message"] = Secret,
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["message"] = Secret }),
            },
            ["parameters"] = new JsonObject { ["accountKey"] = Secret },
        };
        if (@namespace is not null) item["metadata"]!["namespace"] = @namespace;
        return item;
    }

    [Fact]
    public async Task What_is_secret_is_left_out_wherever_it_is()
    {
        string[] kinds =
        [
            "ConfigMap", "CronJob", "CSINode", "DaemonSet", "Deployment", "HorizontalPodAutoscaler", "Ingress", "Job", "PersistentVolumeClaim", "Pod",
            "PodDisruptionBudget", "ReplicaSet", "Secret", "Service", "StatefulSet", "PersistentVolume", "StorageClass", "PriorityClass", "Node", "Namespace",
        ];
        foreach (var kind in kinds) _world.Cluster.Objects.Add(Planted(kind, kind is "Node" or "Namespace" or "PersistentVolume" ? null : "shop"));

        var snapshot = await TakeAsync();

        var text = Encoding.UTF8.GetString(SnapshotFile.Write(snapshot, compressed: false));
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.Equal(kinds.Except(["ConfigMap", "CronJob", "Secret"]).Order(StringComparer.Ordinal), snapshot.Objects.Select(item => (string)item["kind"]!));
        var pod = snapshot.Objects.Single(item => (string)item["kind"]! == "Pod")["spec"]!;
        Assert.Equal(
            """{"containers":[{"image":"app:1","livenessProbe":{"periodSeconds":5},"name":"main","readinessProbe":{"periodSeconds":5},"resources":{"requests":{"cpu":"100m","memory":"64Mi"}}}],"nodeName":"node-a","volumes":[{"name":"v"},{"name":"w","persistentVolumeClaim":{"claimName":"data"}},{"name":"x"},{"emptyDir":{},"name":"y"}]}""",
            pod.ToJsonString());
    }

    [Fact]
    public async Task The_same_state_gives_the_same_bytes_whatever_the_order_of_the_answers()
    {
        foreach (var kind in new[] { "Pod", "Node", "Service" }) _world.Cluster.Objects.Add(Planted(kind, kind == "Node" ? null : "shop"));
        var first = SnapshotFile.Write(await TakeAsync(), compressed: true);
        _world.Cluster.Objects.Reverse();

        var second = SnapshotFile.Write(await TakeAsync(), compressed: true);

        Assert.Equal(first, second);
        Assert.Equal([0x1F, 0x8B, 8, 0, 0, 0, 0, 0], first[..8]);
        Assert.Equal(255, first[9]);
    }

    [Theory]
    [InlineData("cluster.json")]
    [InlineData("cluster.json.gz")]
    public async Task What_is_saved_is_read_again(string name)
    {
        foreach (var kind in new[] { "Pod", "Node" }) _world.Cluster.Objects.Add(Planted(kind, kind == "Node" ? null : "shop"));
        var snapshot = await TakeAsync();
        var folder = Directory.CreateTempSubdirectory("chaosps-tests-");
        try
        {
            var path = Path.Combine(folder.FullName, name);
            SnapshotFile.Save(snapshot, path);
            SnapshotFile.Save(snapshot, path);

            var read = SnapshotFile.Load(path)!;

            Assert.Equal(SnapshotFile.Write(snapshot, compressed: false), SnapshotFile.Write(read, compressed: false));
            Assert.Equal("node-a", Assert.Single(read.ToSnapshot().Pods).NodeName);
            Assert.Equal([path], Directory.GetFiles(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("x.json.gz", "no gzip", "not compressed with gzip")]
    [InlineData("x.json", """{"kind":"List","chaosps":{"format":2},"items":[]}""", "its format is 2, and this version reads 1")]
    [InlineData("x.json", """{"kind":"List","chaosps":{"format":1,"takenAt":"2026-11-23T09:00:00Z"},"items":[{"kind":"Pod"}]}""", "object 1 has no kind or no name")]
    public void A_file_that_is_no_snapshot_is_refused_with_the_reason(string name, string text, string reason)
    {
        var folder = Directory.CreateTempSubdirectory("chaosps-tests-");
        try
        {
            var path = Path.Combine(folder.FullName, name);
            File.WriteAllText(path, text);

            var error = Assert.Throws<ChaosException>(() => SnapshotFile.Load(path));

            Assert.Equal("SnapshotInvalid", error.ErrorId);
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_may_not_be_listed_is_named_and_only_nodes_and_pods_are_needed()
    {
        _world.Cluster.Objects.Add(Planted("Node", null));
        _world.Cluster.Forbidden.Add("ingresses");

        var snapshot = await TakeAsync();

        Assert.Equal(["ingresses.networking.k8s.io"], snapshot.Missing);
        _world.Cluster.Forbidden.Add("pods");
        Assert.Equal("ClusterForbidden", (await Assert.ThrowsAsync<ChaosException>(TakeAsync)).ErrorId);
    }

    private Task<SnapshotDocument> TakeAsync() =>
        ClusterExport.TakeAsync(_world.Connection, [], NullLog.Instance, CancellationToken.None);
}
