using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Writers;

/// <summary>Writes Deployments, StatefulSets, DaemonSets and ReplicaSets.</summary>
internal static class WorkloadWriter
{
    private const string HashLabel = "pod-template-hash";
    private const string RevisionLabel = "controller-revision-hash";

    /// <summary>Where a Deployment and its replica sets say which version of the template is theirs.</summary>
    public const string RevisionAnnotation = "deployment.kubernetes.io/revision";

    /// <summary>Where a replica set says how many replicas its Deployment wanted when this was last scaled.</summary>
    public const string DesiredAnnotation = "deployment.kubernetes.io/desired-replicas";

    /// <summary>Where a replica set says how many replicas its Deployment allowed then.</summary>
    public const string MostAnnotation = "deployment.kubernetes.io/max-replicas";

    /// <summary>A Deployment, StatefulSet or DaemonSet.</summary>
    public static JsonObject Write(ApiObject item, SimulatedWorkload workload)
    {
        var json = JsonParts.Copy(item.Manifest!);
        var metadata = json.Member("metadata");
        JsonParts.Stamp(metadata, item);
        metadata["generation"] = workload.Generation;
        if (workload.Kind != "DaemonSet") json.Member("spec")["replicas"] = workload.Spec.Replicas;
        if (workload.Terminating) metadata["finalizers"] = new JsonArray("foregroundDeletion");
        if (workload is SimulatedDeployment { Revision: > 0 } deployment)
        {
            metadata.Member("annotations")[RevisionAnnotation] = JsonParts.Number(deployment.Revision);
        }

        json["status"] = workload switch
        {
            SimulatedDeployment known => DeploymentStatus(known),
            { Kind: "StatefulSet" } => StatefulSetStatus(workload),
            _ => DaemonSetStatus(workload),
        };
        return json;
    }

    private static JsonObject DeploymentStatus(SimulatedDeployment deployment)
    {
        if (deployment.ObservedGeneration == 0) return [];
        var status = new JsonObject { ["observedGeneration"] = deployment.ObservedGeneration };
        AddCount(status, "replicas", deployment.CurrentReplicas);
        AddCount(status, "updatedReplicas", deployment.UpdatedReplicas);
        AddCount(status, "readyReplicas", deployment.ReadyReplicas);
        AddCount(status, "availableReplicas", deployment.AvailableReplicas);
        AddCount(status, "unavailableReplicas", deployment.UnavailableReplicas);
        status["conditions"] = new JsonArray([.. deployment.Conditions.Select(condition => new JsonObject
        {
            ["type"] = condition.Type,
            ["status"] = condition.Status,
            ["lastUpdateTime"] = ApiTime.Text(condition.LastUpdateTime),
            ["lastTransitionTime"] = ApiTime.Text(condition.LastTransitionTime),
            ["reason"] = condition.Reason,
            ["message"] = condition.Message,
        })]);
        return status;
    }

    private static JsonObject StatefulSetStatus(SimulatedWorkload set)
    {
        // Pods of an older template bear the name of theirs.
        var old = set.Pods.Select(pod => pod.Labels.GetValueOrDefault(RevisionLabel)).FirstOrDefault(revision => revision is not null && revision != set.UpdateRevision);
        var status = new JsonObject();
        if (set.ObservedGeneration > 0) status["observedGeneration"] = set.ObservedGeneration;
        status["replicas"] = set.CurrentReplicas;
        AddCount(status, "readyReplicas", set.ReadyReplicas);
        AddCount(status, "currentReplicas", old is null ? set.UpdatedReplicas : set.Pods.Count(pod => pod.IsActive && pod.Labels.GetValueOrDefault(RevisionLabel) == old));
        AddCount(status, "updatedReplicas", set.UpdatedReplicas);
        if (set.UpdateRevision is { } newest)
        {
            status["currentRevision"] = old ?? newest;
            status["updateRevision"] = newest;
        }

        status["collisionCount"] = 0;
        status["availableReplicas"] = set.AvailableReplicas;
        return status;
    }

