using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Volume claims: those that users write, and those that StatefulSets have made. A claim that is bound has a PersistentVolume.</summary>
internal sealed class VolumeClaimKind(ObjectStore store) : ObjectKind(ResourceTypes.PersistentVolumeClaim, store)
{
    /// <inheritdoc/>
    public override bool KeepsStatus => false;

    /// <inheritdoc/>
    public override JsonObject Write(ApiObject item) => VolumeWriter.WriteClaim(item, (SimulatedVolumeClaim)item.Live!);

    /// <inheritdoc/>
    public override void CheckShape(Shape shape, JsonObject manifest)
    {
        var spec = shape.Need(manifest, "spec");
        shape.Texts(spec, "volumeName", "storageClassName", "volumeMode");
        shape.List(spec, "accessModes");
        shape.Quantities(shape.Object(spec, "resources"), "requests", "limits");
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Check(JsonObject manifest, JsonObject? old)
    {
        var spec = manifest["spec"]!;
        if (spec["accessModes"] is not JsonArray { Count: > 0 }) yield return FieldError.Required("spec.accessModes", "at least 1 access mode is required");
        if (spec["resources"]?["requests"]?["storage"] is null) yield return FieldError.Required("spec.resources[storage]");
    }

    /// <inheritdoc/>
    public override void Create(ApiObject item) => Simulation.Apply(Read(item));

    /// <inheritdoc/>
    public override void Delete(ApiObject item, DeletionPropagation propagation, long? gracePeriodSeconds)
    {
        var volume = ((SimulatedVolumeClaim)item.Live!).Spec.VolumeName;
        Simulation.Delete(item.Live);
        if (volume is null || Store.Find(ResourceTypes.PersistentVolume, "", volume) is not { Manifest: { } manifest } bound) return;
        if ((string?)manifest["spec"]?["persistentVolumeReclaimPolicy"] == "Delete") Store.Remove(bound);
    }

    /// <inheritdoc/>
    public override void Follow(ApiObject item, ChangeType change)
    {
        var claim = (SimulatedVolumeClaim)item.Live!;
        if (change == ChangeType.Added) item.Template ??= TemplateOf(claim);
        if (change == ChangeType.Deleted || claim.Spec.VolumeName is not { } volume || Store.Find(ResourceTypes.PersistentVolume, "", volume) is not null) return;
        Store.Create(new ApiObject(ResourceTypes.PersistentVolume, "", volume) { Manifest = VolumeWriter.MakeVolume(Write(item), claim, Simulation.Now) });
    }

    /// <summary>The template of the StatefulSet that made a claim: it is called after the template, the set and the pod's number.</summary>
    private JsonObject? TemplateOf(SimulatedVolumeClaim claim)
    {
        foreach (var set in Store.List(ResourceTypes.StatefulSet, claim.Namespace))
        {
            foreach (var template in (set.Manifest?["spec"]?["volumeClaimTemplates"] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (claim.Name.StartsWith($"{template["metadata"]?["name"]}-{set.Name}-", StringComparison.Ordinal)) return template;
            }
        }

        return null;
    }

    private VolumeClaim Read(ApiObject item)
    {
        var volume = (string?)item.Manifest!["spec"]!["volumeName"] is { } name ? Store.Find(ResourceTypes.PersistentVolume, "", name)?.Manifest : null;
        return KubernetesReader.ReadVolumeClaim(Element(item.Manifest), volume?.ToElement(), Store.Cluster);
    }
}
