using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Endpoint slices: those of Services with a selector, and those that users write.</summary>
internal sealed class EndpointSliceKind(ObjectStore store) : ObjectKind(ResourceTypes.EndpointSlice, store)
{
    /// <inheritdoc/>
    public override JsonObject Write(ApiObject item) => item.Live is SimulatedService service
        ? EndpointSliceWriter.Write(item, service, ServiceManifest(service), Store.Ids, node => Simulation.FindNode(node)?.Spec.Zone)
        : base.Write(item);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Labels(ApiObject item) =>
        item.Live is SimulatedService service ? EndpointSliceWriter.Labels(service, ServiceManifest(service)) : base.Labels(item);

    private JsonObject ServiceManifest(SimulatedService service) =>
        Store.Find(ResourceTypes.Service, service.Namespace, service.Name)!.Manifest!;
}
