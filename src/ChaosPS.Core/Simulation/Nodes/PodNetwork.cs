using System.Globalization;
using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Nodes;

/// <summary>The addresses of a node's pods: each node has a /24 of its own, as kubenet and overlay networks do.</summary>
/// <param name="Prefix">The address up to and with the last dot.</param>
/// <param name="Last">The last number given.</param>
internal readonly record struct PodNetwork(string Prefix, int Last)
{
    /// <summary>Learns the networks of nodes from the addresses that pods have.</summary>
    public static Dictionary<string, PodNetwork> Learn(ClusterSnapshot snapshot)
    {
        Dictionary<string, PodNetwork> networks = [];
        var own = snapshot.Nodes.Select(static node => node.InternalIP).ToHashSet();
        foreach (var pod in snapshot.Pods)
        {
            if (pod is not { PodIP: { } address, NodeName: { } node } || own.Contains(address)) continue;
            var dot = address.LastIndexOf('.');
            if (dot < 0 || !int.TryParse(address.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var host)) continue;
            var prefix = address[..(dot + 1)];
            networks[node] = new(prefix, networks.TryGetValue(node, out var known) && known.Prefix == prefix ? Math.Max(known.Last, host) : host);
        }

        return networks;
    }

    /// <summary>The network of the number that nobody has yet.</summary>
    public static PodNetwork Of(int number) => new(string.Create(CultureInfo.InvariantCulture, $"10.{244 + (number / 256)}.{number % 256}."), 1);

    /// <summary>The network with the next number given.</summary>
    public PodNetwork Next() => this with { Last = Last >= 254 ? 2 : Last + 1 };

    /// <summary>The address with the last number.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Last}");
}
