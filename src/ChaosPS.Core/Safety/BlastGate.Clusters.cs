using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <content>Whole clusters.</content>
public sealed partial class BlastGate
{
    /// <summary>Refuses a change of a whole AKS cluster that the rules forbid: each of its nodes counts as down.</summary>
    /// <param name="cluster">The cluster: the connected one, or another.</param>
    /// <param name="action">What will be done to it.</param>
    /// <param name="log">Takes the warnings of rules that only warn; null to leave them out.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Its nodes that are Ready; none where it is not the connected cluster.</returns>
    /// <exception cref="Errors.ChaosException">A refusal, naming the rule, its value and the target.</exception>
    internal async Task<IReadOnlyList<ClusterNode>> CheckAsync(AksCluster cluster, PowerAction action, IChaosLog? log, CancellationToken cancellationToken)
    {
        if (action == PowerAction.Start) return []; // a start is a repair: no rule is in its way
        var what = $"AKS cluster {cluster.Name}";
        await CheckAllowedAsync(what, cancellationToken);
        var nodes = await _connection.Cluster.GetNodesAsync(cancellationToken);
        ClusterNode[] hit = [.. nodes.Where(node => IsOf(node, cluster))];
        foreach (var node in hit) CheckProtected(node);

        // Of another cluster only Azure says how many nodes it has.
        string[] names = hit.Length > 0
            ? [.. nodes.Select(static node => node.Name)]
            : [.. cluster.NodePools.SelectMany(pool => Enumerable.Range(1, pool.Count).Select(number => $"{cluster.Name}/{pool.Name}/{number}"))];
        var down = await _takenDown.FindAsync(nodes, null, cancellationToken);
        down.UnionWith(nodes.Where(static node => !node.Ready).Select(static node => node.Name));
        down.UnionWith(names);
        CheckShares(what, nodes, hit, down);
        await CheckPodsAsync(what, hit, down, log, cancellationToken);
        return [.. hit.Where(static node => node.Ready)];
    }

    private static bool IsOf(ClusterNode node, AksCluster cluster) =>
        AzureMachineId.TryParse(node.ResourceId, out var id) && Same(id.SubscriptionId, cluster.SubscriptionId) && Same(id.ResourceGroupName, cluster.NodeResourceGroupName);
}
