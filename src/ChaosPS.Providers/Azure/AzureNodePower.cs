using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.ResourceManager;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Providers.Azure;

/// <summary>Machines and their power through the Azure SDK.</summary>
/// <param name="arm">Makes the way to the Resource Manager; called once, at the first call, so that nobody logs in before Azure is needed.</param>
/// <param name="subscriptions">The subscriptions to look in.</param>
/// <param name="time">The clock that operations are polled on.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is not asked for holds nothing.")]
internal sealed partial class AzureNodePower(Func<Arm> arm, Func<CancellationToken, Task<IReadOnlyList<string>>> subscriptions, TimeProvider time) : INodePower
{
    private const string ScaleSetType = "Microsoft.Compute/virtualMachineScaleSets";

    /// <summary>Between two attempts while another operation is in the way.</summary>
    private static readonly TimeSpan s_busyInterval = TimeSpan.FromSeconds(10);

    /// <summary>What is still in the way after this is an upgrade, or stuck: the user learns of it.</summary>
    private static readonly TimeSpan s_busyLimit = TimeSpan.FromMinutes(5);

    private readonly Lazy<Arm> _arm = new(arm);
    private MachineWatch? _watch;

    /// <inheritdoc/>
    public AzureScope ScopeOf(string? subscription) => _arm.Value.ScopeOf(subscription);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> GetSubscriptionsAsync(CancellationToken cancellationToken) => subscriptions(cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AzureResource>> FindResourcesAsync(string type, string? filter, CancellationToken cancellationToken)
    {
        var where = await subscriptions(cancellationToken);
        return await new ResourceGraph(_arm.Value, where[0]).FindAsync(where, type, filter, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ScaleSet>> FindScaleSetsAsync(string? filter, CancellationToken cancellationToken)
    {
        var found = new List<ScaleSet>();
        foreach (var resource in await FindResourcesAsync(ScaleSetType, filter, cancellationToken))
        {
            // A filter may have projected the properties away.
            var mode = resource.Property("orchestrationMode");
            if (mode is null && !resource.Row.ContainsKey("properties")) mode = await ReadModeAsync(resource, cancellationToken);
            found.Add(new ScaleSet(
                resource.ResourceId, resource.Name, resource.ResourceGroupName, resource.SubscriptionId, resource.Location,
                string.Equals(mode, "Flexible", StringComparison.OrdinalIgnoreCase)));
        }

        return found;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ScaleSetInstance>> GetInstancesAsync(ScaleSet scaleSet, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scaleSet);
        return new AzureMachines(_arm.Value).ListAsync(scaleSet, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ScaleSetInstance>> GetVirtualMachinesAsync(IReadOnlyCollection<string> resourceIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resourceIds);
        return new AzureMachines(_arm.Value).GetAsync(resourceIds, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IPowerOperation> BeginAsync(ScaleSetInstance instance, PowerAction action, bool skipShutdown, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var call = Describe(instance, action);
        var progress = await WhileBusyAsync(
            call,
            async () => await SendAsync(instance, action, skipShutdown, cancellationToken) is { } operation ? Follow(instance, operation) : null, time, cancellationToken);
        _watch ??= new MachineWatch(this, time);
        return new AzurePowerOperation(call, instance, action, progress, _watch, time);
    }

    private ArmProgress Follow(ScaleSetInstance instance, Operation operation) =>
        new(new ArmPipeline(_arm.Value.Client, new ResourceIdentifier(instance.ResourceId)), operation.GetRawResponse());

    /// <summary>Sends a change; while another operation on its target is in the way, again every ten seconds for five minutes.</summary>
    internal static async Task<T> WhileBusyAsync<T>(AzureCall call, Func<Task<T>> send, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetUtcNow();
        while (true)
        {
            AzureRefusal refusal;
            RequestFailedException reason;
            try
            {
                return await AzureFailure.TranslateAsync(call, send, cancellationToken);
            }
            catch (ChaosException exception) when (
                exception.InnerException is RequestFailedException { Status: 409 } failed && AzureFailure.Refusal(call, failed) is { IsBusy: true } busy)
            {
                (refusal, reason) = (busy, failed);
            }

            var waited = time.GetUtcNow() - began;
            if (waited >= s_busyLimit) throw ChaosErrors.AzureBusy(call.Words, refusal.Code, refusal.Message, waited, reason);
            var asked = reason.GetRawResponse() is { } response ? AzureLimits.Pause(response, time) : null;
            await time.DelayAsync(asked > s_busyInterval && asked < s_busyLimit ? asked.Value : s_busyInterval, cancellationToken);
        }
    }

    /// <returns>The operation; null where Azure has none to ask for: a simulated eviction comes when it comes.</returns>
    private async Task<ArmOperation?> SendAsync(ScaleSetInstance instance, PowerAction action, bool skipShutdown, CancellationToken cancellationToken)
    {
        var id = new ResourceIdentifier(instance.ResourceId);
        if (AzureMachineId.ScaleSetOf(instance.ResourceId) is not null)
        {
            var one = _arm.Value.Client.GetVirtualMachineScaleSetVmResource(id);
            if (action == PowerAction.SimulateEviction)
            {
                await one.SimulateEvictionAsync(cancellationToken);
                return null;
            }

            return action switch
            {
                PowerAction.PowerOff => await one.PowerOffAsync(WaitUntil.Started, skipShutdown, cancellationToken),
                PowerAction.Deallocate => await one.DeallocateAsync(WaitUntil.Started, cancellationToken),
                PowerAction.Start => await one.PowerOnAsync(WaitUntil.Started, cancellationToken),
                PowerAction.Restart => await one.RestartAsync(WaitUntil.Started, cancellationToken),
                PowerAction.Reimage => await one.ReimageAsync(WaitUntil.Started, new VirtualMachineScaleSetVmReimageContent(), cancellationToken),
                PowerAction.Redeploy => await one.RedeployAsync(WaitUntil.Started, cancellationToken),
                PowerAction.Delete => await one.DeleteAsync(WaitUntil.Started, cancellationToken: cancellationToken),
                _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action on a machine's power."),
            };
        }

        var machine = _arm.Value.Client.GetVirtualMachineResource(id);
        if (action == PowerAction.SimulateEviction)
        {
            await machine.SimulateEvictionAsync(cancellationToken);
            return null;
        }

        return action switch
        {
            PowerAction.PowerOff => await machine.PowerOffAsync(WaitUntil.Started, skipShutdown, cancellationToken),
            PowerAction.Deallocate => await machine.DeallocateAsync(WaitUntil.Started, cancellationToken: cancellationToken),
            PowerAction.Start => await machine.PowerOnAsync(WaitUntil.Started, cancellationToken),
            PowerAction.Restart => await machine.RestartAsync(WaitUntil.Started, cancellationToken),
            PowerAction.Reimage => await machine.ReimageAsync(WaitUntil.Started, new VirtualMachineReimageContent(), cancellationToken),
            PowerAction.Redeploy => await machine.RedeployAsync(WaitUntil.Started, cancellationToken),
            PowerAction.Delete => await machine.DeleteAsync(WaitUntil.Started, cancellationToken: cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action on a machine's power."),
        };
    }

    private async Task<string?> ReadModeAsync(AzureResource resource, CancellationToken cancellationToken)
    {
        var call = _arm.Value.Call($"read scale set '{resource.Name}'", $"{ScaleSetType}/read", resource.ResourceId);
        var answer = await AzureFailure.TranslateAsync(
            call, () => _arm.Value.Client.GetVirtualMachineScaleSetResource(new ResourceIdentifier(resource.ResourceId)).GetAsync(cancellationToken: cancellationToken),
            cancellationToken);
        return answer.Value.Data.OrchestrationMode?.ToString();
    }

    private AzureCall Describe(ScaleSetInstance instance, PowerAction action)
    {
        var (words, permission) = action switch
        {
            PowerAction.PowerOff => ("power off", "powerOff/action"),
            PowerAction.Deallocate => ("deallocate", "deallocate/action"),
            PowerAction.Start => ("start", "start/action"),
            PowerAction.Restart => ("restart", "restart/action"),
            PowerAction.Reimage => ("reimage", "reimage/action"),
            PowerAction.Redeploy => ("redeploy", "redeploy/action"),
            PowerAction.SimulateEviction => ("simulate the eviction of", "simulateEviction/action"),
            _ => ("delete", "delete"),
        };
        return Describe(instance, words, permission);
    }

    private AzureCall Describe(ScaleSetInstance instance, string words, string permission)
    {
        var node = instance.ComputerName is { } name ? $" (node '{name}')" : "";
        var uniform = AzureMachineId.ScaleSetOf(instance.ResourceId) is not null;
        return _arm.Value.Call(
            $"{words} {(uniform ? "instance" : "virtual machine")} '{instance.Name}'{node}",
            $"{(uniform ? AzureMachines.InstanceType : AzureMachines.MachineType)}/{permission}", instance.ResourceId);
    }
}
