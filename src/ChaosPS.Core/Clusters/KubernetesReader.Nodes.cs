namespace ChaosPS.Clusters;

public static partial class KubernetesReader
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    /// <summary>Reads a Node.</summary>
    /// <param name="node">The object, with or without <c>kind</c>.</param>
    /// <param name="cluster">Where it was read.</param>
    /// <param name="now">When it was read: ages count to here.</param>
    public static ClusterNode ReadNode(ApiFields node, ClusterIdentity cluster, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var labels = node.Map("metadata", "labels");
        var created = Created(node, now);
        var providerId = node.Text("spec", "providerID");
        var machine = AzureMachineId.TryParse(providerId, out var id) ? id : null;
        NodeCondition[] conditions = [.. node.Items("status", "conditions").Select(ReadCondition)];

        return new ClusterNode
        {
            Name = Name(node, "node", cluster),
            Cluster = cluster,
            Uid = node.Text("metadata", "uid") ?? "",
            Ready = Array.Exists(conditions, static condition => condition is { Type: "Ready", Status: "True" }),
            IsProtected = Protection.Of(node),
            Unschedulable = node.Flag("spec", "unschedulable"),
            Roles = ReadRoles(labels),
            Version = node.Text("status", "nodeInfo", "kubeletVersion") ?? "",
            InternalIP = node.Items("status", "addresses").FirstOrDefault(static address => address.Text("type") == "InternalIP").Text("address"),
            CreationTimestamp = created,
            Age = now - created,
            NodePoolName = Label(labels, "kubernetes.azure.com/agentpool") ?? Label(labels, "agentpool"),
            IsSystem = Label(labels, "kubernetes.azure.com/mode") == "system",
            Zone = Label(labels, ZoneLabel),
            ProviderId = providerId,
            ResourceId = machine?.ResourceId,
            SubscriptionId = machine?.SubscriptionId,
            ResourceGroupName = machine?.ResourceGroupName,
            VMScaleSetName = machine?.VMScaleSetName,
            InstanceId = machine?.InstanceId,
            Labels = labels,
            Taints = [.. node.Items("spec", "taints").SelectMany(ReadTaint)],
            Conditions = conditions,
            Allocatable = ReadResources(node.At("status", "allocatable")),
            Images = ReadImages(node),
            MaxPods = node.Text("status", "allocatable", "pods") is { } pods ? (int)KubernetesQuantity.ParseWhole(pods) : 0,
        };
    }

    private static Dictionary<string, long> ReadImages(ApiFields node)
    {
        Dictionary<string, long> images = [];
        foreach (var image in node.Items("status", "images"))
        {
            foreach (var name in image.Texts("names")) images[name] = image.Number("sizeBytes") ?? 0;
        }

        return images;
    }

    /// <summary>Reads a Namespace.</summary>
    public static ClusterNamespace ReadNamespace(ApiFields @namespace) => new(
        @namespace.Text("metadata", "name") ?? "", @namespace.Map("metadata", "labels"), @namespace.Map("metadata", "annotations"));

    /// <summary>kubectl's ROLES column: both labels count, each role once, in order.</summary>
    private static string[] ReadRoles(IReadOnlyDictionary<string, string> labels) =>
    [
        .. labels
            .Select(static label => label.Key.StartsWith(RolePrefix, StringComparison.Ordinal) ? label.Key[RolePrefix.Length..]
                : label.Key == "kubernetes.io/role" ? label.Value : "")
            .Where(static role => role.Length > 0)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static string? Label(IReadOnlyDictionary<string, string> labels, string key) =>
        labels.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    private static NodeCondition ReadCondition(ApiFields condition) => new(
        condition.Text("type") ?? "", condition.Text("status") ?? "Unknown", condition.Text("reason") ?? "",
        condition.Text("message") ?? "", condition.Time("lastTransitionTime") ?? default, condition.Time("lastHeartbeatTime"));

    private static IEnumerable<Taint> ReadTaint(ApiFields taint) => ReadEffect(taint) is { } effect
        ? [new Taint(taint.Text("key") ?? "", taint.Text("value") ?? "", effect, taint.Time("timeAdded"))]
        : [];
}
