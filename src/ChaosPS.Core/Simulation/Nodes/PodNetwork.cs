using System.Globalization;

namespace ChaosPS.Simulation.Nodes;

/// <summary>Gives pods their addresses: each node has a /24 of its own, as kubenet and overlay networks do.</summary>
internal sealed class PodNetwork
{
    private readonly Dictionary<string, (string Prefix, int Last)> _nodes = [];
    private readonly HashSet<string> _taken = [];
    private int _next;

    /// <summary>Learns the networks from the addresses that pods already have; nodes without any get the next free one.</summary>
    public PodNetwork(ClusterState state)
    {
        foreach (var node in state.Nodes)
        {
            foreach (var pod in node.Pods)
            {
                if (pod.PodIP is not { } address || address == node.Spec.InternalIP) continue;
                var dot = address.LastIndexOf('.');
                if (dot < 0 || !int.TryParse(address.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var host)) continue;
                var prefix = address[..(dot + 1)];
                _taken.Add(prefix);
                var last = _nodes.TryGetValue(node.Name, out var known) && known.Prefix == prefix ? Math.Max(known.Last, host) : host;
                _nodes[node.Name] = (prefix, last);
            }
        }

        foreach (var node in state.Nodes)
        {
            if (!_nodes.ContainsKey(node.Name)) _nodes.Add(node.Name, NextNetwork());
        }
    }

    /// <summary>An address that no living pod of the node has.</summary>
    public string NextAddress(SimulatedNode node)
    {
        if (!_nodes.TryGetValue(node.Name, out var network)) network = NextNetwork();
        var (prefix, last) = network;
        string address;
        do
        {
            last = last >= 254 ? 2 : last + 1;
            address = string.Create(CultureInfo.InvariantCulture, $"{prefix}{last}");
        }
        while (IsTaken(node, address));
        _nodes[node.Name] = (prefix, last);
        return address;
    }

    private (string Prefix, int Last) NextNetwork()
    {
        string prefix;
        do
        {
            prefix = string.Create(CultureInfo.InvariantCulture, $"10.{244 + (_next / 256)}.{_next % 256}.");
            _next++;
        }
        while (!_taken.Add(prefix));
        return (prefix, 1);
    }

    private static bool IsTaken(SimulatedNode node, string address)
    {
        foreach (var pod in node.Pods)
        {
            if (pod.PodIP == address) return true;
        }

        return false;
    }
}
