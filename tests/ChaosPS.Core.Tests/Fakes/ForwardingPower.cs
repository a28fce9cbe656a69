using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Ports;

namespace ChaosPS.Tests.Fakes;

/// <summary>Passes everything on; what a test changes it overrides.</summary>
public abstract class ForwardingPower(INodePower inner) : INodePower
{
    public AzureScope ScopeOf(string? subscription) => inner.ScopeOf(subscription);

    public Task<IReadOnlyList<string>> GetSubscriptionsAsync(CancellationToken cancellationToken) => inner.GetSubscriptionsAsync(cancellationToken);

    public Task<IReadOnlyList<AzureResource>> FindResourcesAsync(string type, string? filter, CancellationToken cancellationToken) =>
        inner.FindResourcesAsync(type, filter, cancellationToken);

    public Task<IReadOnlyList<ScaleSet>> FindScaleSetsAsync(string? filter, CancellationToken cancellationToken) =>
        inner.FindScaleSetsAsync(filter, cancellationToken);

    public Task<IReadOnlyList<ScaleSetInstance>> GetInstancesAsync(ScaleSet scaleSet, CancellationToken cancellationToken) =>
        inner.GetInstancesAsync(scaleSet, cancellationToken);

    public Task<IReadOnlyList<ScaleSetInstance>> GetVirtualMachinesAsync(IReadOnlyCollection<string> resourceIds, CancellationToken cancellationToken) =>
        inner.GetVirtualMachinesAsync(resourceIds, cancellationToken);

    public virtual Task<IPowerOperation> BeginAsync(ScaleSetInstance instance, PowerAction action, bool skipShutdown, CancellationToken cancellationToken) =>
        inner.BeginAsync(instance, action, skipShutdown, cancellationToken);

    public virtual Task<IMachineScript> BeginScriptAsync(ScaleSetInstance instance, string script, CancellationToken cancellationToken) =>
        inner.BeginScriptAsync(instance, script, cancellationToken);
}
