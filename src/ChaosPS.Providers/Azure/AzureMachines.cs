using Azure;
using Azure.Core;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using ChaosPS.Clusters;

namespace ChaosPS.Providers.Azure;

/// <summary>Reads machines: as many as possible in one listing with instance views, since Azure allows few reads of one machine.</summary>
/// <remarks>Source of the limits: https://learn.microsoft.com/azure/virtual-machines/compute-throttling-limits : 12 reads of one machine a minute.</remarks>
internal sealed class AzureMachines(Arm arm)
{
    /// <summary>Where an instance of a uniform scale set is.</summary>
    public const string InstanceType = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines";

    /// <summary>Where a virtual machine is, also one in a flexible scale set.</summary>
    public const string MachineType = "Microsoft.Compute/virtualMachines";

    /// <summary>All instances of a scale set.</summary>
    public Task<IReadOnlyList<ScaleSetInstance>> ListAsync(ScaleSet scaleSet, CancellationToken cancellationToken)
    {
        var call = arm.Call(
            $"list the instances of scale set '{scaleSet.Name}'", $"{(scaleSet.Flexible ? MachineType : InstanceType)}/read", scaleSet.ResourceId);
        return AzureFailure.TranslateAsync<IReadOnlyList<ScaleSetInstance>>(
            call, async () => scaleSet.Flexible ? await ListFlexibleAsync(scaleSet, cancellationToken) : await ListUniformAsync(scaleSet, cancellationToken),
            cancellationToken);
    }

