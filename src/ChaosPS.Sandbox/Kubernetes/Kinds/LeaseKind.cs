using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Leases: those that kubelets renew, and those that users write.</summary>
internal sealed class LeaseKind(ObjectStore store) : ObjectKind(ResourceTypes.Lease, store)
{
    /// <inheritdoc/>
    public override JsonObject Write(ApiObject item) =>
        item.Live is SimulatedNode node ? NodeWriter.WriteLease(item, node, Store.Ids, Simulation.Now) : base.Write(item);
}
