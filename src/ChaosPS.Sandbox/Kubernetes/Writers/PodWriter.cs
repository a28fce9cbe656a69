using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Writers;

/// <summary>Writes Pods.</summary>
internal static class PodWriter
{
    /// <summary>A Pod: as a user wrote it, or after the template of the controller that made it.</summary>
    /// <param name="item">The pod with its manifest or template.</param>
    /// <param name="pod">Its life.</param>
    /// <param name="ids">For the ids of containers and images.</param>
    public static JsonObject Write(ApiObject item, SimulatedPod pod, StableId ids)
    {
        var spec = item.Manifest?["spec"] as JsonObject ?? item.Template?["spec"] as JsonObject ?? SpecOf(pod.Spec);
        return new JsonObject { ["metadata"] = Metadata(item, pod), ["spec"] = Spec(pod, spec), ["status"] = Status(pod, spec, ids) };
    }

    private static JsonObject Metadata(ApiObject item, SimulatedPod pod)
    {
        JsonObject metadata;
        if (item.Manifest is { } manifest)
        {
            metadata = (JsonObject)manifest["metadata"]!.DeepClone();
            JsonParts.Stamp(metadata, item);
        }
        else
        {
            metadata = JsonParts.Metadata(item, pod.CreationTimestamp, pod.OwnerName is { } owner ? owner + "-" : null);
            if (item.Template?["metadata"]?["annotations"] is { } annotations) metadata["annotations"] = annotations.DeepClone();
        }

        if (pod.Labels.Count > 0) metadata["labels"] = JsonParts.Map(pod.Labels);
        else metadata.Remove("labels");
        if (pod is { OwnerKind: { } kind, OwnerName: { } name }) metadata["ownerReferences"] = JsonParts.OwnerReferences(kind, name, pod.OwnerUid);
        else JsonParts.RemoveController(metadata);
        return metadata;
    }

    /// <summary>What is known of a pod whose controller's template is not.</summary>
    private static JsonObject SpecOf(PodSpec spec) => new()
    {
        ["containers"] = new JsonArray([.. spec.Containers.Select(container => new JsonObject { ["name"] = container.Name, ["image"] = container.Image })]),
        ["terminationGracePeriodSeconds"] = spec.TerminationGracePeriodSeconds,
    };

    private static JsonObject Spec(SimulatedPod pod, JsonObject templateSpec)
    {
        var spec = (JsonObject)templateSpec.DeepClone();
        spec["serviceAccountName"] ??= "default";
        spec["serviceAccount"] = spec["serviceAccountName"]!.DeepClone();
        if (pod.NodeName is not null) spec["nodeName"] = pod.NodeName;
        if (pod.OwnerKind == "DaemonSet" && pod.NodeName is not null) spec.Member("affinity")["nodeAffinity"] = OnlyOn(pod.NodeName);
        spec["tolerations"] = new JsonArray([.. pod.Tolerations.Select(Toleration)]);
        spec["priority"] = pod.Spec.Priority;
        AddOwnVolumes(spec, pod);
        spec["enableServiceLinks"] ??= true;
        spec["preemptionPolicy"] ??= "PreemptLowerPriority";
        return spec;
    }

