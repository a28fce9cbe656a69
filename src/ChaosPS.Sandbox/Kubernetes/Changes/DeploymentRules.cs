using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;

namespace ChaosPS.Sandbox.Kubernetes.Changes;

/// <summary>What a Deployment must be: first the types of the fields that the sandbox reads, then the rules of the API.</summary>
internal static class DeploymentRules
{
    private static readonly string[] s_bounds = ["maxSurge", "maxUnavailable"];
    private static readonly string[] s_counts = ["replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"];

    /// <summary>Refuses a Deployment that a real API server would not decode.</summary>
    /// <exception cref="StatusException">400: a field is of the wrong type.</exception>
    public static void CheckShape(JsonObject manifest)
    {
        var metadata = Need<JsonObject>(manifest, "metadata", manifest);
        foreach (var map in new[] { "labels", "annotations" }) CheckTexts(manifest, metadata, map);
        var spec = Need<JsonObject>(manifest, "spec", manifest);
        foreach (var count in s_counts) CheckCount(manifest, spec, count);
        CheckType<JsonObject>(manifest, spec, "strategy");
        if (spec["strategy"] is JsonObject strategy)
        {
            CheckText(manifest, strategy, "type");
            CheckType<JsonObject>(manifest, strategy, "rollingUpdate");
            var rolling = strategy["rollingUpdate"] as JsonObject ?? [];
            foreach (var bound in s_bounds) CheckCountOrPercent(manifest, rolling, bound);
        }

        var selector = Need<JsonObject>(manifest, "selector", spec);
        CheckTexts(manifest, selector, "matchLabels");
        CheckType<JsonArray>(manifest, selector, "matchExpressions");
        var template = Need<JsonObject>(manifest, "template", spec);
        CheckType<JsonObject>(manifest, template, "metadata");
        foreach (var map in new[] { "labels", "annotations" }) CheckTexts(manifest, template["metadata"] as JsonObject ?? [], map);
        var pod = Need<JsonObject>(manifest, "spec", template);
        foreach (var text in new[] { "restartPolicy", "serviceAccountName", "schedulerName", "dnsPolicy" }) CheckText(manifest, pod, text);
        CheckCount(manifest, pod, "terminationGracePeriodSeconds");
        CheckTexts(manifest, pod, "nodeSelector");
        CheckType<JsonObject>(manifest, pod, "affinity");
        CheckType<JsonObject>(manifest, pod, "securityContext");
        CheckType<JsonArray>(manifest, pod, "tolerations");
        foreach (var list in new[] { "containers", "initContainers" })
        {
            CheckType<JsonArray>(manifest, pod, list);
            foreach (var container in pod[list] as JsonArray ?? [])
            {
                CheckContainer(manifest, container as JsonObject ?? throw RequestBody.Unreadable(manifest, $"an item of {list} is no object"));
            }
        }
    }

    /// <summary>What of the rules a Deployment of right shape breaks.</summary>
    /// <param name="manifest">The new one.</param>
    /// <param name="old">The one that it replaces.</param>
    public static IReadOnlyList<FieldError> Check(JsonObject manifest, JsonObject old)
    {
        var errors = new List<FieldError>();
        var spec = manifest["spec"]!;
        foreach (var count in s_counts)
        {
            if ((int?)spec[count] is not (< 0 and var negative)) continue;
            errors.Add(FieldError.Invalid($"spec.{count}", $"{negative}", "must be greater than or equal to 0"));
        }

        foreach (var bound in s_bounds)
        {
            if (spec["strategy"]?["rollingUpdate"]?[bound] is not { } value || !IsInt32(value) || (int)value >= 0) continue;
            errors.Add(FieldError.Invalid($"spec.strategy.rollingUpdate.{bound}", value.ToJsonString(), "must be greater than or equal to 0"));
        }

        if ((string?)spec["strategy"]?["type"] is not ("RollingUpdate" or "Recreate") and var type)
        {
            errors.Add(new FieldError(
                "FieldValueNotSupported", "spec.strategy.type", $"Unsupported value: \"{type}\": supported values: \"Recreate\", \"RollingUpdate\""));
        }

        if (!CanonicalJson.AreEqual(spec["selector"], old["spec"]!["selector"]))
        {
            errors.Add(FieldError.Invalid("spec.selector", spec["selector"]!.ToJsonString(), "field is immutable"));
        }

        var labels = spec["template"]!["metadata"]?["labels"] as JsonObject ?? [];
        var selector = KubernetesReader.ReadLabelSelector(JsonSerializer.SerializeToElement(spec["selector"]));
        if (!selector.Matches(labels.ToDictionary(label => label.Key, label => (string)label.Value!)))
        {
            errors.Add(FieldError.Invalid("spec.template.metadata.labels", labels.ToJsonString(), "`selector` does not match template `labels`"));
        }

        CheckContainers(spec["template"]!["spec"]!["containers"] as JsonArray ?? [], errors);
        CheckAntiAffinity(spec["template"]!["spec"]!, errors);
        return errors;
    }

