using Azure;
using Azure.Core;
using Azure.ResourceManager;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using ChaosPS.Clusters;
using ChaosPS.Ports;

namespace ChaosPS.Providers.Azure;

/// <summary>Scale sets and the power of their instances through the Azure SDK.</summary>
/// <param name="client">Makes the ARM client; called once, at the first call, so that nobody logs in before Azure is needed.</param>
/// <param name="subscriptions">The subscriptions to look in.</param>
/// <param name="time">The clock that operations are polled on.</param>
internal sealed class AzureNodePower(Func<ArmClient> client, Func<CancellationToken, Task<IReadOnlyList<string>>> subscriptions, TimeProvider time) : INodePower
{
    private const string InstancePermission = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines";

    private readonly Lazy<ArmClient> _client = new(client);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ScaleSet>> FindScaleSetsAsync(string? filter, CancellationToken cancellationToken)
    {
        var where = await subscriptions(cancellationToken);
        return await new ResourceGraph(_client.Value, where[0]).FindScaleSetsAsync(where, filter, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ScaleSetInstance>> GetInstancesAsync(string scaleSetResourceId, CancellationToken cancellationToken)
    {
        var id = new ResourceIdentifier(scaleSetResourceId);
        var call = new AzureCall($"list the instances of scale set '{id.Name}'", $"{InstancePermission}/read");
        return AzureFailure.TranslateAsync<IReadOnlyList<ScaleSetInstance>>(call, ListAsync, cancellationToken);

        async Task<IReadOnlyList<ScaleSetInstance>> ListAsync()
        {
            var found = new List<ScaleSetInstance>();
            var all = _client.Value.GetVirtualMachineScaleSetResource(id).GetVirtualMachineScaleSetVms()
                .GetAllAsync(expand: "instanceView", cancellationToken: cancellationToken);
            await foreach (var instance in all) found.Add(Read(instance.Data, id));
            return [.. found.OrderBy(static instance => instance.InstanceId.Length).ThenBy(static instance => instance.InstanceId, StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public Task<IPowerOperation> BeginAsync(ScaleSetInstance instance, PowerAction action, bool skipShutdown, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var call = Describe(instance, action);
        return AzureFailure.TranslateAsync<IPowerOperation>(call, SendAsync, cancellationToken);

        async Task<IPowerOperation> SendAsync()
        {
            var machine = _client.Value.GetVirtualMachineScaleSetVmResource(new ResourceIdentifier(instance.ResourceId));
            var operation = action switch
            {
                PowerAction.PowerOff => await machine.PowerOffAsync(WaitUntil.Started, skipShutdown ? true : null, cancellationToken),
                PowerAction.Deallocate => await machine.DeallocateAsync(WaitUntil.Started, cancellationToken),
                PowerAction.Start => await machine.PowerOnAsync(WaitUntil.Started, cancellationToken),
                PowerAction.Restart => await machine.RestartAsync(WaitUntil.Started, cancellationToken),
                PowerAction.Delete => await machine.DeleteAsync(WaitUntil.Started, cancellationToken: cancellationToken),
                _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action on a machine's power."),
            };
            return new AzurePowerOperation(call, operation, time);
        }
    }

    private static AzureCall Describe(ScaleSetInstance instance, PowerAction action)
    {
        var (words, permission) = action switch
        {
            PowerAction.PowerOff => ("power off", "powerOff/action"),
            PowerAction.Deallocate => ("deallocate", "deallocate/action"),
            PowerAction.Start => ("start", "start/action"),
            PowerAction.Restart => ("restart", "restart/action"),
            _ => ("delete", "delete"),
        };
        var node = instance.ComputerName is { } name ? $" (node '{name}')" : "";
        return new AzureCall($"{words} instance '{instance.Name}'{node}", $"{InstancePermission}/{permission}");
    }

    private static ScaleSetInstance Read(VirtualMachineScaleSetVmData data, ResourceIdentifier set) => new()
    {
        ResourceId = data.Id.ToString(),
        Name = data.Name,
        InstanceId = data.InstanceId,
        ComputerName = data.OSProfile?.ComputerName,
        ScaleSet = new ScaleSet(set.ToString(), set.Name, set.ResourceGroupName ?? "", set.SubscriptionId ?? "", data.Location.Name),
        Zone = data.Zones is [var zone, ..] ? zone : null,
        PowerState = ReadPowerState(data.InstanceView?.Statuses ?? []),
        ProvisioningState = data.ProvisioningState ?? "",
    };

    private static PowerState ReadPowerState(IEnumerable<InstanceViewStatus> statuses)
    {
        const string Prefix = "PowerState/";
        var code = statuses.Select(static status => status.Code).FirstOrDefault(static code => code?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) == true);
        return code is not null && Enum.TryParse<PowerState>(code[Prefix.Length..], ignoreCase: true, out var state) ? state : PowerState.Unknown;
    }
}
