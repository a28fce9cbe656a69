using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Writers;

namespace ChaosPS.Sandbox.Kubernetes.Rules;

/// <summary>What the API server writes into objects where their authors wrote nothing.</summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/kubernetes-api/ , the defaults named there.</remarks>
internal static class ObjectDefaults
{
    /// <summary>The fields of each kind that are there whether written or not; a value that is an object is filled in, not replaced.</summary>
    private static readonly Dictionary<string, string> s_fields = new()
    {
        ["Deployment"] = """{"spec":{"replicas":1,"revisionHistoryLimit":10,"progressDeadlineSeconds":600,"strategy":{"type":"RollingUpdate"}}}""",
        ["ReplicaSet"] = """{"spec":{"replicas":1}}""",
        ["StatefulSet"] = """
            {"spec":{"replicas":1,"revisionHistoryLimit":10,"podManagementPolicy":"OrderedReady","updateStrategy":{"type":"RollingUpdate"},
            "persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain","whenScaled":"Retain"}}}
            """,
        ["DaemonSet"] = """{"spec":{"revisionHistoryLimit":10,"updateStrategy":{"type":"RollingUpdate"}}}""",
        ["Job"] = """{"spec":{"parallelism":1,"backoffLimit":6,"completionMode":"NonIndexed","suspend":false,"manualSelector":false,"podReplacementPolicy":"TerminatingOrFailed"}}""",
        ["CronJob"] = """{"spec":{"concurrencyPolicy":"Allow","suspend":false,"successfulJobsHistoryLimit":3,"failedJobsHistoryLimit":1}}""",
        ["HorizontalPodAutoscaler"] = """{"spec":{"minReplicas":1}}""",
        ["Service"] = """{"spec":{"type":"ClusterIP","sessionAffinity":"None"},"status":{"loadBalancer":{}}}""",
        ["Ingress"] = """{"status":{"loadBalancer":{}}}""",
        ["PersistentVolumeClaim"] = """{"spec":{"volumeMode":"Filesystem"},"status":{"phase":"Pending"}}""",
        ["PersistentVolume"] = """{"spec":{"volumeMode":"Filesystem","persistentVolumeReclaimPolicy":"Retain"},"status":{"phase":"Available"}}""",
        ["StorageClass"] = """{"reclaimPolicy":"Delete","volumeBindingMode":"Immediate"}""",
        ["PriorityClass"] = """{"preemptionPolicy":"PreemptLowerPriority"}""",
        ["Secret"] = """{"type":"Opaque"}""",
    };

    /// <summary>What the strategy of a rolling update has, by kind.</summary>
    private static readonly Dictionary<string, (string Field, string Rolling)> s_rolling = new()
    {
        ["Deployment"] = ("strategy", """{"maxUnavailable":"25%","maxSurge":"25%"}"""),
        ["StatefulSet"] = ("updateStrategy", """{"partition":0}"""),
        ["DaemonSet"] = ("updateStrategy", """{"maxUnavailable":1,"maxSurge":0}"""),
    };

    /// <summary>Fills in an object whose shape has been checked. Filling in a second time changes nothing.</summary>
    public static void Fill(JsonObject manifest)
    {
        var kind = (string)manifest["kind"]!;
        if (s_fields.TryGetValue(kind, out var fields)) Fill(manifest, fields);
        if (s_rolling.TryGetValue(kind, out var rolling))
        {
            var strategy = manifest.Member("spec").Member(rolling.Field);
            if ((string?)strategy["type"] == "RollingUpdate") Fill(strategy.Member("rollingUpdate"), rolling.Rolling);
        }

        switch (kind)
        {
            case "Pod":
                PodSpecDefaults.Fill(manifest.Member("spec"));
                manifest.Member("spec")["enableServiceLinks"] ??= true;
                break;
            case "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet" or "Job":
                PodSpecDefaults.Fill(manifest.Member("spec").Member("template").Member("spec"));
                break;
            case "CronJob":
                PodSpecDefaults.Fill(manifest.Member("spec").Member("jobTemplate").Member("spec").Member("template").Member("spec"));
                break;
            case "Service":
                foreach (var port in (manifest.Member("spec")["ports"] as JsonArray ?? []).OfType<JsonObject>())
                {
                    port["protocol"] ??= "TCP";
                    port["targetPort"] ??= port["port"]?.DeepClone();
                }

                break;
            case "Secret":
                EncodeTexts(manifest);
                break;
            case "Namespace":
                var metadata = manifest.Member("metadata");
                metadata.Member("labels")["kubernetes.io/metadata.name"] = metadata["name"]?.DeepClone();
                break;
        }
    }

    /// <summary>Fills in what is missing in an object.</summary>
    private static void Fill(JsonObject target, string fields) => Fill(target, JsonNode.Parse(fields)!.AsObject());

    private static void Fill(JsonObject target, JsonObject fields)
    {
        foreach (var (name, value) in fields)
        {
            if (value is JsonObject { Count: > 0 } members) Fill(target.Member(name), members);
            else target[name] ??= value?.DeepClone();
        }
    }

    /// <summary>A Secret can be written as texts; it is kept in base64.</summary>
    private static void EncodeTexts(JsonObject secret)
    {
        if (secret["stringData"] is not JsonObject texts) return;
        foreach (var (name, text) in texts) secret.Member("data")[name] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text?.ToString() ?? ""));
        secret.Remove("stringData");
    }
}
