using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Deployments, StatefulSets and DaemonSets.</summary>
internal sealed class WorkloadKind(ResourceType type, ObjectStore store) : ObjectKind(type, store)
{
    /// <summary>The templates that they began with: those carry no mark in the simulation.</summary>
    private readonly Dictionary<ApiObject, JsonObject> _firstTemplates = [];

    private readonly Revisions _revisions = new(store);

    /// <inheritdoc/>
    public override bool CountsGenerations => true;

    /// <inheritdoc/>
    public override bool KeepsStatus => false;

    /// <inheritdoc/>
    public override JsonObject Write(ApiObject item) => WorkloadWriter.Write(item, (SimulatedWorkload)item.Live!);

    /// <inheritdoc/>
    public override void CheckShape(Shape shape, JsonObject manifest) => WorkloadRules.CheckShape(shape, manifest);

    /// <inheritdoc/>
    public override void Complete(JsonObject manifest, JsonObject? old)
    {
        base.Complete(manifest, old);

        // The revision is the Deployment controller's, not the author's.
        JsonParts.RemoveAnnotations(manifest, WorkloadWriter.RevisionAnnotation);
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Check(JsonObject manifest, JsonObject? old) => WorkloadRules.Check(manifest, old);

    /// <inheritdoc/>
    public override void Create(ApiObject item)
    {
        _firstTemplates[item] = TemplateOf(item.Manifest!);
        Simulation.Apply(Read(item));
    }

    /// <inheritdoc/>
    public override void Update(ApiObject item, JsonObject old)
    {
        // An autoscaler may have changed the replicas since the manifest was written.
        var isRescaled = Type != ResourceTypes.DaemonSet && (int)item.Manifest!["spec"]!["replicas"]! != ((SimulatedWorkload)item.Live!).Spec.Replicas;
        if (isRescaled || !CanonicalJson.AreEqual(old["spec"], item.Manifest!["spec"])) Simulation.Apply(Read(item));
    }

    /// <inheritdoc/>
    public override void Delete(ApiObject item, DeletionPropagation propagation, long? gracePeriodSeconds) =>
        Simulation.Delete(item.Live!, propagation);

    /// <inheritdoc/>
    public override void Follow(ApiObject item, ChangeType change)
    {
        if (change == ChangeType.Deleted)
        {
            _firstTemplates.Remove(item);
            return;
        }

        _firstTemplates.TryAdd(item, TemplateOf(item.Manifest!));
        _revisions.Note(item, (SimulatedWorkload)item.Live!);
    }

    private Workload Read(ApiObject item)
    {
        var workload = KubernetesReader.ReadWorkload(Element(item.Manifest!), Type.Kind, Store.Cluster);

        // The simulation knows only some fields of a template, so a mark stands for all of them.
        var template = TemplateOf(item.Manifest!);
        var mark = CanonicalJson.AreEqual(template, _firstTemplates[item]) ? "" : Store.Ids.Digest(CanonicalJson.Text(template))[..16];
        return workload with { PodSpec = workload.PodSpec with { TemplateMark = mark } };
    }

    private static JsonObject TemplateOf(JsonObject manifest) => manifest["spec"]!["template"]!.AsObject();
}
