using System.Collections.Frozen;
using ChaosPS.Clusters;
using ChaosPS.Simulation.Nodes;

namespace ChaosPS.Simulation;

/// <summary>What all simulations of one snapshot have in common: made once, shared, never changed.</summary>
/// <param name="Nodes">The nodes.</param>
/// <param name="Networks">The nodes' networks, as the addresses of all pods show them.</param>
/// <param name="ImageSpread">How many nodes have an image, by the image's name.</param>
internal sealed record ClusterTemplate(IReadOnlyList<NodeTemplate> Nodes, IReadOnlyDictionary<string, PodNetwork> Networks, IReadOnlyDictionary<string, int> ImageSpread)
{
    /// <summary>How many nodes there are beside <see cref="Nodes"/>, by region and zone.</summary>
    public IReadOnlyDictionary<string, int> OthersByZone { get; init; } = FrozenDictionary<string, int>.Empty;

    /// <summary>How many of these are lost together with nodes that the simulation has, by region and zone: they wait for the same taints.</summary>
    public IReadOnlyDictionary<string, int> OthersLostByZone { get; init; } = FrozenDictionary<string, int>.Empty;

    /// <summary>The template of a snapshot, in which nodes carry more than the pods that a simulation knows one by one.</summary>
    public static ClusterTemplate Of(ClusterSnapshot snapshot, IReadOnlyDictionary<string, NodeLoad> loads) => new(
        [.. snapshot.Nodes.Select(node => NodeTemplate.Of(node, loads.TryGetValue(node.Name, out var load) ? load : default))], PodNetwork.Learn(snapshot),
        snapshot.Nodes.SelectMany(static node => node.Images.Keys).CountBy(static image => image).ToDictionary());
}