    /// <summary>Virtual machines by their ids; those that do not exist are left out.</summary>
    public async Task<IReadOnlyList<ScaleSetInstance>> GetAsync(IReadOnlyCollection<string> resourceIds, CancellationToken cancellationToken)
    {
        var machines = new List<ScaleSetInstance>();
        foreach (var group in resourceIds.Select(static id => new ResourceIdentifier(id)).GroupBy(static id => id.Parent!.ToString(), StringComparer.OrdinalIgnoreCase))
        {
            ResourceIdentifier[] wanted = [.. group];
            if (wanted is [var only])
            {
                if (await GetAsync(only, cancellationToken) is { } machine) machines.Add(machine);
                continue;
            }

            // Views come with a listing only for the machines of one scale set; which those are says a listing without views.
            var names = wanted.Select(static id => id.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var found = (await ListGroupAsync(wanted[0].Parent!, cancellationToken)).Where(machine => names.Contains(machine.Name)).ToLookup(static machine => machine.ScaleSet);
            foreach (var set in found)
            {
                if (set.Key is { } scaleSet) machines.AddRange((await ListAsync(scaleSet, cancellationToken)).Where(machine => names.Contains(machine.Name)));
            }

            foreach (var machine in found[null])
            {
                if (await GetAsync(new ResourceIdentifier(machine.ResourceId), cancellationToken) is { } viewed) machines.Add(viewed);
            }
        }

        return machines;
    }

    private async Task<ScaleSetInstance?> GetAsync(ResourceIdentifier id, CancellationToken cancellationToken)
    {
        var call = arm.Call($"read virtual machine '{id.Name}'", $"{MachineType}/read", id.ToString());
        return await AzureFailure.TranslateAsync(call, ReadAsync, cancellationToken);

        async Task<ScaleSetInstance?> ReadAsync()
        {
            try
            {
                var answer = await arm.Client.GetVirtualMachineResource(id).GetAsync(InstanceViewType.InstanceView, cancellationToken);
                return Read(answer.Value.Data, null);
            }
            catch (RequestFailedException exception) when (exception.Status == 404 && AzureFailure.Reason(exception).Code is "ResourceNotFound" or "NotFound")
            {
                return null; // a missing resource group or subscription is another matter: the id is wrong, or nobody may look
            }
        }
    }

    private async Task<List<ScaleSetInstance>> ListUniformAsync(ScaleSet scaleSet, CancellationToken cancellationToken)
    {
        var found = new List<ScaleSetInstance>();
        var all = arm.Client.GetVirtualMachineScaleSetResource(new ResourceIdentifier(scaleSet.ResourceId)).GetVirtualMachineScaleSetVms()
            .GetAllAsync(expand: "instanceView", cancellationToken: cancellationToken);
        await foreach (var instance in all) found.Add(Read(instance.Data, scaleSet));
        return [.. found.OrderBy(static instance => instance.InstanceId.Length).ThenBy(static instance => instance.InstanceId, StringComparer.Ordinal)];
    }

    /// <remarks>
    /// A listing has instance views only with this filter. Source: https://learn.microsoft.com/rest/api/compute/virtual-machines/list , whose words the
    /// SDK's documentation repeats.
    /// </remarks>
    private async Task<List<ScaleSetInstance>> ListFlexibleAsync(ScaleSet scaleSet, CancellationToken cancellationToken)
    {
        var group = new ResourceIdentifier(scaleSet.ResourceId).Parent!;
        var found = new List<ScaleSetInstance>();
        var all = arm.Client.GetResourceGroupResource(group).GetVirtualMachines()
            .GetAllAsync($"'virtualMachineScaleSet/id' eq '{scaleSet.ResourceId}'", GetVirtualMachineExpandType.InstanceView, cancellationToken);
        await foreach (var machine in all) found.Add(Read(machine.Data, scaleSet));
        return [.. found.OrderBy(static machine => machine.Name, StringComparer.Ordinal)];
    }

    private Task<List<ScaleSetInstance>> ListGroupAsync(ResourceIdentifier group, CancellationToken cancellationToken)
    {
        var call = arm.Call($"list the virtual machines of resource group '{group.Name}'", $"{MachineType}/read", group.ToString());
        return AzureFailure.TranslateAsync(call, ListAsync, cancellationToken);

        async Task<List<ScaleSetInstance>> ListAsync()
        {
            var found = new List<ScaleSetInstance>();
            await foreach (var machine in arm.Client.GetResourceGroupResource(group).GetVirtualMachines().GetAllAsync(cancellationToken: cancellationToken))
                found.Add(Read(machine.Data, null));
            return found;
        }
    }

    private static ScaleSetInstance Read(VirtualMachineScaleSetVmData data, ScaleSet scaleSet) => new()
    {
        ResourceId = data.Id.ToString(),
        Name = data.Name,
        InstanceId = data.InstanceId,
        ComputerName = data.OSProfile?.ComputerName,
        ScaleSet = scaleSet with { Location = data.Location.Name },
        Location = data.Location.Name,
        Zone = data.Zones is [var zone, ..] ? zone : null,
        PowerState = ReadPowerState(data.InstanceView?.Statuses ?? []),
        ProvisioningState = data.ProvisioningState ?? "",
    };

    private static ScaleSetInstance Read(VirtualMachineData data, ScaleSet? scaleSet) => new()
    {
        ResourceId = data.Id.ToString(),
        Name = data.Name,
        InstanceId = data.Name,
        ComputerName = data.OSProfile?.ComputerName,
        ScaleSet = (scaleSet ?? ReadScaleSet(data.VirtualMachineScaleSetId)) is { } set ? set with { Location = data.Location.Name } : null,
        Location = data.Location.Name,
        Zone = data.Zones is [var zone, ..] ? zone : null,
        PowerState = ReadPowerState(data.InstanceView?.Statuses ?? []),
        ProvisioningState = data.ProvisioningState ?? "",
    };

    private static ScaleSet? ReadScaleSet(ResourceIdentifier? id) =>
        id is null ? null : new ScaleSet(id.ToString(), id.Name, id.ResourceGroupName ?? "", id.SubscriptionId ?? "", "", Flexible: true);

    private static PowerState ReadPowerState(IEnumerable<InstanceViewStatus> statuses)
    {
        const string Prefix = "PowerState/";
        var code = statuses.Select(static status => status.Code).FirstOrDefault(static code => code?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) == true);
        return code is not null && Enum.TryParse<PowerState>(code[Prefix.Length..], ignoreCase: true, out var state) ? state : PowerState.Unknown;
    }
}
