namespace ChaosPS.Clusters;

public static partial class KubernetesReader
{
    /// <summary>Reads a PersistentVolumeClaim.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="volume">The PersistentVolume that it is bound to; null when it is bound to none, or nobody knows.</param>
    /// <param name="cluster">Where it was read.</param>
    public static VolumeClaim ReadVolumeClaim(ApiFields claim, ApiFields? volume, ClusterIdentity cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var shared = claim.Texts("spec", "accessModes").Any(static mode => mode is "ReadWriteMany" or "ReadOnlyMany");
        return new VolumeClaim
        {
            Name = Name(claim, "volume claim", cluster),
            Namespace = claim.Text("metadata", "namespace") ?? "default",
            Cluster = cluster,
            Uid = claim.Text("metadata", "uid") ?? "",
            VolumeName = claim.Text("spec", "volumeName"),
            IsDisk = !shared,
            NodeAffinity = [.. (volume?.Items("spec", "nodeAffinity", "required", "nodeSelectorTerms") ?? []).Select(static term => ReadNodeTerm(term, 0))],
        };
    }

    /// <summary>Reads how many disks a node takes, from its CSINode; null when no driver says it.</summary>
    public static int? ReadVolumeLimit(ApiFields csiNode)
    {
        int? limit = null;
        foreach (var driver in csiNode.Items("spec", "drivers"))
        {
            if (driver.Number("allocatable", "count") is { } count && (limit is null || count < limit)) limit = (int)count;
        }

        return limit;
    }

    /// <summary>Reads when a node's lease was last renewed; null when it does not say.</summary>
    public static DateTimeOffset? ReadLeaseRenewTime(ApiFields lease) => lease.Time("spec", "renewTime");

    /// <summary>Reads a PriorityClass.</summary>
    public static PriorityClass ReadPriorityClass(ApiFields priorityClass, ClusterIdentity cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return new PriorityClass(
            Name(priorityClass, "priority class", cluster), priorityClass.Count("value"), priorityClass.Flag("globalDefault"),
            priorityClass.Text("preemptionPolicy") == "Never");
    }
}
