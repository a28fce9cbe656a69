namespace ChaosPS.Simulation.Nodes;

/// <summary>Gives pods their addresses. A node of which no network is known gets the next free one with its first pod.</summary>
internal sealed class PodAddresses(IReadOnlyDictionary<string, PodNetwork> known)
{
    private readonly Dictionary<string, PodNetwork> _networks = [];
    private HashSet<string>? _taken;
    private int _next;

    /// <summary>An address that no pod of the node has.</summary>
    public string Next(SimulatedNode node)
    {
        if (!_networks.TryGetValue(node.Name, out var network) && !known.TryGetValue(node.Name, out network)) network = NextNetwork();
        string address;
        do
        {
            network = network.Next();
            address = network.ToString();
        }
        while (IsTaken(node, address));
        _networks[node.Name] = network;
        return address;
    }

    private PodNetwork NextNetwork()
    {
        _taken ??= [.. known.Values.Select(static network => network.Prefix)];
        PodNetwork network;
        do network = PodNetwork.Of(_next++);
        while (!_taken.Add(network.Prefix));
        return network;
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
