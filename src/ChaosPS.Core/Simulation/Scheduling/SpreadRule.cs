using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Scheduling;

/// <summary>A rule of even spread as one attempt to schedule a pod sees it.</summary>
/// <param name="Key">The node label whose values are the domains.</param>
/// <param name="MaxSkew">How uneven it may get.</param>
/// <param name="Selectors">The pods that count match all of these.</param>
internal sealed record SpreadRule(string Key, int MaxSkew, IReadOnlyList<LabelSelector> Selectors)
{
    public int MinDomains { get; private init; } = 1;

    /// <summary>The replica set whose pods are the only ones that can match; null when all of the namespace can.</summary>
    private SimulatedReplicaSet? Family { get; init; }

    private bool HonorsTaints { get; init; }

    private bool HonorsAffinity { get; init; } = true;

    public static List<SpreadRule> Required(SimulatedPod pod) => Declared(pod, required: true);

    public static List<SpreadRule> Preferred(SimulatedPod pod) => Declared(pod, required: false);

    /// <summary>The scheduler's own rules, for pods that declare none: they spread among what all Services of the pod and its owner select.</summary>
    public static List<SpreadRule> Defaults(SchedulingCycle cycle)
    {
        List<LabelSelector> selectors = [];
        foreach (var service in cycle.State.ServiceIndex.Selecting(cycle.Pod)) selectors.Add(service.Spec.Selector);
        if (cycle.Pod.ReplicaSet is { } replicaSet) selectors.Add(replicaSet.Selector);
        else if (cycle.Pod.Owner is { Kind: "StatefulSet" } owner) selectors.Add(owner.PodSelector);
        if (selectors.Count == 0) return [];

        // The template's hash in the selector leaves no others. A replica set that no Deployment made has no such label.
        var family = cycle.Pod.ReplicaSet is { Deployment: not null } own ? own : null;
        List<SpreadRule> rules = [];
        foreach (var (key, maxSkew) in cycle.State.Options.DefaultTopologySpread) rules.Add(new SpreadRule(key, maxSkew, selectors) { Family = family });
        return rules;
    }

    public static bool HasAllKeys(List<SpreadRule> rules, SimulatedNode node)
    {
        foreach (var rule in rules)
        {
            if (!node.Labels.ContainsKey(rule.Key)) return false;
        }

        return true;
    }

    /// <summary>Whether the node's pods and its domain count.</summary>
    public bool Includes(SimulatedNode node, SchedulingCycle cycle)
    {
        if (HonorsAffinity && !cycle.MatchesNodeAffinity(node)) return false;
        if (!HonorsTaints) return true;
        foreach (var taint in node.Taints)
        {
            if (taint.Effect != TaintEffect.PreferNoSchedule && !cycle.Tolerates(taint)) return false;
        }

        return true;
    }

    /// <summary>How many pods count on each node that has any. Terminating ones do not.</summary>
    public Dictionary<string, int> CountPods(SchedulingCycle cycle)
    {
        Dictionary<string, int> counts = [];
        foreach (var pod in Family is null ? cycle.State.PodsOf(cycle.Pod.Namespace) : Family.Pods)
        {
            if (pod.NodeName is null || pod.Terminating || !Matches(pod) || !cycle.Counts(pod)) continue;
            counts[pod.NodeName] = counts.GetValueOrDefault(pod.NodeName) + 1;
        }

        return counts;
    }

    public bool Matches(SimulatedPod pod)
    {
        foreach (var selector in Selectors)
        {
            if (!selector.Matches(pod.Labels)) return false;
        }

        return Selectors.Count > 0;
    }

    private static List<SpreadRule> Declared(SimulatedPod pod, bool required)
    {
        List<SpreadRule> rules = [];
        foreach (var declared in pod.Spec.TopologySpread)
        {
            if (declared.IsRequired != required) continue;
            List<LabelSelector> selectors = declared.Selector is { } selector ? [selector] : [];
            foreach (var key in declared.MatchLabelKeys)
            {
                if (selectors.Count > 0 && pod.Labels.TryGetValue(key, out var value)) selectors.Add(LabelSelector.FromLabels([new(key, value)]));
            }

            rules.Add(new SpreadRule(declared.TopologyKey, declared.MaxSkew, selectors)
            {
                MinDomains = declared.MinDomains,
                HonorsTaints = declared.HonorsTaints,
                HonorsAffinity = declared.HonorsAffinity,
            });
        }

        return rules;
    }
}
