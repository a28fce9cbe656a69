using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Ingresses: together they are the paths that the application is reached by.</summary>
internal sealed class IngressKind(ObjectStore store) : ObjectKind(ResourceTypes.Ingress, store)
{
    /// <inheritdoc/>
    public override void CheckShape(Shape shape, JsonObject manifest)
    {
        shape.Need(manifest, "spec");
        shape.Object(shape.Object(manifest, "status"), "loadBalancer");
    }

    /// <inheritdoc/>
    public override void Create(ApiObject item)
    {
        // The ingress controller publishes the address that the load balancer before it has.
        var address = Store.List(ResourceTypes.Service, null).Select(service => service.Manifest!["status"]?["loadBalancer"]?["ingress"]).OfType<JsonArray>().FirstOrDefault();
        if (address is not null) item.Manifest!.Member("status").Member("loadBalancer")["ingress"] = address.DeepClone();
        Publish(Store.List(Type, null));
    }

    /// <inheritdoc/>
    public override void Update(ApiObject item, JsonObject old) => Publish(Store.List(Type, null));

    /// <inheritdoc/>
    public override void Delete(ApiObject item, DeletionPropagation propagation, long? gracePeriodSeconds)
    {
        base.Delete(item, propagation, gracePeriodSeconds);
        Publish(Store.List(Type, null));
    }

    private void Publish(IEnumerable<ApiObject> ingresses) =>
        Simulation.SetIngressPaths([.. ingresses.SelectMany(item => KubernetesReader.ReadIngressPaths(Element(item.Manifest!), Store.Cluster))]);
}
