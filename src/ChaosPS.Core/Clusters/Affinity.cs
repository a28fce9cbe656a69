namespace ChaosPS.Clusters;

/// <summary>A pod affinity or anti-affinity term.</summary>
/// <param name="Selector">The pods it is about; null matches none, as in Kubernetes.</param>
/// <param name="TopologyKey">The node label whose equal values make one domain, such as <c>kubernetes.io/hostname</c>.</param>
/// <param name="Namespaces">The namespaces it looks in; empty means the pod's own.</param>
/// <param name="Weight">1 to 100 for a preferred term, 0 for a required one.</param>
public sealed record PodAffinityTerm(LabelSelector? Selector, string TopologyKey, IReadOnlyList<string> Namespaces, int Weight = 0);

/// <summary>A node selector term: all requirements on labels must be met. A term without requirements matches no node.</summary>
/// <param name="Requirements">On the node's labels.</param>
/// <param name="NodeNames">Names that <c>matchFields</c> allows; empty means any.</param>
/// <param name="Weight">1 to 100 for a preferred term, 0 for a required one.</param>
public sealed record NodeAffinityTerm(IReadOnlyList<LabelRequirement> Requirements, IReadOnlyList<string> NodeNames, int Weight = 0);

/// <summary>Where a pod wants to be, and beside whom. Empty lists mean no rule.</summary>
public sealed record Affinity
{
    /// <summary>No rules.</summary>
    public static Affinity None { get; } = new();

    /// <summary>The node must match one of these terms.</summary>
    public IReadOnlyList<NodeAffinityTerm> RequiredNodes { get; init; } = [];

    /// <summary>Nodes that match score higher.</summary>
    public IReadOnlyList<NodeAffinityTerm> PreferredNodes { get; init; } = [];

    /// <summary>Each term must find a matching pod in the domain.</summary>
    public IReadOnlyList<PodAffinityTerm> RequiredPods { get; init; } = [];

    /// <summary>Domains with matching pods score higher.</summary>
    public IReadOnlyList<PodAffinityTerm> PreferredPods { get; init; } = [];

    /// <summary>No term may find a matching pod in the domain.</summary>
    public IReadOnlyList<PodAffinityTerm> RequiredAntiPods { get; init; } = [];

    /// <summary>Domains with matching pods score lower.</summary>
    public IReadOnlyList<PodAffinityTerm> PreferredAntiPods { get; init; } = [];
}
