using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kubernetes.Tables;

/// <summary>The tables that <c>kubectl get</c> shows: which columns each kind has, and what stands in them.</summary>
/// <remarks>
/// The columns are those of a Kubernetes 1.32 API server, as recorded and as
/// https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables describes.
/// </remarks>
internal static class TableLayout
{
    private static readonly Dictionary<string, TableColumn[]> s_columns = new()
    {
        ["ConfigMap"] = ClusterColumns.ConfigMaps,
        ["Endpoints"] = NetworkColumns.Endpoints,
        ["Event"] = ClusterColumns.Events,
        ["Namespace"] = ClusterColumns.Namespaces,
        ["Node"] = ClusterColumns.Nodes,
        ["PersistentVolume"] = StorageColumns.Volumes,
        ["PersistentVolumeClaim"] = StorageColumns.Claims,
        ["Pod"] = WorkloadColumns.Pods,
        ["ResourceQuota"] = ClusterColumns.ResourceQuotas,
        ["Secret"] = ClusterColumns.Secrets,
        ["Service"] = NetworkColumns.Services,
        ["ServiceAccount"] = ClusterColumns.ServiceAccounts,
        ["ControllerRevision"] = WorkloadColumns.ControllerRevisions,
        ["DaemonSet"] = WorkloadColumns.DaemonSets,
        ["Deployment"] = WorkloadColumns.Deployments,
        ["ReplicaSet"] = WorkloadColumns.ReplicaSets,
        ["StatefulSet"] = WorkloadColumns.StatefulSets,
        ["HorizontalPodAutoscaler"] = WorkloadColumns.Autoscalers,
        ["CronJob"] = WorkloadColumns.CronJobs,
        ["Job"] = WorkloadColumns.Jobs,
        ["Lease"] = ClusterColumns.Leases,
        ["EndpointSlice"] = NetworkColumns.EndpointSlices,
        ["Ingress"] = NetworkColumns.Ingresses,
        ["IngressClass"] = NetworkColumns.IngressClasses,
        ["NetworkPolicy"] = NetworkColumns.NetworkPolicies,
        ["PodDisruptionBudget"] = WorkloadColumns.DisruptionBudgets,
        ["ClusterRoleBinding"] = ClusterColumns.RoleBindings,
        ["RoleBinding"] = ClusterColumns.RoleBindings,
        ["PriorityClass"] = ClusterColumns.PriorityClasses,
        ["CSIDriver"] = StorageColumns.Drivers,
        ["CSINode"] = StorageColumns.Nodes,
        ["StorageClass"] = StorageColumns.StorageClasses,
        ["VolumeAttachment"] = StorageColumns.Attachments,
    };

    private static readonly TableColumn[] s_default =
    [
        TableColumn.ObjectName,
        new("Created At", "When the object was created.", row => row.Time("metadata.creationTimestamp") is { } time ? ApiTime.Text(time) : null) { Type = "date" },
    ];

    private static readonly TableColumn[] s_custom = [TableColumn.ObjectName, TableColumn.Age with { Type = "date" }];

    /// <summary>The columns of a kind, which may be one that a definition has added: those have their name and age.</summary>
    public static IReadOnlyList<TableColumn> Of(string apiVersion, string kind) => ResourceTypes.IsForeign(apiVersion) ? s_custom : Of(kind);

    /// <summary>The columns of a kind. Kinds that nothing is known of have their name and when they were created.</summary>
    public static IReadOnlyList<TableColumn> Of(string kind) => s_columns.GetValueOrDefault(kind, s_default);

    /// <summary>What stands in the columns for one object.</summary>
    public static JsonArray Cells(IReadOnlyList<TableColumn> columns, JsonObject json, DateTimeOffset now)
    {
        var row = new TableRow(json, now);
        return [.. columns.Select(column => column.Cell(row))];
    }

    /// <summary>What a row says of its object as a whole: whether a pod has come to its end.</summary>
    public static JsonArray? Conditions(string kind, JsonObject json) => (kind, json.Text("status.phase")) switch
    {
        ("Pod", "Succeeded") => Completed("Succeeded", "The pod has completed successfully."),
        ("Pod", "Failed") => Completed("Failed", "The pod failed."),
        _ => null,
    };

    private static JsonArray Completed(string reason, string message) =>
        [new JsonObject { ["type"] = "Completed", ["status"] = "True", ["reason"] = reason, ["message"] = message }];
}
