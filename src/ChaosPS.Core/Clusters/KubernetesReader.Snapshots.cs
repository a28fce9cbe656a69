using System.Text.Json;

namespace ChaosPS.Clusters;

public static partial class KubernetesReader
{
    /// <summary>The annotation in which a snapshot keeps the power state of a node's machine, as Azure writes it.</summary>
    public const string PowerStateAnnotation = "chaosps/power-state";

    private static readonly string[] s_workloadKinds = ["Deployment", "StatefulSet", "DaemonSet"];

    /// <summary>Reads a cluster from its objects, of any kinds and in any order.</summary>
    /// <param name="objects">The objects, each with its <c>kind</c>. Kinds that a snapshot has no place for are passed over.</param>
    /// <param name="cluster">Where they were read.</param>
    /// <param name="takenAt">When they were read: ages count to here.</param>
    /// <param name="version">The API server's version, such as <c>v1.32.9</c>.</param>
    public static ClusterSnapshot ReadSnapshot(IEnumerable<JsonElement> objects, ClusterIdentity cluster, DateTimeOffset takenAt, string version)
    {
        ArgumentNullException.ThrowIfNull(objects);
        var byKind = objects.Select(static item => new ApiFields(item)).ToLookup(static item => item.Text("kind") ?? "");
        var leases = ByName(byKind["Lease"].Where(static item => item.Text("metadata", "namespace") == "kube-node-lease"));
        var csiNodes = ByName(byKind["CSINode"]);
        var volumes = ByName(byKind["PersistentVolume"]);
        return new ClusterSnapshot
        {
            Cluster = cluster,
            TakenAt = takenAt,
            Version = version,
            Nodes = [.. byKind["Node"].Select(Node)],
            Workloads = [.. s_workloadKinds.SelectMany(kind => byKind[kind].Select(item => ReadWorkload(item, kind, cluster)))],
            Jobs = [.. byKind["Job"].Select(item => ReadJob(item, cluster))],
            Pods = [.. byKind["Pod"].Select(item => ReadPod(item, cluster, takenAt))],
            VolumeClaims =
            [
                .. byKind["PersistentVolumeClaim"].Select(item => ReadVolumeClaim(
                    item, item.Text("spec", "volumeName") is { } name && volumes.TryGetValue(name, out var volume) ? volume : null, cluster)),
            ],
            PriorityClasses = [.. byKind["PriorityClass"].Select(item => ReadPriorityClass(item, cluster))],
            Autoscalers = [.. byKind["HorizontalPodAutoscaler"].Select(item => ReadAutoscaler(item, cluster))],
            DisruptionBudgets = [.. byKind["PodDisruptionBudget"].Select(item => ReadDisruptionBudget(item, cluster))],
            Services = [.. byKind["Service"].Select(item => ReadService(item, cluster)).OfType<ServiceSpec>()],
            IngressPaths = [.. byKind["Ingress"].SelectMany(item => ReadIngressPaths(item, cluster))],
        };

        ClusterNode Node(ApiFields item)
        {
            var node = ReadNode(item, cluster, takenAt);
            return node with
            {
                LeaseRenewTime = leases.TryGetValue(node.Name, out var lease) ? ReadLeaseRenewTime(lease) : null,
                MaxVolumes = csiNodes.TryGetValue(node.Name, out var csiNode) ? ReadVolumeLimit(csiNode) : null,
                PowerState = Enum.TryParse<PowerState>(item.Text("metadata", "annotations", PowerStateAnnotation), ignoreCase: true, out var power)
                    ? power : PowerState.Unknown,
            };
        }
    }

    private static Dictionary<string, ApiFields> ByName(IEnumerable<ApiFields> objects)
    {
        var named = new Dictionary<string, ApiFields>();
        foreach (var item in objects)
        {
            if (item.Text("metadata", "name") is { } name) named[name] = item;
        }

        return named;
    }
}
