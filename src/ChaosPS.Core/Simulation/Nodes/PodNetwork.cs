using System.Globalization;

namespace ChaosPS.Simulation.Nodes;

/// <summary>Gives pods their addresses: each node has a /24 of its own, as kubenet and overlay networks do.</summary>
internal sealed class PodNetwork
{
    private readonly Dictionary<string, (string Prefix, int Last)> _nodes = [];

    /// <summary>Learns the networks from the addresses that pods already have; nodes without any get the next free one.</summary>
    public PodNetwork(ClusterState state)
    {
        HashSet<string> taken = [];
        foreach (var node in state.Nodes)
        {
            foreach (var pod in node.Pods)
            {
                if (pod.PodIP is not { } address || address == node.Spec.InternalIP) continue;
                var dot = address.LastIndexOf('.');
                if (dot < 0 || !int.TryParse(address.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var host)) continue;
                var prefix = address[..(dot + 1)];
                taken.Add(prefix);
                var last = _nodes.TryGetValue(node.Name, out var known) && known.Prefix == prefix ? Math.Max(known.Last, host) : host;
                _nodes[node.Name] = (prefix, last);
            }
        }

        var next = 0;
        foreach (var node in state.Nodes)
        {
            if (_nodes.ContainsKey(node.Name)) continue;
            string prefix;
            do
            {
                prefix = string.Create(CultureInfo.InvariantCulture, $"10.{244 + (next / 256)}.{next % 256}.");
                next++;
            }
            while (!taken.Add(prefix));
            _nodes[node.Name] = (prefix, 1);
        }
    }

    /// <summary>An address that no living pod of the node has.</summary>
    public string NextAddress(SimulatedNode node)
    {
        var (prefix, last) = _nodes[node.Name];
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

    private static bool IsTaken(SimulatedNode node, string address)
    {
        foreach (var pod in node.Pods)
        {
            if (pod.PodIP == address) return true;
        }

        return false;
    }
}
