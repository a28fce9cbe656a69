using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation.Replay;

/// <summary>The recorded cluster: its three nodes, one in each zone, and what its manifests made, with the pods where a recording found them.</summary>
internal static class RecordedCluster
{
    public const string Namespace = "contactsapp";
    public const string Node0 = "aks-nodepool1-36421985-vmss000000";
    public const string Node1 = "aks-nodepool1-36421985-vmss000001";
    public const string Node2 = "aks-nodepool1-36421985-vmss000002";

    private static readonly ClusterIdentity s_identity = new("recorded", "https://recorded.invalid", "recorded");

    /// <summary>The cluster as a recording begins.</summary>
    /// <param name="takenAt">When the simulation begins.</param>
    /// <param name="lease">When the first node last renewed its lease, as the recording says; null where it does not matter.</param>
    /// <param name="placements">Pod and node, in pairs.</param>
    public static ClusterSnapshot Take(DateTimeOffset takenAt, DateTimeOffset? lease, params (string Pod, string Node)[] placements)
    {
        var manifests = Manifests.Read("contactsapp.yaml").Concat(Manifests.Read("extras.yaml")).ToLookup(it => it.GetProperty("kind").GetString()!);
        Workload[] workloads =
        [
            .. new[] { "Deployment", "StatefulSet", "DaemonSet" }.SelectMany(kind => manifests[kind].Select(manifest => ReadWorkload(manifest, kind))),
        ];
        return new ClusterSnapshot
        {
            Cluster = s_identity,
            TakenAt = takenAt,
            Version = "v1.32.13",
            Nodes = [.. ReadNodes(takenAt).Select(node => node.Name == Node0 ? node with { LeaseRenewTime = lease } : node)],
            Workloads = workloads,
            Pods =
            [
                .. placements.Select((placement, index) => MakePod(
                    placement.Pod, placement.Node, index, workloads, manifests["Pod"].Single(), takenAt)),

                // The timelines list one namespace. Pods went to other nodes than the third though it looked the emptiest, by one or two
                // points of a hundred: something of another namespace must have weighed on it, as much as one pod without requests does.
                MakePod("unlisted", Node2, placements.Length, [], manifests["Pod"].Single(), takenAt) with { Namespace = "other" },
            ],
            DisruptionBudgets = [.. manifests["PodDisruptionBudget"].Select(budget => KubernetesReader.ReadDisruptionBudget(budget, s_identity))],
            Services = [.. manifests["Service"].Select(service => KubernetesReader.ReadService(service, s_identity)!)],
        };
    }

    /// <summary>The cluster before anything was deployed.</summary>
    public static ClusterSnapshot TakeEmpty(DateTimeOffset takenAt) => new()
    {
        Cluster = s_identity,
        TakenAt = takenAt,
        Version = "v1.32.13",
        Nodes = [.. ReadNodes(takenAt)],
    };

    /// <summary>Applies one object of a manifest, with its kind and name as the manifest has them.</summary>
    public static void Apply(ClusterSimulation simulation, string file, string kind, string name)
    {
        var manifest = Manifests.Read(file).Single(it => it.GetProperty("kind").GetString() == kind && it.GetProperty("metadata").GetProperty("name").GetString() == name);
        switch (kind)
        {
            case "Service":
                simulation.Apply(KubernetesReader.ReadService(manifest, s_identity)!);
                break;
            case "PodDisruptionBudget":
                simulation.Apply(KubernetesReader.ReadDisruptionBudget(manifest, s_identity));
                break;
            case "Pod":
                var pod = KubernetesReader.ReadPod(manifest, s_identity, simulation.Now);
                simulation.CreatePod(pod.Namespace, pod.Name, pod.Labels, pod.Spec);
                break;
            default:
                simulation.Apply(ReadWorkload(manifest, kind));
                break;
        }
    }

    private static IEnumerable<ClusterNode> ReadNodes(DateTimeOffset now)
    {
        using var list = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recordings", "nodes-list.json")));
        return [.. list.RootElement.GetProperty("items").EnumerateArray().Select(node => KubernetesReader.ReadNode(node, s_identity, now))];
    }

    private static Workload ReadWorkload(JsonElement manifest, string kind)
    {
        var workload = KubernetesReader.ReadWorkload(manifest, kind, s_identity);
        return workload with
        {
            Replicas = kind == "DaemonSet" ? 3 : workload.Replicas,
            Generation = 1,
            ObservedGeneration = 1,
        };
    }

    private static ClusterPod MakePod(string name, string node, int index, Workload[] workloads, JsonElement bare, DateTimeOffset takenAt)
    {
        var owner = workloads.Where(it => name.StartsWith($"{it.Name}-", StringComparison.Ordinal)).MaxBy(it => it.Name.Length);
        var labels = new Dictionary<string, string>(owner?.PodLabels ?? KubernetesReader.ReadPod(bare, s_identity, takenAt).Labels);
        var parent = name[..Math.Max(0, name.LastIndexOf('-'))];
        if (owner is { Kind: "Deployment" }) labels["pod-template-hash"] = parent[(parent.LastIndexOf('-') + 1)..];
        return new ClusterPod
        {
            Name = name,
            Namespace = Namespace,
            Cluster = s_identity,
            Phase = "Running",
            Ready = true,
            ReadyContainers = 1,
            NodeName = node,
            PodIP = $"10.244.{node[^1]}.{index + 2}",
            CreationTimestamp = takenAt.AddMinutes(-2),
            Labels = labels,
            OwnerKind = owner?.Kind == "Deployment" ? "ReplicaSet" : owner?.Kind,
            OwnerName = owner?.Kind == "Deployment" ? parent : owner?.Name,
            Spec = owner?.PodSpec ?? KubernetesReader.ReadPodSpec(bare.GetProperty("spec")),
        };
    }
}
