using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kubernetes.Rules;

/// <summary>What the spec of a pod must be, alone or in a template.</summary>
internal static class PodSpecRules
{
    private static readonly string[] s_containerLists = ["containers", "initContainers"];

    /// <summary>Refuses fields of the wrong type.</summary>
    public static void CheckShape(Shape shape, JsonObject pod)
    {
        shape.Texts(pod, "restartPolicy", "serviceAccountName", "schedulerName", "dnsPolicy", "nodeName", "priorityClassName", "preemptionPolicy");
        shape.Counts(pod, "terminationGracePeriodSeconds", "priority");
        shape.Flags(pod, "hostNetwork");
        shape.Maps(pod, "nodeSelector");
        shape.Object(pod, "affinity");
        shape.Object(pod, "securityContext");
        shape.Objects(pod, "tolerations");
        shape.Objects(pod, "topologySpreadConstraints");
        shape.Objects(pod, "volumes");
        foreach (var container in s_containerLists.SelectMany(list => shape.Objects(pod, list)))
        {
            shape.Texts(container, "name", "image", "imagePullPolicy", "restartPolicy");
            foreach (var port in shape.Objects(container, "ports")) shape.Counts(port, "containerPort", "hostPort");
            shape.Objects(container, "env");
            shape.Objects(container, "volumeMounts");
            foreach (var probe in new[] { "readinessProbe", "livenessProbe", "startupProbe" }) shape.Object(shape.Object(container, probe), "httpGet");
            shape.Quantities(shape.Object(container, "resources"), "limits", "requests");
        }
    }

    /// <summary>What of the rules a spec of right shape breaks.</summary>
    /// <param name="pod">The spec.</param>
    /// <param name="path">Where it stands: <c>spec</c> or <c>spec.template.spec</c>.</param>
    public static IEnumerable<FieldError> Check(JsonObject pod, string path)
    {
        if (pod["containers"] is not JsonArray { Count: > 0 }) yield return FieldError.Required($"{path}.containers");
        var names = new HashSet<string>();
        foreach (var list in s_containerLists)
        {
            foreach (var (index, container) in (pod[list] as JsonArray ?? []).Index())
            {
                var at = $"{path}.{list}[{index}]";
                var name = (string?)container!["name"] ?? "";
                if (name.Length == 0) yield return FieldError.Required($"{at}.name");
                else if (NameRules.CheckLabel(name) is { } why) yield return FieldError.Invalid($"{at}.name", $"\"{name}\"", why);
                else if (!names.Add(name)) yield return FieldError.Duplicate($"{at}.name", name);
                if (string.IsNullOrEmpty((string?)container["image"])) yield return FieldError.Required($"{at}.image");
            }
        }

        if ((int?)pod["terminationGracePeriodSeconds"] is < 0 and var grace)
        {
            yield return FieldError.Invalid($"{path}.terminationGracePeriodSeconds", $"{grace}", "must be greater than or equal to 0");
        }

        foreach (var error in CheckAffinity(pod, path)) yield return error;
    }

    private static IEnumerable<FieldError> CheckAffinity(JsonObject pod, string path)
    {
        const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
        foreach (var kind in new[] { "podAffinity", "podAntiAffinity" })
        {
            foreach (var (index, term) in ((pod["affinity"]?[kind] as JsonObject)?[Required] as JsonArray ?? []).Index())
            {
                var key = (term as JsonObject)?["topologyKey"]?.ToString();
                if (string.IsNullOrEmpty(key)) yield return FieldError.Required($"{path}.affinity.{kind}.{Required}[{index}].topologyKey");
            }
        }
    }
}
