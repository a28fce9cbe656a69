using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Writers;

/// <summary>Writes PersistentVolumeClaims and the PersistentVolumes that they get.</summary>
internal static class VolumeWriter
{
    private const string Driver = "disk.csi.azure.com";

    /// <summary>A claim: as a user wrote it, or after the template of a StatefulSet.</summary>
    public static JsonObject WriteClaim(ApiObject item, SimulatedVolumeClaim claim)
    {
        var written = item.Manifest ?? item.Template;
        var metadata = item.Manifest is null ? JsonParts.Metadata(item, claim.CreationTimestamp) : (JsonObject)item.Manifest["metadata"]!.DeepClone();
        JsonParts.Stamp(metadata, item);
        if (item.Manifest is null && written?["metadata"]?["labels"] is { } labels) metadata["labels"] = labels.DeepClone();
        var spec = written?["spec"]?.DeepClone() as JsonObject ?? [];
        spec["volumeMode"] ??= "Filesystem";
        var status = new JsonObject { ["phase"] = claim.Phase };
        if (claim.Spec.VolumeName is { } volume)
        {
            spec["volumeName"] = volume;
            if (spec["accessModes"] is { } modes) status["accessModes"] = modes.DeepClone();
            if (spec["resources"]?["requests"] is { } requests) status["capacity"] = requests.DeepClone();
        }

        return new JsonObject { ["metadata"] = metadata, ["spec"] = spec, ["status"] = status };
    }

    /// <summary>The volume that a claim is bound to.</summary>
    /// <param name="json">The claim.</param>
    /// <param name="claim">Its life.</param>
    /// <param name="now">When the volume is made.</param>
    public static JsonObject MakeVolume(JsonObject json, SimulatedVolumeClaim claim, DateTimeOffset now)
    {
        var wanted = json["spec"]!;
        var spec = new JsonObject
        {
            ["capacity"] = wanted["resources"]?["requests"]?.DeepClone() ?? new JsonObject(),
            ["csi"] = new JsonObject { ["driver"] = Driver, ["volumeHandle"] = claim.Spec.VolumeName },
            ["accessModes"] = wanted["accessModes"]?.DeepClone(),
            ["claimRef"] = new JsonObject { ["kind"] = claim.Kind, ["namespace"] = claim.Namespace, ["name"] = claim.Name, ["uid"] = claim.Uid, ["apiVersion"] = "v1" },
            ["persistentVolumeReclaimPolicy"] = "Delete",
            ["volumeMode"] = wanted["volumeMode"]?.DeepClone(),
        };
        if (wanted["storageClassName"] is { } storageClass) spec["storageClassName"] = storageClass.DeepClone();
        if (claim.Spec.NodeAffinity.Count > 0)
        {
            spec["nodeAffinity"] = new JsonObject
            {
                ["required"] = new JsonObject { ["nodeSelectorTerms"] = new JsonArray([.. claim.Spec.NodeAffinity.Select(Term)]) },
            };
        }

        return new JsonObject
        {
            ["kind"] = ResourceTypes.PersistentVolume.Kind,
            ["apiVersion"] = ResourceTypes.PersistentVolume.ApiVersion,
            ["metadata"] = new JsonObject { ["name"] = claim.Spec.VolumeName, ["creationTimestamp"] = ApiTime.Text(now) },
            ["spec"] = spec,
            ["status"] = new JsonObject { ["phase"] = "Bound" },
        };
    }

    private static JsonObject Term(NodeAffinityTerm term) => new()
    {
        ["matchExpressions"] = new JsonArray([.. term.Requirements.Select(requirement => new JsonObject
        {
            ["key"] = requirement.Key,
            ["operator"] = requirement.Operator.ToString(),
            ["values"] = new JsonArray([.. requirement.Values.Select(value => (JsonNode)value)]),
        })]),
    };
}