    /// <summary>The claims that a StatefulSet gives each of its pods are called after a template and the pod.</summary>
    private static void AddOwnVolumes(JsonObject spec, SimulatedPod pod)
    {
        if (pod.OwnerKind != "StatefulSet") return;
        var ending = $"-{pod.Name}";
        foreach (var claim in pod.Spec.Claims.Where(claim => claim.EndsWith(ending, StringComparison.Ordinal)))
        {
            if (spec["volumes"] is not JsonArray volumes) spec["volumes"] = volumes = [];
            if (volumes.Any(volume => (string?)volume?["persistentVolumeClaim"]?["claimName"] == claim)) continue;
            volumes.Add(new JsonObject { ["name"] = claim[..^ending.Length], ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claim } });
        }
    }

    /// <summary>How the DaemonSet controller ties a pod to its node.</summary>
    private static JsonObject OnlyOn(string nodeName) => new()
    {
        ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonObject
        {
            ["nodeSelectorTerms"] = new JsonArray(new JsonObject
            {
                ["matchFields"] = new JsonArray(
                    new JsonObject { ["key"] = "metadata.name", ["operator"] = "In", ["values"] = new JsonArray(nodeName) }),
            }),
        },
    };

    private static JsonObject Toleration(Toleration toleration)
    {
        var json = new JsonObject();
        if (toleration.Key.Length > 0) json["key"] = toleration.Key;
        json["operator"] = toleration.Exists ? "Exists" : "Equal";
        if (toleration.Value.Length > 0) json["value"] = toleration.Value;
        if (toleration.Effect is { } effect) json["effect"] = effect.ToString();
        if (toleration.TolerationSeconds is { } seconds) json["tolerationSeconds"] = seconds;
        return json;
    }

    private static JsonObject Status(SimulatedPod pod, JsonObject templateSpec, StableId ids)
    {
        var status = new JsonObject
        {
            ["phase"] = pod.Phase,
            ["conditions"] = new JsonArray([.. pod.Conditions.Select(Condition)]),
        };
        if (pod.EvictionMessage is { } message)
        {
            status["reason"] = "Evicted";
            status["message"] = message;
        }

        if (pod.HostIP is not null)
        {
            status["hostIP"] = pod.HostIP;
            status["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = pod.HostIP });
        }

        if (pod.PodIP is not null)
        {
            status["podIP"] = pod.PodIP;
            status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = pod.PodIP });
        }

        if (pod.StartTime is { } start) status["startTime"] = ApiTime.Text(start);
        if (pod.Containers.Count > 0)
        {
            status["containerStatuses"] = new JsonArray([.. pod.Containers.Select(container => Container(container, pod, ids))]);
        }

        status["qosClass"] = QualityOfService(templateSpec);
        return status;
    }

    private static JsonObject Condition(PodCondition condition)
    {
        var json = new JsonObject
        {
            ["type"] = condition.Type,
            ["status"] = condition.Status,
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = ApiTime.Text(condition.LastTransitionTime),
        };
        if (condition.Reason.Length > 0) json["reason"] = condition.Reason;
        if (condition.Message.Length > 0) json["message"] = condition.Message;
        return json;
    }

    private static JsonObject Container(ContainerStatus container, SimulatedPod pod, StableId ids)
    {
        var started = container.State != ContainerState.Waiting;
        var json = new JsonObject
        {
            ["name"] = container.Name,
            ["state"] = container.State switch
            {
                ContainerState.Waiting => new JsonObject { ["waiting"] = new JsonObject { ["reason"] = container.Reason ?? "ContainerCreating" } },
                ContainerState.Running => new JsonObject { ["running"] = new JsonObject { ["startedAt"] = Time(container.StartedAt) } },
                _ => Terminated(new ContainerEnd(container.ExitCode, container.Reason ?? "Completed", container.StartedAt, container.FinishedAt), Id(container.RestartCount)),
            },
            ["lastState"] = container.LastEnd is { } end ? Terminated(end, Id(started ? container.RestartCount - 1 : container.RestartCount)) : [],
            ["ready"] = container.Ready,
            ["restartCount"] = container.RestartCount,
            ["image"] = container.Image,
            ["imageID"] = started || container.LastEnd is not null ? $"{container.Image}@sha256:{ids.Digest($"image/{container.Image}")}" : "",
        };
        if (started || container.LastEnd is not null) json["containerID"] = Id(container.RestartCount);
        json["started"] = container.State == ContainerState.Running;
        return json;

        string Id(int restarts) => $"containerd://{ids.Digest($"container/{pod.Uid}/{container.Name}/{restarts}")}";
    }

    private static JsonObject Terminated(ContainerEnd end, string id) => new()
    {
        ["terminated"] = new JsonObject
        {
            ["exitCode"] = end.ExitCode,
            ["reason"] = end.Reason,
            ["startedAt"] = Time(end.StartedAt),
            ["finishedAt"] = Time(end.FinishedAt),
            ["containerID"] = id,
        },
    };

    private static string? Time(DateTimeOffset? time) => time is { } known ? ApiTime.Text(known) : null;

    /// <summary>Guaranteed when every container's limits are its requests, BestEffort when none has either.</summary>
    /// <remarks>Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ .</remarks>
    private static string QualityOfService(JsonObject templateSpec)
    {
        var any = false;
        var guaranteed = true;
        foreach (var container in templateSpec["containers"] as JsonArray ?? [])
        {
            foreach (var resource in new[] { "cpu", "memory" })
            {
                var limit = (string?)container!["resources"]?["limits"]?[resource];
                var request = (string?)container["resources"]?["requests"]?[resource] ?? limit;
                any |= request is not null;
                guaranteed &= limit is not null && KubernetesQuantity.Parse(request!) == KubernetesQuantity.Parse(limit);
            }
        }

        return (any, guaranteed) switch
        {
            (false, _) => "BestEffort",
            (_, true) => "Guaranteed",
            _ => "Burstable",
        };
    }
}
