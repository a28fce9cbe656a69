namespace ChaosPS.Clusters;

/// <summary>A pod affinity or anti-affinity term.</summary>
/// <param name="Selector">The pods it is about; null matches none, as in Kubernetes.</param>
/// <param name="TopologyKey">The node label whose equal values make one domain, such as <c>kubernetes.io/hostname</c>.</param>
/// <param name="Namespaces">The namespaces it looks in; empty means the pod's own, unless <see cref="NamespaceSelector"/> says otherwise.</param>
/// <param name="Weight">1 to 100 for a preferred term, 0 for a required one.</param>
public sealed record PodAffinityTerm(LabelSelector? Selector, string TopologyKey, IReadOnlyList<string> Namespaces, int Weight = 0)
{
    private const string NameLabel = "kubernetes.io/metadata.name";

    /// <summary>More namespaces that it looks in; an empty one means all. Of a namespace only the label with its name is known.</summary>
    public LabelSelector? NamespaceSelector { get; init; }

    /// <summary>Labels that the pods have the same value of as the one with the rule, such as <c>pod-template-hash</c>.</summary>
    public IReadOnlyList<string> MatchLabelKeys { get; init; } = [];

    /// <summary>Labels that the pods have another value of than the one with the rule.</summary>
    public IReadOnlyList<string> MismatchLabelKeys { get; init; } = [];

    /// <summary>Whether it speaks of pods of a namespace.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="own">The namespace of the pod with the rule.</param>
    internal bool LooksIn(string @namespace, string own)
    {
        if (NamespaceSelector is null) return Namespaces.Count == 0 ? @namespace == own : Namespaces.Contains(@namespace);
        return Namespaces.Contains(@namespace) || NamespaceSelector.Requirements.Count == 0 || NamespaceSelector.Matches(new Dictionary<string, string> { [NameLabel] = @namespace });
    }

    /// <summary>Those of some namespaces that it looks in.</summary>
    internal IEnumerable<string> NamespacesAmong(IEnumerable<string> all, string own) => NamespaceSelector is not null
        ? all.Where(name => LooksIn(name, own))
        : Namespaces.Count == 0 ? [own] : Namespaces;

    /// <summary>Whether it speaks of a pod with these labels, in whatever namespace.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="own">The labels of the pod with the rule: the API server makes requirements of the keys when that pod is made.</param>
    internal bool Matches(IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> own)
    {
        if (Selector is null || !Selector.Matches(labels)) return false;
        foreach (var key in MatchLabelKeys)
        {
            if (own.TryGetValue(key, out var value) && (!labels.TryGetValue(key, out var other) || other != value)) return false;
        }

        foreach (var key in MismatchLabelKeys)
        {
            if (own.TryGetValue(key, out var value) && labels.TryGetValue(key, out var other) && other == value) return false;
        }

        return true;
    }
}

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
