using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Scheduling;

/// <summary>Required pod affinity and anti-affinity: the pod's own, and the anti-affinity of pods that are there already.</summary>
/// <remarks>Source: kubernetes/pkg/scheduler/framework/plugins/interpodaffinity/filtering.go. Terminating pods count.</remarks>
internal sealed class InterPodAffinityFilter : INodeFilter
{
    private readonly SimulatedPod _pod;
    private readonly TopologyCounts _wanted = new();
    private readonly TopologyCounts _unwanted = new();
    private readonly TopologyCounts _unwelcome = new();

    public InterPodAffinityFilter(SchedulingCycle cycle)
    {
        _pod = cycle.Pod;
        var state = cycle.State;
        foreach (var existing in state.PodsWithAffinity)
        {
            if (existing.Spec.Affinity.RequiredAntiPods.Count == 0 || state.FindNode(existing.NodeName) is not { } node || !cycle.Counts(existing)) continue;
            foreach (var term in existing.Spec.Affinity.RequiredAntiPods)
            {
                if (SchedulingCycle.Matches(term, existing, _pod)) _unwelcome.Add(node, term.TopologyKey, 1);
            }
        }

        var affinity = _pod.Spec.Affinity;
        foreach (var term in affinity.RequiredAntiPods)
        {
            foreach (var (existing, node) in cycle.FindPods(term))
            {
                if (cycle.Counts(existing)) _unwanted.Add(node, term.TopologyKey, 1);
            }
        }

        if (affinity.RequiredPods.Count == 0) return;
        foreach (var (existing, node) in cycle.FindPods(affinity.RequiredPods[0]))
        {
            if (!cycle.Counts(existing) || !MatchesAll(affinity.RequiredPods, existing)) continue;
            foreach (var term in affinity.RequiredPods) _wanted.Add(node, term.TopologyKey, 1);
        }
    }

    public Rejection? Check(SimulatedNode node)
    {
        if (!HasWanted(node)) return new Rejection("node(s) didn't match pod affinity rules", unresolvable: true);
        foreach (var term in _pod.Spec.Affinity.RequiredAntiPods)
        {
            if (_unwanted.Of(node, term.TopologyKey) > 0)
                return new Rejection("node(s) didn't match pod anti-affinity rules", unresolvable: false);
        }

        return IsUnwelcome(node)
            ? new Rejection("node(s) didn't satisfy existing pods anti-affinity rules", unresolvable: false)
            : null;
    }

    private bool HasWanted(SimulatedNode node)
    {
        var terms = _pod.Spec.Affinity.RequiredPods;
        var all = true;
        foreach (var term in terms)
        {
            if (!node.Labels.ContainsKey(term.TopologyKey)) return false;
            all &= _wanted.Of(node, term.TopologyKey) > 0;
        }

        // The first of pods that want to be together may go anywhere: it would wait for ever otherwise.
        return all || (_wanted.IsEmpty && MatchesAll(terms, _pod));
    }

    private bool IsUnwelcome(SimulatedNode node)
    {
        if (_unwelcome.IsEmpty) return false;
        foreach (var (key, value) in node.Labels)
        {
            if (_unwelcome.Of(key, value) > 0) return true;
        }

        return false;
    }

    private bool MatchesAll(IReadOnlyList<PodAffinityTerm> terms, SimulatedPod other)
    {
        foreach (var term in terms)
        {
            if (!SchedulingCycle.Matches(term, _pod, other)) return false;
        }

        return true;
    }
}
