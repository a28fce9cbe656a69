using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Ports;

/// <summary>Reading machines through listings: Azure allows few reads of one instance and many of a list.</summary>
public static class NodePowerExtensions
{
    /// <summary>Where a resource is, after its name: <c> in subscription …, tenant …, AzureCloud</c>; empty for what is none of Azure.</summary>
    public static string Place(this INodePower power, string? resourceId)
    {
        ArgumentNullException.ThrowIfNull(power);
        return AzureScope.SubscriptionOf(resourceId) is { } subscription ? $" in {power.ScopeOf(subscription)}" : "";
    }

    /// <summary>Where a resource is, in full: <c>/subscriptions/…, tenant …, AzureCloud</c>; only the id for what is none of Azure.</summary>
    public static string FullName(this INodePower power, string resourceId)
    {
        ArgumentNullException.ThrowIfNull(power);
        return AzureScope.SubscriptionOf(resourceId) is { } subscription ? power.ScopeOf(subscription).Of(resourceId) : resourceId;
    }

    /// <summary>Where machines are looked for.</summary>
    /// <exception cref="ChaosException">Nothing tells a subscription: id <c>SubscriptionUnknown</c>.</exception>
    public static async Task<AzureScope> GetScopeAsync(this INodePower power, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(power);
        return power.ScopeOf(string.Join(", ", await power.GetSubscriptionsAsync(cancellationToken)));
    }

    /// <summary>All instances of a uniform scale set with their power states.</summary>
    public static Task<IReadOnlyList<ScaleSetInstance>> GetInstancesAsync(
        this INodePower power, string scaleSetResourceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(power);
        return AzureMachineId.TryParse($"{scaleSetResourceId}/virtualMachines/0", out var any) && any.ScaleSet is { } scaleSet
            ? power.GetInstancesAsync(scaleSet, cancellationToken)
            : throw ChaosErrors.InstanceNotFound(scaleSetResourceId, power.FullName(scaleSetResourceId), []);
    }

    /// <summary>The machines of these ids, and others of the same scale sets, with their power states; what does not exist is left out.</summary>
    /// <param name="power">The machines.</param>
    /// <param name="resourceIds">Resource ids or providerIDs, in any case; what is null or names no machine of Azure is passed over.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<IReadOnlyList<ScaleSetInstance>> GetMachinesAsync(
        this INodePower power, IEnumerable<string?> resourceIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(power);
        ArgumentNullException.ThrowIfNull(resourceIds);
        AzureMachineId[] ids = [.. resourceIds.Select(static id => AzureMachineId.TryParse(id, out var parsed) ? parsed : null).OfType<AzureMachineId>()];
        var machines = new List<ScaleSetInstance>();
        foreach (var scaleSet in ids.Select(static id => id.ScaleSet).OfType<ScaleSet>().DistinctBy(static set => set.ResourceId, StringComparer.OrdinalIgnoreCase))
            machines.AddRange(await power.GetInstancesAsync(scaleSet, cancellationToken));
        string[] virtualMachines = [.. ids.Where(static id => id.ScaleSet is null).Select(static id => id.ResourceId).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (virtualMachines.Length > 0) machines.AddRange(await power.GetVirtualMachinesAsync(virtualMachines, cancellationToken));
        return machines;
    }

    /// <summary>One machine with its power state.</summary>
    /// <exception cref="ChaosException">It is not there: id <c>InstanceNotFound</c>.</exception>
    public static async Task<ScaleSetInstance> GetInstanceAsync(this INodePower power, string resourceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(power);
        var machines = await power.GetMachinesAsync([resourceId], cancellationToken);
        return machines.FirstOrDefault(machine => string.Equals(machine.ResourceId, resourceId, StringComparison.OrdinalIgnoreCase))
            ?? throw ChaosErrors.InstanceNotFound(resourceId, power.FullName(resourceId), machines.Select(static machine => machine.Name));
    }

    /// <summary>The machine behind a node.</summary>
    /// <exception cref="ChaosException">Ids <c>NoMachineBehindNode</c>, <c>InstanceNotFound</c>.</exception>
    public static Task<ScaleSetInstance> GetInstanceAsync(this INodePower power, ClusterNode node, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.ResourceId is not { } id || !AzureMachineId.TryParse(id, out _)) throw ChaosErrors.NoMachineBehindNode(node);
        return power.GetInstanceAsync(id, cancellationToken);
    }

    /// <summary>The nodes with the power states of their machines; nodes without a machine that Azure knows stay Unknown.</summary>
    public static async Task<IReadOnlyList<ClusterNode>> WithPowerStatesAsync(
        this INodePower power, IReadOnlyList<ClusterNode> nodes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(power);
        var states = new Dictionary<string, PowerState>(StringComparer.OrdinalIgnoreCase);
        foreach (var machine in await power.GetMachinesAsync(nodes.Select(static node => node.ResourceId), cancellationToken))
            states[machine.ResourceId] = machine.PowerState;
        return [.. nodes.Select(node => node.ResourceId is { } id && states.TryGetValue(id, out var state) ? node with { PowerState = state } : node)];
    }

    /// <summary>The ids of those of these machines that do not run.</summary>
    /// <param name="power">The machines.</param>
    /// <param name="resourceIds">Their ids; what is null or names no machine of Azure is passed over.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<HashSet<string>> FindOffAsync(this INodePower power, IEnumerable<string?> resourceIds, CancellationToken cancellationToken)
    {
        var machines = await power.GetMachinesAsync(resourceIds, cancellationToken);
        return machines.Where(static machine => machine.PowerState != PowerState.Running).Select(static machine => machine.ResourceId)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}
