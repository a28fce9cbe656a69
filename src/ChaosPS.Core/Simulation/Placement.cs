using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>What a pod's spec says about nodes: rules that the scheduler and the DaemonSet controller share.</summary>
internal static class Placement
{
    /// <summary>Whether one of the tolerations covers the taint, for however short a time.</summary>
    public static bool Tolerates(IReadOnlyList<Toleration> tolerations, Taint taint)
    {
        foreach (var toleration in tolerations)
        {
            if (toleration.Tolerates(taint)) return true;
        }

        return false;
    }

    /// <summary>Whether the node matches the node selector and the required node affinity.</summary>
    public static bool MatchesNodeAffinity(PodSpec spec, SimulatedNode node) => MatchesNodeAffinity(spec, node.Spec);

    /// <inheritdoc cref="MatchesNodeAffinity(PodSpec, SimulatedNode)"/>
    public static bool MatchesNodeAffinity(PodSpec spec, ClusterNode node)
    {
        foreach (var (key, value) in spec.NodeSelector)
        {
            if (!node.Labels.TryGetValue(key, out var actual) || actual != value) return false;
        }

        if (spec.Affinity.RequiredNodes.Count == 0) return true;
        foreach (var term in spec.Affinity.RequiredNodes)
        {
            if (Matches(term, node)) return true;
        }

        return false;
    }

    /// <summary>Whether the node meets all of the term; an empty term matches nothing.</summary>
    public static bool Matches(NodeAffinityTerm term, SimulatedNode node) => Matches(term, node.Spec);

    /// <inheritdoc cref="Matches(NodeAffinityTerm, SimulatedNode)"/>
    public static bool Matches(NodeAffinityTerm term, ClusterNode node)
    {
        if (term.Requirements.Count == 0 && term.NodeNames.Count == 0) return false;
        if (term.NodeNames.Count > 0 && !term.NodeNames.Contains(node.Name)) return false;
        foreach (var requirement in term.Requirements)
        {
            if (!requirement.Matches(node.Labels)) return false;
        }

        return true;
    }
}
