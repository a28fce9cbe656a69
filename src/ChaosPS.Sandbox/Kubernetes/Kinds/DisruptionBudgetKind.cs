using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Disruption budgets.</summary>
internal sealed class DisruptionBudgetKind(ObjectStore store) : ObjectKind(ResourceTypes.PodDisruptionBudget, store)
{
    /// <summary>Whether each could spare a pod, and since when that is so.</summary>
    private readonly Dictionary<ApiObject, (bool Allowed, DateTimeOffset Since)> _transitions = [];

    /// <inheritdoc/>
    public override bool CountsGenerations => true;

    /// <inheritdoc/>
    public override bool KeepsStatus => false;

    /// <inheritdoc/>
    public override JsonObject Write(ApiObject item)
    {
        var json = base.Write(item);
        json["status"] = DisruptionBudgetWriter.Status((SimulatedDisruptionBudget)item.Live!, _transitions[item].Since);
        return json;
    }

    /// <inheritdoc/>
    public override void CheckShape(Shape shape, JsonObject manifest)
    {
        var spec = shape.Need(manifest, "spec");
        shape.Selector(spec, "selector");
        shape.CountsOrPercents(spec, "minAvailable", "maxUnavailable");
        shape.Texts(spec, "unhealthyPodEvictionPolicy");
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Check(JsonObject manifest, JsonObject? old)
    {
        var spec = manifest["spec"]!;
        if (spec["minAvailable"] is not null && spec["maxUnavailable"] is not null)
        {
            yield return FieldError.Invalid("spec", spec.ToJsonString(), "minAvailable and maxUnavailable cannot be both set");
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
        Simulation.Delete(item.Live!);

    /// <inheritdoc/>
    public override void Follow(ApiObject item, ChangeType change)
    {
        var allowed = ((SimulatedDisruptionBudget)item.Live!).DisruptionsAllowed > 0;
        if (change == ChangeType.Deleted) _transitions.Remove(item);
        else if (!_transitions.TryGetValue(item, out var known) || known.Allowed != allowed) _transitions[item] = (allowed, Simulation.Now);
    }

    private DisruptionBudget Read(ApiObject item) => KubernetesReader.ReadDisruptionBudget(Element(item.Manifest!), Store.Cluster);
}
