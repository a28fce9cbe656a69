using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Ports;

/// <summary>Reading single machines through the listing: Azure allows few reads of one instance and many of a list.</summary>
public static class NodePowerExtensions
{
    /// <summary>One instance with its power state.</summary>
    /// <exception cref="ChaosException">It is not there: id <c>InstanceNotFound</c>.</exception>
    public static async Task<ScaleSetInstance> GetInstanceAsync(this INodePower power, string resourceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(power);
        if (AzureMachineId.ScaleSetOf(resourceId) is not { } scaleSet) throw ChaosErrors.InstanceNotFound(resourceId, []);
        var instances = await power.GetInstancesAsync(scaleSet, cancellationToken);
        return instances.FirstOrDefault(instance => string.Equals(instance.ResourceId, resourceId, StringComparison.OrdinalIgnoreCase))
            ?? throw ChaosErrors.InstanceNotFound(resourceId, instances.Select(instance => instance.Name));
    }

    /// <summary>The instance behind a node.</summary>
    /// <exception cref="ChaosException">Ids <c>NoMachineBehindNode</c>, <c>InstanceNotFound</c>.</exception>
    public static Task<ScaleSetInstance> GetInstanceAsync(this INodePower power, ClusterNode node, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (AzureMachineId.ScaleSetOf(node.ResourceId) is null) throw ChaosErrors.NoMachineBehindNode(node);
        return power.GetInstanceAsync(node.ResourceId!, cancellationToken);
    }

    /// <summary>The nodes with the power states of their machines; nodes without a machine that Azure knows stay Unknown.</summary>
    public static async Task<IReadOnlyList<ClusterNode>> WithPowerStatesAsync(
        this INodePower power, IReadOnlyList<ClusterNode> nodes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(power);
        var states = new Dictionary<string, PowerState>(StringComparer.OrdinalIgnoreCase);
        foreach (var scaleSet in nodes.Select(node => AzureMachineId.ScaleSetOf(node.ResourceId)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
        {
            foreach (var instance in await power.GetInstancesAsync(scaleSet, cancellationToken)) states[instance.ResourceId] = instance.PowerState;
        }

        return [.. nodes.Select(node => node.ResourceId is { } id && states.TryGetValue(id, out var state) ? node with { PowerState = state } : node)];
    }

    /// <summary>The resource ids of the instances that are not running, in a set that does not tell cases apart.</summary>
    /// <param name="power">The machines.</param>
    /// <param name="scaleSets">Resource ids of scale sets; nulls are left out.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<HashSet<string>> FindOffAsync(this INodePower power, IEnumerable<string?> scaleSets, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(power);
        var off = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var scaleSet in scaleSets.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
        {
            foreach (var instance in await power.GetInstancesAsync(scaleSet, cancellationToken))
            {
                if (instance.PowerState != PowerState.Running) off.Add(instance.ResourceId);
            }
        }

        return off;
    }
}
