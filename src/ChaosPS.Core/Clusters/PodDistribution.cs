using ChaosPS.Ports;
using ChaosPS.Simulation;

namespace ChaosPS.Clusters;

/// <summary>How the pods of a workload are spread, and whether the loss of one node or zone leaves any of them.</summary>
public sealed record PodDistribution
{
    /// <summary>The workload's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The cluster that it was read from.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>Wanted replicas.</summary>
    public required int Replicas { get; init; }

    /// <summary>Ready pods.</summary>
    public required int Ready { get; init; }

    /// <summary>How many nodes the ready pods are on.</summary>
    public required int Nodes { get; init; }

    /// <summary>How many zones the ready pods are in; 0 when the nodes have none.</summary>
    public required int Zones { get; init; }

    /// <summary>The most ready pods on any one node.</summary>
    public required int MostOnOneNode { get; init; }

    /// <summary>Whether a ready pod is left whichever node goes. True for a workload that wants no pods.</summary>
    public required bool SurvivesNodeLoss { get; init; }

    /// <summary>Whether a ready pod is left whichever zone goes; null when the nodes have no zones. True for a workload that wants no pods.</summary>
    public required bool? SurvivesZoneLoss { get; init; }

    /// <summary>The node whose loss takes the most ready pods, the first by name of equals; null without ready pods.</summary>
    public required string? WorstNode { get; init; }

    /// <summary>Ready pods a node, in the order of the nodes' names.</summary>
    public required IReadOnlyDictionary<string, int> PodsByNode { get; init; }

    /// <summary>The workload itself.</summary>
    public required Workload Workload { get; init; }

    /// <summary>Reads the workloads of one namespace, or of all when <paramref name="namespace"/> is null, and computes their distribution.</summary>
    public static async Task<IReadOnlyList<PodDistribution>> ReadAsync(
        ICluster cluster, string? @namespace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return Compute(await cluster.GetPlacementAsync(@namespace, cancellationToken));
    }

    /// <summary>Computes the distribution of each workload, in the order of the workloads.</summary>
    /// <remarks>A pod belongs to the workload whose selector matches it in its namespace: selectors of controllers must not overlap, says Kubernetes.</remarks>
    public static IReadOnlyList<PodDistribution> Compute(ClusterPlacement placement)
    {
        ArgumentNullException.ThrowIfNull(placement);
        Tally[] tallies = [.. placement.Workloads.Select(static workload => new Tally(workload))];
        var index = new SelectorIndex<Tally>(static tally => tally.Workload.Namespace, static tally => tally.Workload.Selector);
        foreach (var tally in tallies) index.Add(tally);

        foreach (var pods in placement.Pods)
        {
            foreach (var owner in index.Find(pods.Namespace, pods.Labels)) owner.Count(pods.NodeNames);
        }

        var distributions = new PodDistribution[tallies.Length];
        Parallel.For(0, tallies.Length, number => distributions[number] = tallies[number].ToDistribution(placement.ZoneOfNode));
        return distributions;
    }

    /// <summary>namespace/name.</summary>
    public override string ToString() => $"{Namespace}/{Name}";

    /// <summary>The ready pods of a workload, node by node.</summary>
    private sealed class Tally(Workload workload)
    {
        private readonly List<string> _nodes = [];

        public Workload Workload => workload;

        /// <summary>Counts a pod on each of the nodes.</summary>
        public void Count(IReadOnlyList<string> nodes) => _nodes.AddRange(nodes);

        public PodDistribution ToDistribution(IReadOnlyDictionary<string, string?> zoneOf)
        {
            _nodes.Sort(StringComparer.Ordinal);
            var byNode = new OrderedDictionary<string, int>(_nodes.Count);
            HashSet<string> zones = [];
            var zoned = true;
            var worst = default(KeyValuePair<string, int>);
            for (var (begin, end) = (0, 0); begin < _nodes.Count; begin = end)
            {
                var node = _nodes[begin];
                while (end < _nodes.Count && _nodes[end] == node) end++;
                byNode.Add(node, end - begin);
                if (end - begin > worst.Value) worst = new(node, end - begin);
                if (zoneOf.GetValueOrDefault(node) is { } zone) zones.Add(zone);
                else zoned = false;
            }

            var none = workload.Replicas == 0;
            return new PodDistribution
            {
                Name = workload.Name,
                Namespace = workload.Namespace,
                Kind = workload.Kind,
                Cluster = workload.Cluster,
                Replicas = workload.Replicas,
                Ready = _nodes.Count,
                Nodes = byNode.Count,
                Zones = zones.Count,
                MostOnOneNode = worst.Value,
                SurvivesNodeLoss = none || byNode.Count > 1,
                SurvivesZoneLoss = none ? true : _nodes.Count > 0 && !zoned ? null : zones.Count > 1,
                WorstNode = worst.Key,
                PodsByNode = byNode,
                Workload = workload,
            };
        }
    }
}
