using System.Text.Json.Nodes;
using ChaosPS.Resilience;

namespace ChaosPS.Manifests;

/// <summary>A field that a change writes, for messages about where it stands.</summary>
/// <param name="Name">As manifests call it.</param>
/// <param name="Path">Where it is in a workload.</param>
internal sealed record ChangedField(string Name, string[] Path)
{
    /// <summary>The fields of a change.</summary>
    public static IReadOnlyList<ChangedField> Of(ClusterOverlay change)
    {
        var fields = new List<ChangedField>();
        foreach (var workload in change.Workloads)
        {
            var update = workload.Kind == "Deployment" ? "strategy" : "updateStrategy";
            if (workload.Replicas is not null) fields.Add(new("replicas", ["spec", "replicas"]));
            if (workload.MaxSurge is not null) fields.Add(new("maxSurge", ["spec", update, "rollingUpdate", "maxSurge"]));
            if (workload.MaxUnavailable is not null) fields.Add(new("maxUnavailable", ["spec", update, "rollingUpdate", "maxUnavailable"]));
            if (workload.Affinity is not null) fields.Add(new("affinity", ["spec", "template", "spec", "affinity"]));
            if (workload.TopologySpread is not null) fields.Add(new("topologySpreadConstraints", ["spec", "template", "spec", "topologySpreadConstraints"]));
            if (workload.TolerationSeconds is not null) fields.Add(new("tolerations", ["spec", "template", "spec", "tolerations"]));
            if (workload.ReadinessProbes.Count > 0) fields.Add(new("readinessProbe", ["spec", "template", "spec", "containers"]));
        }

        if (change.DisruptionBudgets.Count > 0) fields.Add(new("PodDisruptionBudget", []));
        return fields;
    }

    /// <summary>Whether an object has it.</summary>
    public bool IsIn(ManifestObject item) => Path.Length > 0 && Path.Aggregate((JsonNode?)item.Json, static (at, name) => (at as JsonObject)?[name]) is not null;
}
