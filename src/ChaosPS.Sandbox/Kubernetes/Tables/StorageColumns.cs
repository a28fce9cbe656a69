using System.Text.Json.Nodes;
using static ChaosPS.Sandbox.Kubernetes.Tables.TableColumn;

namespace ChaosPS.Sandbox.Kubernetes.Tables;

/// <summary>The columns of volumes and what they are made of.</summary>
internal static class StorageColumns
{
    private const string Unset = "<unset>";

    private static readonly (string Mode, string Short)[] s_accessModes =
        [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];

    /// <summary>Volumes.</summary>
    public static TableColumn[] Volumes { get; } =
    [
        ObjectName,
        Text("Capacity", "How much it holds.", row => row.Text("spec.capacity.storage", "0")),
        Text("Access Modes", "How it can be mounted.", row => AccessModes(row, "spec.accessModes")),
        Text("Reclaim Policy", "What happens to it when its claim goes.", row => row.Text("spec.persistentVolumeReclaimPolicy")),
        Text("Status", "Whether it is bound.", Phase),
        Text("Claim", "The claim that it is bound to.", row => row.Has("spec.claimRef") ? $"{row.Text("spec.claimRef.namespace")}/{row.Text("spec.claimRef.name")}" : ""),
        Text("StorageClass", "The class that it is of.", Class),
        Text("VolumeAttributesClass", "The class of attributes that it has.", row => row.Text("spec.volumeAttributesClassName", Unset)),
        Text("Reason", "Why it is in this status.", row => row.Text("status.reason")),
        Age,
        Wide("VolumeMode", "File system or block device.", row => row.Text("spec.volumeMode", Unset)),
    ];

    /// <summary>Claims of volumes.</summary>
    public static TableColumn[] Claims { get; } =
    [
        ObjectName,
        Text("Status", "Whether it is bound.", Phase),
        Text("Volume", "The volume that it is bound to.", row => row.Text("spec.volumeName")),
        Text("Capacity", "How much the volume holds.", row => row.Has("spec.volumeName") ? row.Text("status.capacity.storage", "0") : ""),
        Text("Access Modes", "How the volume can be mounted.", row => row.Has("spec.volumeName") ? AccessModes(row, "status.accessModes") : ""),
        Text("StorageClass", "The class that it asks for.", Class),
        Text("VolumeAttributesClass", "The class of attributes that it asks for.", row => row.Text("spec.volumeAttributesClassName", Unset)),
        Age,
        Wide("VolumeMode", "File system or block device.", row => row.Text("spec.volumeMode", Unset)),
    ];

    /// <summary>Storage classes.</summary>
    public static TableColumn[] StorageClasses { get; } =
    [
        ObjectName with { Cell = row => IsDefault(row) ? $"{row.Name} (default)" : row.Name },
        Text("Provisioner", "Who makes its volumes.", row => row.Text("provisioner")),
        Text("ReclaimPolicy", "What happens to a volume when its claim goes.", row => row.Text("reclaimPolicy", "Delete")),
        Text("VolumeBindingMode", "Whether a volume waits for the pod that uses it.", row => row.Text("volumeBindingMode", "Immediate")),
        Text("AllowVolumeExpansion", "Whether volumes can grow.", row => row.IsTrue("allowVolumeExpansion")),
        Age,
    ];

    /// <summary>Volumes attached to nodes.</summary>
    public static TableColumn[] Attachments { get; } =
    [
        ObjectName,
        Text("Attacher", "Who attaches it.", row => row.Text("spec.attacher")) with { Format = "name" },
        Text("PV", "The volume.", row => row.Text("spec.source.persistentVolumeName")),
        Text("Node", "The node.", row => row.Text("spec.nodeName")),
        Flag("Attached", "Whether it is attached.", row => row.IsTrue("status.attached")),
        Age,
    ];

    /// <summary>What storage drivers say of nodes.</summary>
    public static TableColumn[] Nodes { get; } = [ObjectName, Number("Drivers", "How many drivers the node has.", row => row.Count("spec.drivers")), Age];

    /// <summary>Storage drivers.</summary>
    public static TableColumn[] Drivers { get; } =
    [
        ObjectName,
        Flag("AttachRequired", "Whether volumes are attached before they are mounted.", row => !row.Has("spec.attachRequired") || row.IsTrue("spec.attachRequired")),
        Flag("PodInfoOnMount", "Whether the driver is told of the pod.", row => row.IsTrue("spec.podInfoOnMount")),
        Flag("StorageCapacity", "Whether the scheduler looks at free capacity.", row => row.IsTrue("spec.storageCapacity")),
        Text("TokenRequests", "The audiences of the tokens that the driver gets.", row =>
            row.Has("spec.tokenRequests") ? string.Join(',', row.Items("spec.tokenRequests").Select(request => request.Text("audience"))) : Unset),
        Flag("RequiresRepublish", "Whether volumes are published again and again.", row => row.IsTrue("spec.requiresRepublish")),
        Text("Modes", "How long its volumes live.", row =>
            row.Count("spec.volumeLifecycleModes") > 0 ? string.Join(',', row.Texts("spec.volumeLifecycleModes")) : TableRow.None),
        Age,
    ];

    private static JsonNode Phase(TableRow row) => row.IsTerminating ? "Terminating" : row.Text("status.phase");

    private static JsonNode Class(TableRow row) =>
        Annotation(row, "volume.beta.kubernetes.io/storage-class") is { Length: > 0 } old ? old : row.Text("spec.storageClassName");

    private static string AccessModes(TableRow row, string path)
    {
        var modes = row.Texts(path).ToHashSet();
        return string.Join(',', s_accessModes.Where(mode => modes.Contains(mode.Mode)).Select(mode => mode.Short));
    }

    private static bool IsDefault(TableRow row) =>
        Annotation(row, "storageclass.kubernetes.io/is-default-class") == "true" || Annotation(row, "storageclass.beta.kubernetes.io/is-default-class") == "true";

    /// <summary>An annotation: its name has dots in it.</summary>
    private static string? Annotation(TableRow row, string name) => (row.Find("metadata.annotations") as JsonObject)?[name]?.ToString();
}
