using System.Text.Json.Nodes;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Writers;

/// <summary>Writes Deployments, ReplicaSets, DaemonSets and Scales.</summary>
internal static class WorkloadWriter
{
    private const string HashLabel = "pod-template-hash";

    /// <summary>Where a Deployment and its replica sets say which version of the template is theirs.</summary>
    public const string RevisionAnnotation = "deployment.kubernetes.io/revision";

    /// <summary>A Deployment.</summary>
    public static JsonObject WriteDeployment(SimulatedDeployment deployment, JsonObject manifest)
    {
        var json = JsonParts.Copy(manifest);
        var metadata = json.Member("metadata");
        JsonParts.Stamp(metadata, deployment);
        metadata["generation"] = deployment.Generation;
        metadata.Member("annotations")[RevisionAnnotation] = JsonParts.ResourceVersion(deployment.Revision);

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
        json["status"] = status;
        return json;
    }

    /// <summary>The scale subresource of a Deployment.</summary>
    public static JsonObject WriteScale(SimulatedDeployment deployment, JsonObject manifest, int replicas)
    {
        var metadata = new JsonObject { ["name"] = deployment.Name, ["namespace"] = deployment.Namespace };
        JsonParts.Stamp(metadata, deployment);
        metadata["creationTimestamp"] = manifest["metadata"]!["creationTimestamp"]?.DeepClone();
        var labels = manifest["spec"]!["selector"]?["matchLabels"] as JsonObject ?? [];
        var selector = labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}");
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = replicas == 0 ? [] : new JsonObject { ["replicas"] = replicas },
            ["status"] = new JsonObject
            {
                ["replicas"] = deployment.CurrentReplicas,
                ["selector"] = string.Join(',', selector),
            },
        };
    }

    /// <summary>A ReplicaSet.</summary>
    /// <param name="replicaSet">The replica set.</param>
    /// <param name="manifest">The Deployment that owns it.</param>
    /// <param name="template">The template that it stands for.</param>
    public static JsonObject WriteReplicaSet(SimulatedReplicaSet replicaSet, JsonObject manifest, JsonObject template)
    {
        var hash = replicaSet.TemplateHash;
        var metadata = JsonParts.Metadata(replicaSet);
        metadata["generation"] = replicaSet.Generation;
        metadata["labels"] = JsonParts.Map(replicaSet.PodLabels);
        metadata["annotations"] = JsonParts.Map(
        [
            new("deployment.kubernetes.io/desired-replicas", JsonParts.ResourceVersion(replicaSet.DesiredReplicas)),
            new("deployment.kubernetes.io/max-replicas", JsonParts.ResourceVersion(replicaSet.MaxReplicas)),
            new(RevisionAnnotation, JsonParts.ResourceVersion(replicaSet.Revision)),
        ]);
        if (replicaSet.Deployment is { } owner)
        {
            metadata["ownerReferences"] = JsonParts.OwnerReferences("apps/v1", "Deployment", owner.Name, owner.Uid);
        }

        var selector = (JsonObject)manifest["spec"]!["selector"]!.DeepClone();
        selector.Member("matchLabels")[HashLabel] = hash;
        var labelled = (JsonObject)template.DeepClone();
        labelled.Member("metadata").Member("labels")[HashLabel] = hash;
        var spec = new JsonObject { ["replicas"] = replicaSet.Replicas };
        if (replicaSet.MinReadySeconds > 0) spec["minReadySeconds"] = replicaSet.MinReadySeconds;
        spec["selector"] = selector;
        spec["template"] = labelled;

        var status = new JsonObject { ["replicas"] = replicaSet.CurrentReplicas };
        AddCount(status, "fullyLabeledReplicas", replicaSet.CurrentReplicas);
        AddCount(status, "readyReplicas", replicaSet.ReadyReplicas);
        AddCount(status, "availableReplicas", replicaSet.AvailableReplicas);
        status["observedGeneration"] = replicaSet.ObservedGeneration;
        return new JsonObject { ["metadata"] = metadata, ["spec"] = spec, ["status"] = status };
    }

    /// <summary>A DaemonSet.</summary>
    public static JsonObject WriteDaemonSet(SimulatedWorkload daemonSet, JsonObject manifest)
    {
        var json = JsonParts.Copy(manifest);
        var metadata = json.Member("metadata");
        JsonParts.Stamp(metadata, daemonSet);
        metadata["generation"] = daemonSet.Generation;
        var status = new JsonObject
        {
            ["currentNumberScheduled"] = daemonSet.CurrentReplicas,
            ["numberMisscheduled"] = 0,
            ["desiredNumberScheduled"] = daemonSet.Spec.Replicas,
            ["numberReady"] = daemonSet.ReadyReplicas,
            ["observedGeneration"] = daemonSet.ObservedGeneration,
        };
        AddCount(status, "updatedNumberScheduled", daemonSet.UpdatedReplicas);
        AddCount(status, "numberAvailable", daemonSet.AvailableReplicas);
        AddCount(status, "numberUnavailable", daemonSet.UnavailableReplicas);
        json["status"] = status;
        return json;
    }

    /// <summary>The API leaves out counts that are zero.</summary>
    private static void AddCount(JsonObject status, string name, int count)
    {
        if (count > 0) status[name] = count;
    }
}
