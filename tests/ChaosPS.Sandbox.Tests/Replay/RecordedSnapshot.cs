using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Core.Tests.Simulation.Replay;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Snapshots;

namespace ChaosPS.Sandbox.Tests.Replay;

/// <summary>The recorded cluster as a snapshot: its nodes, and what its manifests made, with the pods where a recording found them.</summary>
internal static class RecordedSnapshot
{
    public static SnapshotDocument Take(Recording recording)
    {
        var begin = TimelineReader.Time(recording.Begin);
        List<JsonObject> objects = [.. Nodes()];
        if (recording.Lease is { } lease) objects.Add(Lease(TimelineReader.Time(lease)));
        if (recording.Placements is { } placements)
        {
            JsonObject[] manifests = [.. Manifest("contactsapp.yaml"), .. Manifest("extras.yaml")];
            objects.AddRange(manifests.Where(static item => (string)item["kind"]! != "Pod"));
            var bare = manifests.Single(static item => (string)item["kind"]! == "Pod");
            objects.AddRange(placements.Select((placement, index) => Pod(placement.Pod, placement.Node, index, manifests, bare, begin.AddMinutes(-2))));

            // What the timelines do not list, and weighs on the third node as much as a pod without requests does.
            var unlisted = Pod("bare", RecordedCluster.Node2, placements.Length, manifests, bare, begin.AddMinutes(-2));
            (unlisted["metadata"]!["name"], unlisted["metadata"]!["namespace"]) = ("unlisted", "other");
            objects.Add(unlisted);
        }

        return new SnapshotDocument
        {
            TakenAt = begin,
            Version = "v1.32.13",
            Cluster = new ClusterIdentity("recorded", "https://recorded.invalid", "recorded"),
            MadeBy = "test",
            Missing = [],
            Objects = objects,
        };
    }

    /// <summary>The objects of a manifest.</summary>
    public static IEnumerable<JsonObject> Manifest(string file) => ChaosPS.Core.Tests.Simulation.Replay.Manifests.Read(file).Select(static element => JsonNode.Parse(element.GetRawText())!.AsObject());

    private static IEnumerable<JsonObject> Nodes()
    {
        var list = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recordings", "nodes-list.json")))!;
        foreach (var node in list["items"]!.AsArray())
        {
            var item = (JsonObject)node!.DeepClone();
            (item["kind"], item["apiVersion"]) = ("Node", "v1");
            yield return item;
        }
    }

    private static JsonObject Lease(DateTimeOffset renewed) => new()
    {
        ["kind"] = "Lease",
        ["apiVersion"] = "coordination.k8s.io/v1",
        ["metadata"] = new JsonObject { ["name"] = RecordedCluster.Node0, ["namespace"] = "kube-node-lease" },
        ["spec"] = new JsonObject { ["holderIdentity"] = RecordedCluster.Node0, ["leaseDurationSeconds"] = 40, ["renewTime"] = ApiTime.MicroText(renewed) },
    };

    private static JsonObject Pod(string name, string node, int index, JsonObject[] manifests, JsonObject bare, DateTimeOffset created)
    {
        var owner = manifests.Where(it => it["spec"]?["template"] is not null && name.StartsWith($"{it["metadata"]!["name"]}-", StringComparison.Ordinal))
            .MaxBy(static it => ((string)it["metadata"]!["name"]!).Length);
        var template = owner?["spec"]!["template"] ?? bare;
        var labels = (JsonObject)template["metadata"]!["labels"]!.DeepClone();
        var metadata = new JsonObject { ["name"] = name, ["namespace"] = RecordedCluster.Namespace, ["creationTimestamp"] = ApiTime.Text(created), ["labels"] = labels };
        if (owner is not null)
        {
            var isDeployed = (string)owner["kind"]! == "Deployment";
            var parent = name[..name.LastIndexOf('-')];
            if (isDeployed) labels["pod-template-hash"] = parent[(parent.LastIndexOf('-') + 1)..];
            var (kind, ownerName) = isDeployed ? ("ReplicaSet", parent) : ((string)owner["kind"]!, (string)owner["metadata"]!["name"]!);
            metadata["ownerReferences"] = JsonParts.OwnerReferences(kind, ownerName, $"uid-of-{ownerName}");
        }

        var spec = (JsonObject)template["spec"]!.DeepClone();
        spec["nodeName"] = node;
        return new JsonObject
        {
            ["kind"] = "Pod",
            ["apiVersion"] = "v1",
            ["metadata"] = metadata,
            ["spec"] = spec,
            ["status"] = new JsonObject
            {
                ["phase"] = "Running",
                ["podIP"] = $"10.244.{node[^1]}.{index + 2}",
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
                ["containerStatuses"] = new JsonArray(new JsonObject { ["name"] = spec["containers"]![0]!["name"]!.DeepClone(), ["ready"] = true, ["restartCount"] = 0 }),
            },
        };
    }
}