    private static void CheckContainers(JsonArray containers, List<FieldError> errors)
    {
        const string Path = "spec.template.spec.containers";
        if (containers.Count == 0) errors.Add(FieldError.Required(Path));
        var names = new HashSet<string>();
        foreach (var (index, container) in containers.Index())
        {
            if (container!["name"] is not { } name || name.ToString().Length == 0) errors.Add(FieldError.Required($"{Path}[{index}].name"));
            else if (!names.Add(name.ToString())) errors.Add(FieldError.Duplicate($"{Path}[{index}].name", name.ToString()));
            if (container["image"] is not { } image || image.ToString().Length == 0) errors.Add(FieldError.Required($"{Path}[{index}].image"));
        }
    }

    private static void CheckAntiAffinity(JsonNode pod, List<FieldError> errors)
    {
        foreach (var kind in new[] { "podAffinity", "podAntiAffinity" })
        {
            var path = $"spec.template.spec.affinity.{kind}.requiredDuringSchedulingIgnoredDuringExecution";
            var terms = (pod["affinity"]?[kind] as JsonObject)?["requiredDuringSchedulingIgnoredDuringExecution"] as JsonArray ?? [];
            foreach (var (index, term) in terms.Index())
            {
                var key = (term as JsonObject)?["topologyKey"]?.ToString();
                if (string.IsNullOrEmpty(key)) errors.Add(FieldError.Required($"{path}[{index}].topologyKey"));
            }
        }
    }

    private static void CheckContainer(JsonObject manifest, JsonObject container)
    {
        CheckText(manifest, container, "name");
        CheckText(manifest, container, "image");
        foreach (var list in new[] { "ports", "env", "volumeMounts" }) CheckType<JsonArray>(manifest, container, list);
        foreach (var member in new[] { "resources", "readinessProbe", "livenessProbe", "startupProbe" })
        {
            CheckType<JsonObject>(manifest, container, member);
        }

        foreach (var name in new[] { "limits", "requests" })
        {
            CheckType<JsonObject>(manifest, container["resources"] as JsonObject ?? [], name);
            foreach (var (resource, quantity) in container["resources"]?[name] as JsonObject ?? [])
            {
                if (quantity?.GetValueKind() is not (JsonValueKind.String or JsonValueKind.Number) || !KubernetesQuantity.TryParse(quantity.ToString(), out _))
                {
                    throw RequestBody.Unreadable(manifest, $"the {name} of {resource} is no quantity: {quantity?.ToJsonString() ?? "null"}");
                }
            }
        }
    }

    private static T Need<T>(JsonObject manifest, string name, JsonObject parent)
        where T : JsonNode => parent[name] as T ?? throw RequestBody.Unreadable(manifest, $"{name} is missing or of another type");

    private static void CheckType<T>(JsonObject manifest, JsonObject parent, string name)
        where T : JsonNode
    {
        if (parent[name] is { } value and not T) throw RequestBody.Unreadable(manifest, $"{name} is of another type: {value.ToJsonString()}");
    }

    private static void CheckText(JsonObject manifest, JsonObject parent, string name)
    {
        if (parent[name] is { } value && value.GetValueKind() != JsonValueKind.String)
        {
            throw RequestBody.Unreadable(manifest, $"{name} is no text: {value.ToJsonString()}");
        }
    }

    private static void CheckTexts(JsonObject manifest, JsonObject parent, string name)
    {
        CheckType<JsonObject>(manifest, parent, name);
        foreach (var (key, value) in parent[name] as JsonObject ?? [])
        {
            if (value?.GetValueKind() != JsonValueKind.String)
            {
                throw RequestBody.Unreadable(manifest, $"{name}.{key} is no text: {value?.ToJsonString() ?? "null"}");
            }
        }
    }

    private static void CheckCount(JsonObject manifest, JsonObject parent, string name)
    {
        if (parent[name] is { } value && !IsInt32(value))
        {
            throw RequestBody.Unreadable(manifest, $"{name} is no 32-bit integer: {value.ToJsonString()}");
        }
    }

    private static void CheckCountOrPercent(JsonObject manifest, JsonObject parent, string name)
    {
        if (parent[name] is not { } value || IsInt32(value)) return;
        var isPercent = value.GetValueKind() == JsonValueKind.String && value.ToString() is [.. var digits, '%'] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        if (!isPercent) throw RequestBody.Unreadable(manifest, $"{name} is neither a number nor a percentage: {value.ToJsonString()}");
    }

    private static bool IsInt32(JsonNode value) => value.GetValueKind() == JsonValueKind.Number && int.TryParse(value.ToJsonString(), out _);
}
