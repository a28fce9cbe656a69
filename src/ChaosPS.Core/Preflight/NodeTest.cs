using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Preflight;

/// <summary>The nodes and the machines behind them.</summary>
internal static class NodeTest
{
    /// <summary>Nodes that have no machine whose power can be changed.</summary>
    public static IEnumerable<ConnectionFinding> Kinds(IReadOnlyList<ClusterNode> nodes)
    {
        ClusterNode[] others = [.. nodes.Where(static node => !AzureMachineId.TryParse(node.ResourceId, out _))];
        if (others.Length == 0)
        {
            yield return new("Machines", ConnectionSeverity.Ok, $"each of the {nodes.Count} nodes is a machine of Azure");
            yield break;
        }

        yield return new(
            "Machines", ConnectionSeverity.Warning, $"no machine of Azure stands behind {ChaosErrors.List(others.Select(Describe))}",
            "They can be cordoned and drained, but neither stopped nor started: choose other nodes.");
    }

    /// <summary>Machines that are off, or that Azure is at work on.</summary>
    public static IEnumerable<ConnectionFinding> Machines(
        IEnumerable<AzureMachineId> ids, IReadOnlyList<ScaleSetInstance> instances, IReadOnlyList<ClusterNode> nodes, AksCluster? aks)
    {
        foreach (var id in ids)
        {
            var node = nodes.First(node => AzureMachineId.TryParse(node.ResourceId, out var other) && other.ResourceId.Equals(id.ResourceId, StringComparison.OrdinalIgnoreCase));
            var check = $"Machine of {node.Name}";
            if (instances.FirstOrDefault(instance => instance.ResourceId.Equals(id.ResourceId, StringComparison.OrdinalIgnoreCase)) is not { } instance)
            {
                yield return new(
                    check, ConnectionSeverity.Warning,
                    $"{(id.VMScaleSetName is { } set ? $"instance {id.InstanceId} of {set}" : $"virtual machine {id.Name}")} does not exist any more",
                    "The node object goes away within minutes; choose another node.");
                continue;
            }

            if (instance.ProvisioningState is not "Succeeded")
            {
                yield return new(
                    check, ConnectionSeverity.Warning, $"{instance.Name} is {instance.ProvisioningState}: Azure is at work on it, or failed to be",
                    id.VMScaleSetName is { } of
                        ? $"az vmss get-instance-view --subscription {id.SubscriptionId} --resource-group {id.ResourceGroupName} --name {of} --instance-id {id.InstanceId} says what it is."
                        : $"az vm get-instance-view --ids {id.ResourceId} says what it is.");
            }

            if (instance.PowerState is not (PowerState.Running or PowerState.Starting))
            {
                var meant = aks?.NodePools.FirstOrDefault(pool => pool.Name == node.NodePoolName) is { Deallocates: true };
                yield return new(
                    check, ConnectionSeverity.Warning, $"{instance.Name} is {instance.PowerState}{(meant ? ", as its pool leaves scaled down nodes: it is meant to be" : "")}",
                    meant ? null : $"Start-ClusterNode {node.Name}");
            }
        }
    }

    /// <summary>Whether the cluster's own pods have somewhere to go.</summary>
    public static IEnumerable<ConnectionFinding> SystemNodes(IReadOnlyList<ClusterNode> nodes, AksCluster? aks)
    {
        ClusterNode[] ready = [.. nodes.Where(static node => node.IsSystem && node.Ready && !node.Unschedulable)];
        if (ready.Length > 1)
        {
            yield return new("System nodes", ConnectionSeverity.Ok, $"{ready.Length} are ready");
            yield break;
        }

        if (!nodes.Any(static node => node.IsSystem)) yield break;
        var pool = nodes.First(static node => node.IsSystem).NodePoolName;
        yield return new(
            "System nodes", ConnectionSeverity.Warning,
            ready is [var last] ? $"{last.Name} is the last one that is ready: it is not stopped" : "none is ready",
            aks is null ? null : $"az aks nodepool scale --subscription {aks.SubscriptionId} --resource-group {aks.ResourceGroupName} --cluster-name {aks.Name} --name {pool} --node-count 3");
    }

    private static string Describe(ClusterNode node) => node.Labels.GetValueOrDefault("type") == "virtual-kubelet"
        ? $"{node.Name} (a virtual node)"
        : $"{node.Name} ({(node.ProviderId is { Length: > 0 } id ? $"providerID {id}" : "no providerID")})";
}
