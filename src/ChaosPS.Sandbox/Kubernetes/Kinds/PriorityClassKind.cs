using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Priority classes: pods that name one get its number when they are made.</summary>
internal sealed class PriorityClassKind(ObjectStore store) : ObjectKind(ResourceTypes.PriorityClass, store)
{
    /// <inheritdoc/>
    public override void CheckShape(Shape shape, JsonObject manifest)
    {
        shape.Counts(manifest, "value");
        shape.Flags(manifest, "globalDefault");
        shape.Texts(manifest, "preemptionPolicy", "description");
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Check(JsonObject manifest, JsonObject? old)
    {
        if (old is not null && !CanonicalJson.AreEqual(manifest["value"], old["value"]))
        {
            yield return FieldError.Forbidden("value", "may not be changed in an update.");
        }
    }

    /// <inheritdoc/>
    public override void Create(ApiObject item) => Simulation.Apply(KubernetesReader.ReadPriorityClass(Element(item.Manifest!), Store.Cluster));

    /// <inheritdoc/>
    public override void Update(ApiObject item, JsonObject old) => Create(item);
}
