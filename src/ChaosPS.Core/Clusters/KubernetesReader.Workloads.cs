namespace ChaosPS.Clusters;

public static partial class KubernetesReader
{
    /// <summary>Reads a Deployment, StatefulSet or DaemonSet.</summary>
    /// <param name="workload">The object.</param>
    /// <param name="kind">Its kind: the items of a list do not carry it.</param>
    /// <param name="cluster">Where it was read.</param>
    public static Workload ReadWorkload(ApiFields workload, string kind, ClusterIdentity cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var daemonSet = kind == "DaemonSet";
        var (surge, unavailable) = ReadUpdateStrategy(workload, kind);

        return new Workload
        {
            Kind = kind,
            Name = Name(workload, kind, cluster),
            Namespace = workload.Text("metadata", "namespace") ?? "default",
            Cluster = cluster,
            Uid = workload.Text("metadata", "uid") ?? "",
            IsProtected = Protection.Of(workload),
            Replicas = daemonSet ? workload.Count("status", "desiredNumberScheduled") : (int)(workload.Number("spec", "replicas") ?? 1),
            ReadyReplicas = workload.Count("status", daemonSet ? "numberReady" : "readyReplicas"),
            UpdatedReplicas = workload.Count("status", daemonSet ? "updatedNumberScheduled" : "updatedReplicas"),
            AvailableReplicas = workload.Count("status", daemonSet ? "numberAvailable" : "availableReplicas"),
            CurrentReplicas = workload.Count("status", daemonSet ? "currentNumberScheduled" : "replicas"),
            Generation = workload.Number("metadata", "generation") ?? 0,
            ObservedGeneration = workload.Number("status", "observedGeneration") ?? 0,
            Selector = workload.At("spec", "selector")?.Shared(ReadLabelSelector) ?? LabelSelector.Everything,
            PodLabels = workload.Map("spec", "template", "metadata", "labels"),
            PodSpec = ReadTemplateSpec(workload.At("spec", "template") ?? default),
            MinReadySeconds = workload.Count("spec", "minReadySeconds"),
            MaxSurge = surge,
            MaxUnavailable = unavailable,
            IsParallel = workload.Text("spec", "podManagementPolicy") == "Parallel",
            ClaimTemplates = workload.Items("spec", "volumeClaimTemplates").Select(static claim => claim.Text("metadata", "name")).OfType<string>().ToArray(),
            IsRecreate = workload.Text("spec", "strategy", "type") == "Recreate",
            IsOnDelete = workload.Text("spec", "updateStrategy", "type") == "OnDelete",
            IsPaused = workload.Flag("spec", "paused"),
            UpdatePartition = workload.Count("spec", "updateStrategy", "rollingUpdate", "partition"),
            ProgressDeadlineSeconds = (int?)workload.Number("spec", "progressDeadlineSeconds"),
            RevisionHistoryLimit = (int?)workload.Number("spec", "revisionHistoryLimit"),
        };
    }

    /// <summary>maxSurge and maxUnavailable, with the API's defaults for the kind; Recreate takes all pods away before it makes new ones.</summary>
    private static (string Surge, string Unavailable) ReadUpdateStrategy(ApiFields workload, string kind)
    {
        var deployment = kind == "Deployment";
        var field = deployment ? "strategy" : "updateStrategy";
        if (workload.Text("spec", field, "type") == "Recreate") return ("0", "100%");
        return (
            workload.Scalar("spec", field, "rollingUpdate", "maxSurge") ?? (deployment ? "25%" : "0"),
            workload.Scalar("spec", field, "rollingUpdate", "maxUnavailable") ?? (deployment ? "25%" : "1"));
    }
}
