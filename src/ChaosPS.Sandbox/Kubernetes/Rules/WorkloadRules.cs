using System.Text.Json.Nodes;
using ChaosPS.Clusters;

namespace ChaosPS.Sandbox.Kubernetes.Rules;

/// <summary>What Deployments, ReplicaSets, StatefulSets and DaemonSets must be.</summary>
internal static class WorkloadRules
{
    private static readonly string[] s_counts = ["replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"];
    private static readonly string[] s_bounds = ["maxSurge", "maxUnavailable"];

    /// <summary>The strategy's field and what it can be.</summary>
    private static readonly Dictionary<string, (string Field, string[] Types)> s_strategies = new()
    {
        ["Deployment"] = ("strategy", ["Recreate", "RollingUpdate"]),
        ["StatefulSet"] = ("updateStrategy", ["OnDelete", "RollingUpdate"]),
        ["DaemonSet"] = ("updateStrategy", ["OnDelete", "RollingUpdate"]),
    };

    /// <summary>Refuses fields of the wrong type.</summary>
    public static void CheckShape(Shape shape, JsonObject manifest)
    {
        var spec = shape.Need(manifest, "spec");
        shape.Counts(spec, s_counts);
        if (s_strategies.TryGetValue((string)manifest["kind"]!, out var strategy))
        {
            var written = shape.Object(spec, strategy.Field);
            shape.Texts(written, "type");
            var rolling = shape.Object(written, "rollingUpdate");
            shape.CountsOrPercents(rolling, s_bounds);
            shape.Counts(rolling, "partition");
        }

        shape.Texts(spec, "podManagementPolicy", "serviceName");
        shape.Selector(spec, "selector");
        var template = shape.Need(spec, "template");
        shape.Maps(shape.Object(template, "metadata"), "labels", "annotations");
        PodSpecRules.CheckShape(shape, shape.Need(template, "spec"));
    }

    /// <summary>What of the rules a workload of right shape breaks.</summary>
    /// <param name="manifest">The new one.</param>
    /// <param name="old">The one that it replaces; null for a new one.</param>
    public static IEnumerable<FieldError> Check(JsonObject manifest, JsonObject? old)
    {
        var spec = manifest["spec"]!.AsObject();
        foreach (var count in s_counts)
        {
            if ((int?)spec[count] is < 0 and var negative) yield return FieldError.Invalid($"spec.{count}", $"{negative}", "must be greater than or equal to 0");
        }

        if (s_strategies.TryGetValue((string)manifest["kind"]!, out var strategy))
        {
            foreach (var error in CheckStrategy(spec, strategy.Field, strategy.Types)) yield return error;
        }

        var template = spec["template"]!;
        foreach (var error in CheckSelector(spec, template, old)) yield return error;
        if ((string?)template["spec"]!["restartPolicy"] is not "Always" and var policy)
        {
            yield return FieldError.NotSupported("spec.template.spec.restartPolicy", policy, "Always");
        }

        foreach (var error in PodSpecRules.Check(template["spec"]!.AsObject(), "spec.template.spec")) yield return error;
        foreach (var field in old is not null && (string)manifest["kind"]! == "StatefulSet" ? new[] { "serviceName", "podManagementPolicy", "volumeClaimTemplates" } : [])
        {
            if (CanonicalJson.AreEqual(spec[field], old!["spec"]![field])) continue;
            yield return FieldError.Forbidden(
                "spec", "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
            yield break;
        }
    }

    private static IEnumerable<FieldError> CheckStrategy(JsonObject spec, string field, string[] types)
    {
        foreach (var bound in s_bounds)
        {
            if (spec[field]?["rollingUpdate"]?[bound] is not { } value || !Shape.IsInt32(value) || (int)value >= 0) continue;
            yield return FieldError.Invalid($"spec.{field}.rollingUpdate.{bound}", value.ToJsonString(), "must be greater than or equal to 0");
        }

        var type = (string?)spec[field]?["type"] ?? "";
        if (!types.Contains(type)) yield return FieldError.NotSupported($"spec.{field}.type", type, types);
    }

    private static IEnumerable<FieldError> CheckSelector(JsonObject spec, JsonNode template, JsonObject? old)
    {
        var labels = template["metadata"]?["labels"] as JsonObject ?? [];
        if (spec["selector"] is not JsonObject { Count: > 0 } selector)
        {
            yield return FieldError.Required("spec.selector");
            yield return FieldError.Invalid("spec.template.metadata.labels", labels.ToJsonString(), "`selector` does not match template `labels`");
            yield break;
        }

        if (old is not null && !CanonicalJson.AreEqual(selector, old["spec"]!["selector"]))
        {
            yield return FieldError.Invalid("spec.selector", selector.ToJsonString(), "field is immutable");
        }

        if (!KubernetesReader.ReadLabelSelector(selector.ToElement()).Matches(labels.ToDictionary(label => label.Key, label => (string)label.Value!)))
        {
            yield return FieldError.Invalid("spec.template.metadata.labels", labels.ToJsonString(), "`selector` does not match template `labels`");
        }
    }
}
