using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Scheduling;

/// <summary>Pods that have pushed others out and wait for the room: less important ones may not take it.</summary>
internal sealed class Nominations
{
    private readonly Dictionary<SimulatedPod, string> _nodes = [];

    public void Set(SimulatedPod pod, SimulatedNode node)
    {
        _nodes[pod] = node.Name;
        pod.NominatedNodeName = node.Name;
    }

    public void Remove(SimulatedPod pod)
    {
        if (_nodes.Remove(pod)) pod.NominatedNodeName = null;
    }

    /// <summary>What others that are at least as important as <paramref name="pod"/> have been promised on the node.</summary>
    public (ResourceQuantities Requests, int Pods) Reserve(SimulatedNode node, SimulatedPod pod)
    {
        var (requests, pods) = (default(ResourceQuantities), 0);
        foreach (var (other, name) in _nodes)
        {
            if (other == pod || name != node.Name || other.Spec.Priority < pod.Spec.Priority) continue;
            requests += other.Requests;
            pods++;
        }

        return (requests, pods);
    }
}
