using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>Nodes whose machines go off at the same moment and stay off.</summary>
/// <param name="Name">The node, zone, pool or scale set; of a pair both nodes.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Nodes">The names of the nodes, in order.</param>
public sealed record NodeLoss(string Name, NodeLossKind Kind, IReadOnlyList<string> Nodes)
{
    /// <summary>The loss of each node by itself.</summary>
    public static IReadOnlyList<NodeLoss> OfEach(IEnumerable<ClusterNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        return [.. nodes.Select(static node => new NodeLoss(node.Name, NodeLossKind.Node, [node.Name]))];
    }

    /// <summary>The loss of each two of the nodes; a and b is the same as b and a.</summary>
    public static IReadOnlyList<NodeLoss> OfPairs(IReadOnlyList<ClusterNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        List<NodeLoss> losses = [];
        for (var first = 0; first < nodes.Count; first++)
        {
            for (var second = first + 1; second < nodes.Count; second++)
                losses.Add(new NodeLoss($"{nodes[first].Name} + {nodes[second].Name}", NodeLossKind.Pair, [nodes[first].Name, nodes[second].Name]));
        }

        return losses;
    }

    /// <summary>The loss of each zone, pool or scale set as a whole. Nodes that are in none are not in any loss.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is no group.</exception>
    public static IReadOnlyList<NodeLoss> OfGroups(IEnumerable<ClusterNode> nodes, NodeLossKind kind)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        Func<ClusterNode, string?> group = kind switch
        {
            NodeLossKind.Zone => static node => node.Zone,
            NodeLossKind.NodePool => static node => node.NodePoolName,
            NodeLossKind.VMScaleSet => static node => node.VMScaleSetName,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "It is no group of nodes."),
        };
        return
        [
            .. nodes.Where(node => group(node) is not null).GroupBy(node => group(node)!).OrderBy(static it => it.Key, StringComparer.Ordinal)
                .Select(it => new NodeLoss(it.Key, kind, [.. it.Select(static node => node.Name)])),
        ];
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
