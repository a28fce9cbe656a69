using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Jobs.</summary>
internal sealed class JobKind(ObjectStore store) : ObjectKind(ResourceTypes.Job, store)
{
    private static readonly string[] s_fixed = ["completionMode", "podFailurePolicy", "backoffLimitPerIndex"];

    /// <inheritdoc/>
    public override bool CountsGenerations => true;

    /// <inheritdoc/>
    public override bool KeepsStatus => false;

    /// <inheritdoc/>
    public override JsonObject Write(ApiObject item)
    {
        var json = base.Write(item);
        JobWriter.Complete(json, (SimulatedJob)item.Live!);
        return json;
    }

    /// <inheritdoc/>
    public override string Field(JsonObject json, string field) => base.Field(json, "status.succeeded") is { Length: > 0 } count ? count : "0";

    /// <inheritdoc/>
    public override string Field(ApiObject item, string field) => JsonParts.Number(((SimulatedJob)item.Live!).Succeeded);

    /// <inheritdoc/>
    public override void CheckShape(Shape shape, JsonObject manifest)
    {
        var spec = shape.Need(manifest, "spec");
        shape.Counts(spec, "parallelism", "completions", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished");
        shape.Flags(spec, "suspend", "manualSelector");
        shape.Texts(spec, "completionMode");
        shape.Selector(spec, "selector");
        var template = shape.Need(spec, "template");
        shape.Maps(shape.Object(template, "metadata"), "labels", "annotations");
        PodSpecRules.CheckShape(shape, shape.Need(template, "spec"));
    }

    /// <inheritdoc/>
    public override void Complete(JsonObject manifest, JsonObject? old)
    {
        // A Job that says how many pods run at once, but not how many are to succeed, is a queue of work.
        var spec = manifest.Member("spec");
        if (spec["parallelism"] is null) spec["completions"] ??= 1;
        base.Complete(manifest, old);

        // Selector and labels with the Job's uid are the API server's, which the simulation gives it.
        spec.Remove("selector");
        JobWriter.RemoveLabels(spec["template"]!.AsObject());
        JobWriter.RemoveLabels(manifest);
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Check(JsonObject manifest, JsonObject? old)
    {
        var spec = manifest["spec"]!;
        foreach (var count in new[] { "parallelism", "completions", "backoffLimit" })
        {
            if ((int?)spec[count] is < 0 and var negative) yield return FieldError.Invalid($"spec.{count}", $"{negative}", "must be greater than or equal to 0");
        }

        var pod = spec["template"]!["spec"]!.AsObject();
        if ((string?)pod["restartPolicy"] is not ("OnFailure" or "Never") and var policy)
        {
            yield return FieldError.Required("spec.template.spec.restartPolicy", $"valid values: \"OnFailure\", \"Never\", not \"{policy}\"");
        }

        foreach (var error in PodSpecRules.Check(pod, "spec.template.spec")) yield return error;
        if (old is null) yield break;
        var before = old["spec"]!;
        if (!CanonicalJson.AreEqual(spec["template"], before["template"]) && (bool?)spec["suspend"] is not true)
        {
            yield return FieldError.Invalid("spec.template", spec["template"]!.ToJsonString(), "field is immutable");
        }

        foreach (var field in s_fixed.Where(field => !CanonicalJson.AreEqual(spec[field], before[field])))
        {
            yield return FieldError.Invalid($"spec.{field}", spec[field]?.ToJsonString() ?? "null", "field is immutable");
        }
    }

    /// <inheritdoc/>
    public override void Create(ApiObject item) => Simulation.Apply(Read(item));

    /// <inheritdoc/>
    public override void Update(ApiObject item, JsonObject old)
    {
        if (!CanonicalJson.AreEqual(old["spec"], item.Manifest!["spec"])) Simulation.Apply(Read(item));
    }

    /// <inheritdoc/>
    public override void Delete(ApiObject item, DeletionPropagation propagation, long? gracePeriodSeconds) =>
        Simulation.Delete(item.Live!, propagation);

    private JobSpec Read(ApiObject item) => KubernetesReader.ReadJob(Element(item.Manifest!), Store.Cluster);
}
