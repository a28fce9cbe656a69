using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Tables;

namespace ChaosPS.Sandbox.Kubernetes.Processes;

/// <summary>The variables of a container: those that every one has, and those that its pod's manifest spells out.</summary>
internal static class ContainerEnvironment
{
    /// <summary>The variables by their names. What comes from ConfigMaps and Secrets is left out.</summary>
    /// <param name="pod">The pod as the API shows it.</param>
    /// <param name="target">The container.</param>
    public static OrderedDictionary<string, string> Of(JsonObject pod, ContainerTarget target)
    {
        var variables = new OrderedDictionary<string, string>
        {
            ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ["HOSTNAME"] = target.Pod.Name,
        };
        var container = (pod["spec"]?["containers"] as JsonArray ?? []).OfType<JsonObject>().First(container => container.Text("name") == target.Name);
        foreach (var variable in (container["env"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var value = variable["valueFrom"] is not JsonObject source ? variable.Text("value")
                : source["fieldRef"] is JsonObject field ? pod.Text(field.Text("fieldPath"))
                : null;
            if (value is not null) variables[variable.Text("name")] = value;
        }

        variables["HOME"] = "/root";
        return variables;
    }
}
