namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>A machine size that is not in the table.</summary>
    public static ChaosException NodeSizeUnknown(string name, IEnumerable<string> known)
    {
        string[] all = [.. known];
        return new(
            "NodeSizeUnknown", ErrorKind.InvalidArgument,
            $"The size '{name}' is not known. Known sizes: {string.Join(", ", all)}.",
            NearestNames.Suggest(name, all) ?? "Take the known size that is nearest: cores, memory and disks are what counts.", name);
    }

    /// <summary>Nodes were described for a source that brings its own.</summary>
    public static ChaosException NodesNotWanted(string source, string why) => new(
        "NodesNotWanted", ErrorKind.InvalidArgument,
        $"Nodes, zones and sizes cannot be chosen for '{source}': {why}.",
        "Leave out -Nodes, -Zone and -NodeSize (--nodes, --zone, --node-size).", source);

    /// <summary>A number of nodes that no scale set has.</summary>
    public static ChaosException NodeCountInvalid(int count, int most) => new(
        "NodeCountInvalid", ErrorKind.InvalidArgument,
        $"A sandbox cannot have {count} nodes: 1 to {most} are possible.",
        "Three nodes, one in each zone, are enough for most questions.", count);

    /// <summary>A zone that no Azure region has.</summary>
    public static ChaosException NodeZoneInvalid(string zone, string why) => new(
        "NodeZoneInvalid", ErrorKind.InvalidArgument,
        $"'{zone}' is no zone for the nodes: {why}.",
        "Write the number alone or with its region: 1, or westeurope-1.", zone);

    /// <summary>A folder has no manifest in it.</summary>
    public static ChaosException ManifestsMissing(string path) => new(
        "ManifestsMissing", ErrorKind.NotFound,
        $"'{path}' has no Kubernetes object in it: no *.yaml, *.yml or *.json below it describes one.",
        "Name the folder that the manifests are in.", path);

    /// <summary>A document of a manifest file is no Kubernetes object.</summary>
    public static ChaosException ManifestInvalid(string source, int line, int column, string reason) => new(
        "ManifestInvalid", ErrorKind.InvalidData,
        $"{source}({line},{column}): {reason}.",
        "Mend the object, or keep files that are no manifests in another folder. kubectl apply --dry-run=server says more where there is a cluster.", source);

    /// <summary>Two documents describe one object.</summary>
    public static ChaosException ManifestDuplicate(string what, string first, string second) => new(
        "ManifestDuplicate", ErrorKind.InvalidData,
        $"{what} is described twice: {first} and {second}.",
        "Keep one of them; overlays and bases do not belong into one folder.", what);

    /// <summary>The folder is the source of a tool that makes manifests.</summary>
    public static ChaosException ManifestsNotRendered(string path, string tool, string command) => new(
        "ManifestsNotRendered", ErrorKind.NotSupported,
        $"'{path}' is a source of {tool}, not a manifest that a cluster takes.",
        $"Write the manifests out and use those: {command}", path);

    /// <summary>A file that should be a snapshot is none.</summary>
    public static ChaosException SnapshotInvalid(string path, string reason, Exception? inner = null) => new(
        "SnapshotInvalid", ErrorKind.InvalidData,
        $"'{path}' is no snapshot of a cluster: {reason}.",
        "Export-ClusterSnapshot writes one.", path, inner);

    /// <summary>A snapshot cannot be written.</summary>
    public static ChaosException SnapshotUnwritable(string path, Exception inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return new("SnapshotUnwritable", ErrorKind.PermissionDenied, $"'{path}' cannot be written: {inner.Message}", "Check that the folder is there and that you may write into it.", path, inner);
    }
}
