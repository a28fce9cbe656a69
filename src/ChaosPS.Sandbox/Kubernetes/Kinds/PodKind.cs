using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Pods: of a controller, after the template that it had when it made them, or as a user wrote them.</summary>
internal sealed class PodKind(ObjectStore store) : ObjectKind(ResourceTypes.Pod, store)
{
    /// <inheritdoc/>
    public override bool KeepsStatus => false;

    /// <inheritdoc/>
    public override JsonObject Write(ApiObject item) => PodWriter.Write(item, (SimulatedPod)item.Live!, Store.Ids);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Labels(ApiObject item) => ((SimulatedPod)item.Live!).Labels;

    /// <inheritdoc/>
    public override string Field(ApiObject item, string field)
    {
        var pod = (SimulatedPod)item.Live!;
        return field switch
        {
            "spec.nodeName" => pod.NodeName ?? "",
            "status.phase" => pod.Phase,
            "status.podIP" => pod.PodIP ?? "",
            "status.nominatedNodeName" => pod.NominatedNodeName ?? "",
            _ => Field(Write(item), field),
        };
    }

    /// <inheritdoc/>
    public override string Field(JsonObject json, string field) =>
        base.Field(json, field) is { Length: > 0 } value ? value : field == "spec.hostNetwork" ? "false" : "";

    /// <inheritdoc/>
    public override void CheckShape(Shape shape, JsonObject manifest) => PodSpecRules.CheckShape(shape, shape.Need(manifest, "spec"));

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Check(JsonObject manifest, JsonObject? old)
    {
        if (old is null || CanonicalJson.AreEqual(manifest["spec"], old["spec"])) return old is null ? PodSpecRules.Check(manifest["spec"]!.AsObject(), "spec") : [];
        return CanonicalJson.AreEqual(Fixed(manifest), Fixed(old))
            ? [FieldError.Forbidden("spec", "the sandbox does not change running pods: neither their images nor their tolerations")]
            : [FieldError.Forbidden(
                "spec",
                "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`," +
                "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)")];
    }

    /// <summary>What of a pod's spec never changes.</summary>
    private static JsonObject Fixed(JsonObject pod)
    {
        var spec = (JsonObject)pod["spec"]!.DeepClone();
        spec.Remove("tolerations");
        spec.Remove("activeDeadlineSeconds");
        foreach (var container in (spec["containers"] as JsonArray ?? []).OfType<JsonObject>()) container.Remove("image");
        return spec;
    }

    /// <inheritdoc/>
    public override void Create(ApiObject item)
    {
        var manifest = item.Manifest!;
        Simulation.CreatePod(
            item.Namespace, item.Name, JsonParts.Labels(manifest), KubernetesReader.ReadPodSpec(Element(manifest).GetProperty("spec")),
            (string?)manifest["spec"]!["nodeName"]);
    }

    /// <inheritdoc/>
    public override void Update(ApiObject item, JsonObject old)
    {
        var labels = JsonParts.Labels(item.Manifest!);
        var pod = (SimulatedPod)item.Live!;
        if (labels.Count != pod.Labels.Count || labels.Except(pod.Labels).Any()) Simulation.SetLabels(pod, labels);
    }

    /// <inheritdoc/>
    public override void Delete(ApiObject item, DeletionPropagation propagation, long? gracePeriodSeconds) =>
        Simulation.DeletePod((SimulatedPod)item.Live!, gracePeriodSeconds);

    /// <inheritdoc/>
    public override void Follow(ApiObject item, ChangeType change)
    {
        if (change != ChangeType.Added || item.Manifest is not null) return;
        var pod = (SimulatedPod)item.Live!;
        var type = pod.OwnerKind is { } kind ? ResourceTypes.All.FirstOrDefault(type => type.Kind == kind) : null;
        var owner = type is null ? null : Store.Find(type, pod.Namespace, pod.OwnerName!);
        item.Template = owner?.Template ?? owner?.Manifest?["spec"]?["template"] as JsonObject;
    }
}
