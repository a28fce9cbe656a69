using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>ReplicaSets: of a Deployment, after the template that it had when it made them, or as a user wrote them.</summary>
internal sealed class ReplicaSetKind(ObjectStore store) : ObjectKind(ResourceTypes.ReplicaSet, store)
{
    /// <inheritdoc/>
    public override bool CountsGenerations => true;

    /// <inheritdoc/>
    public override bool KeepsStatus => false;

    /// <inheritdoc/>
    public override JsonObject Write(ApiObject item)
    {
        var replicaSet = (SimulatedReplicaSet)item.Live!;
        var selector = replicaSet.Deployment is { } owner
            ? Store.Find(ResourceTypes.Deployment, owner.Namespace, owner.Name)?.Manifest?["spec"]?["selector"] as JsonObject
            : null;
        return WorkloadWriter.WriteReplicaSet(item, replicaSet, selector);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Labels(ApiObject item) =>
        item.Manifest is { } manifest ? JsonParts.Labels(manifest) : ((SimulatedReplicaSet)item.Live!).PodLabels;

    /// <inheritdoc/>
    public override string Field(ApiObject item, string field) => JsonParts.Number(((SimulatedReplicaSet)item.Live!).CurrentReplicas);

    /// <inheritdoc/>
    public override void CheckShape(Shape shape, JsonObject manifest) => WorkloadRules.CheckShape(shape, manifest);

    /// <inheritdoc/>
    public override void Complete(JsonObject manifest, JsonObject? old)
    {
        base.Complete(manifest, old);
        JsonParts.RemoveAnnotations(manifest, WorkloadWriter.RevisionAnnotation, WorkloadWriter.DesiredAnnotation, WorkloadWriter.MostAnnotation);
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Check(JsonObject manifest, JsonObject? old) => WorkloadRules.Check(manifest, old);

    /// <inheritdoc/>
    public override void Create(ApiObject item)
    {
        item.Template = TemplateOf(item.Manifest!);
        Simulation.ApplyReplicaSet(Read(item));
    }

    /// <inheritdoc/>
    public override void Update(ApiObject item, JsonObject old)
    {
        item.Template = TemplateOf(item.Manifest!);
        var isRescaled = (int)item.Manifest!["spec"]!["replicas"]! != ((SimulatedReplicaSet)item.Live!).Replicas;
        if (isRescaled || !CanonicalJson.AreEqual(old["spec"], item.Manifest["spec"])) Simulation.ApplyReplicaSet(Read(item));
    }

    /// <inheritdoc/>
    public override void Delete(ApiObject item, DeletionPropagation propagation, long? gracePeriodSeconds) =>
        Simulation.Delete(item.Live!, propagation);

    /// <inheritdoc/>
    public override void Follow(ApiObject item, ChangeType change)
    {
        if (change != ChangeType.Added || item.Template is not null) return;
        var owner = ((SimulatedReplicaSet)item.Live!).Deployment;
        var manifest = item.Manifest ?? (owner is null ? null : Store.Find(ResourceTypes.Deployment, owner.Namespace, owner.Name)?.Manifest);
        item.Template = manifest is null ? null : TemplateOf(manifest);
    }

    private Workload Read(ApiObject item) => KubernetesReader.ReadWorkload(Element(item.Manifest!), Type.Kind, Store.Cluster);

    private static JsonObject TemplateOf(JsonObject manifest) => manifest["spec"]!["template"]!.AsObject();
}