    /// <summary>A ReplicaSet: as a user wrote it, or after the template that its Deployment had.</summary>
    /// <param name="item">The replica set with its manifest or template.</param>
    /// <param name="replicaSet">Its life.</param>
    /// <param name="ownerSelector">The selector of the Deployment that owns it; null when none does.</param>
    public static JsonObject WriteReplicaSet(ApiObject item, SimulatedReplicaSet replicaSet, JsonObject? ownerSelector)
    {
        var json = item.Manifest is { } manifest ? JsonParts.Copy(manifest) : Composed(item, replicaSet, ownerSelector ?? []);
        var metadata = json.Member("metadata");
        JsonParts.Stamp(metadata, item);
        metadata["generation"] = replicaSet.Generation;
        if (replicaSet.Terminating) metadata["finalizers"] = new JsonArray("foregroundDeletion");
        JsonParts.RemoveController(metadata);
        if (replicaSet.Deployment is { } owner)
        {
            var annotations = metadata.Member("annotations");
            annotations[DesiredAnnotation] = JsonParts.Number(replicaSet.DesiredReplicas);
            annotations[MostAnnotation] = JsonParts.Number(replicaSet.MaxReplicas);
            annotations[RevisionAnnotation] = JsonParts.Number(replicaSet.Revision);
            metadata["ownerReferences"] = JsonParts.OwnerReferences("Deployment", owner.Name, owner.Uid);
        }

        json.Member("spec")["replicas"] = replicaSet.Replicas;
        var status = new JsonObject { ["replicas"] = replicaSet.CurrentReplicas };
        AddCount(status, "fullyLabeledReplicas", replicaSet.CurrentReplicas);
        AddCount(status, "readyReplicas", replicaSet.ReadyReplicas);
        AddCount(status, "availableReplicas", replicaSet.AvailableReplicas);
        if (replicaSet.ObservedGeneration > 0) status["observedGeneration"] = replicaSet.ObservedGeneration;
        json["status"] = status;
        return json;
    }

    private static JsonObject Composed(ApiObject item, SimulatedReplicaSet replicaSet, JsonObject ownerSelector)
    {
        var metadata = JsonParts.Metadata(item, replicaSet.CreationTimestamp);
        metadata["labels"] = JsonParts.Map(replicaSet.PodLabels);
        var selector = (JsonObject)ownerSelector.DeepClone();
        selector.Member("matchLabels")[HashLabel] = replicaSet.TemplateHash;
        var template = item.Template?.DeepClone() as JsonObject ?? [];
        template.Member("metadata").Member("labels")[HashLabel] = replicaSet.TemplateHash;
        var spec = new JsonObject { ["replicas"] = replicaSet.Replicas };
        if (replicaSet.MinReadySeconds > 0) spec["minReadySeconds"] = replicaSet.MinReadySeconds;
        spec["selector"] = selector;
        spec["template"] = template;
        return new JsonObject { ["metadata"] = metadata, ["spec"] = spec };
    }

    private static JsonObject DaemonSetStatus(SimulatedWorkload daemonSet)
    {
        var status = new JsonObject
        {
            ["currentNumberScheduled"] = daemonSet.CurrentReplicas,
            ["numberMisscheduled"] = daemonSet.MisscheduledReplicas,
            ["desiredNumberScheduled"] = daemonSet.Spec.Replicas,
            ["numberReady"] = daemonSet.ReadyReplicas,
        };
        if (daemonSet.ObservedGeneration > 0) status["observedGeneration"] = daemonSet.ObservedGeneration;
        AddCount(status, "updatedNumberScheduled", daemonSet.UpdatedReplicas);
        AddCount(status, "numberAvailable", daemonSet.AvailableReplicas);
        AddCount(status, "numberUnavailable", daemonSet.UnavailableReplicas);
        return status;
    }

    /// <summary>The API leaves out counts that are zero.</summary>
    private static void AddCount(JsonObject status, string name, int count)
    {
        if (count > 0) status[name] = count;
    }
}
