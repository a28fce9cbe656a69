using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Horizontal pod autoscalers.</summary>
internal sealed class AutoscalerKind(ObjectStore store) : ObjectKind(ResourceTypes.HorizontalPodAutoscaler, store)
{
    /// <inheritdoc/>
    public override bool KeepsStatus => false;

    /// <inheritdoc/>
    public override JsonObject Write(ApiObject item)
    {
        var json = base.Write(item);
        json["status"] = AutoscalerWriter.Status((SimulatedAutoscaler)item.Live!);
        return json;
    }

    /// <inheritdoc/>
    public override void CheckShape(Shape shape, JsonObject manifest)
    {
        var spec = shape.Need(manifest, "spec");
        shape.Counts(spec, "minReplicas", "maxReplicas");
        shape.Texts(shape.Object(spec, "scaleTargetRef"), "apiVersion", "kind", "name");
        foreach (var metric in shape.Objects(spec, "metrics")) shape.Counts(shape.Object(shape.Object(metric, "resource"), "target"), "averageUtilization");
    }

    /// <inheritdoc/>
    public override void Complete(JsonObject manifest, JsonObject? old)
    {
        base.Complete(manifest, old);
        manifest["spec"]!["metrics"] ??= JsonNode.Parse("""[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}}]""");
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Check(JsonObject manifest, JsonObject? old)
    {
        var spec = manifest["spec"]!;
        foreach (var part in new[] { "kind", "name" })
        {
            if (string.IsNullOrEmpty((string?)spec["scaleTargetRef"]?[part])) yield return FieldError.Required($"spec.scaleTargetRef.{part}");
        }

        var (fewest, most) = ((int?)spec["minReplicas"] ?? 1, (int?)spec["maxReplicas"] ?? 0);
        if (fewest < 1) yield return FieldError.Invalid("spec.minReplicas", $"{fewest}", "must be greater than or equal to 1");
        if (most < 1) yield return FieldError.Invalid("spec.maxReplicas", $"{most}", "must be greater than 0");
        if (most < fewest) yield return FieldError.Invalid("spec.maxReplicas", $"{most}", "must be greater than or equal to `minReplicas`");
    }

    /// <inheritdoc/>
    public override void Create(ApiObject item) => Simulation.Apply(KubernetesReader.ReadAutoscaler(Element(item.Manifest!), Store.Cluster));

    /// <inheritdoc/>
    public override void Update(ApiObject item, JsonObject old)
    {
        if (!CanonicalJson.AreEqual(old["spec"], item.Manifest!["spec"])) Create(item);
    }

    /// <inheritdoc/>
    public override void Delete(ApiObject item, DeletionPropagation propagation, long? gracePeriodSeconds) => Simulation.Delete(item.Live!);
}
