using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Endpoints: those of Services with a selector, and those that users write.</summary>
internal sealed class EndpointsKind(ObjectStore store) : ObjectKind(ResourceTypes.Endpoints, store)
{
    /// <inheritdoc/>
    public override JsonObject Write(ApiObject item) => item.Live is SimulatedService service
        ? EndpointsWriter.Write(item, service, Store.Find(ResourceTypes.Service, service.Namespace, service.Name)!.Manifest!, Store.Ids)
        : base.Write(item);
}
