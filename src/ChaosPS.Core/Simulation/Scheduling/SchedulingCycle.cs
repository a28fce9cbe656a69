using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Scheduling;

/// <summary>One attempt to find a node for one pod: the pod, the cluster, and what the plugins count beforehand.</summary>
internal sealed class SchedulingCycle(ClusterState state, SimulatedPod pod)
{
    public const string HostnameLabel = "kubernetes.io/hostname";
    public const string ZoneLabel = "topology.kubernetes.io/zone";

    public ClusterState State { get; } = state;

    public SimulatedPod Pod { get; } = pod;

    /// <summary>Whether the pod tolerates the taint, for however short a time.</summary>
    public bool Tolerates(Taint taint)
    {
        foreach (var toleration in Pod.Tolerations)
        {
            if (toleration.Tolerates(taint)) return true;
        }

        return false;
    }

    /// <summary>Whether the node matches the pod's node selector and required node affinity.</summary>
    public bool MatchesNodeAffinity(SimulatedNode node)
    {
        foreach (var (key, value) in Pod.Spec.NodeSelector)
        {
            if (!node.Labels.TryGetValue(key, out var actual) || actual != value) return false;
        }

        if (Pod.Spec.Affinity.RequiredNodes.Count == 0) return true;
        foreach (var term in Pod.Spec.Affinity.RequiredNodes)
        {
            if (Matches(term, node)) return true;
        }

        return false;
    }

    /// <summary>Whether the node meets all of the term; an empty term matches nothing.</summary>
    public static bool Matches(NodeAffinityTerm term, SimulatedNode node)
    {
        if (term.Requirements.Count == 0 && term.NodeNames.Count == 0) return false;
        if (term.NodeNames.Count > 0 && !term.NodeNames.Contains(node.Name)) return false;
        foreach (var requirement in term.Requirements)
        {
            if (!requirement.Matches(node.Labels)) return false;
        }

        return true;
    }

    /// <summary>Whether a term that <paramref name="owner"/> has speaks of <paramref name="other"/>.</summary>
    public static bool Matches(PodAffinityTerm term, SimulatedPod owner, SimulatedPod other)
    {
        if (term.Selector is null) return false;
        var inNamespace = term.Namespaces.Count == 0 ? other.Namespace == owner.Namespace : term.Namespaces.Contains(other.Namespace);
        return inNamespace && term.Selector.Matches(other.Labels);
    }
}
