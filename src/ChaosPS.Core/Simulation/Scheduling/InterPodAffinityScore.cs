namespace ChaosPS.Simulation.Scheduling;

/// <summary>Preferred pod affinity and anti-affinity, the pod's own and that of pods that are there already.</summary>
/// <remarks>Source: kubernetes/pkg/scheduler/framework/plugins/interpodaffinity/scoring.go; required affinity of others counts 1.</remarks>
internal sealed class InterPodAffinityScore(SchedulingCycle cycle) : INodeScore
{
    private const long RequiredAffinityWeight = 1;

    public int Weight => 2;

    public void Score(IReadOnlyList<SimulatedNode> nodes, Span<long> scores)
    {
        var weights = CountWeights();
        if (weights.Count == 0) return;
        var (lowest, highest) = (long.MaxValue, long.MinValue);
        for (var i = 0; i < scores.Length; i++)
        {
            foreach (var (key, byValue) in weights)
            {
                if (nodes[i].Labels.TryGetValue(key, out var value)) scores[i] += byValue.GetValueOrDefault(value);
            }

            lowest = Math.Min(lowest, scores[i]);
            highest = Math.Max(highest, scores[i]);
        }

        for (var i = 0; i < scores.Length; i++)
            scores[i] = highest == lowest ? 0 : (long)(Scores.Max * ((double)(scores[i] - lowest) / (highest - lowest)));
    }

    /// <summary>Key, value and weight of each topology domain.</summary>
    private Dictionary<string, Dictionary<string, long>> CountWeights()
    {
        Dictionary<string, Dictionary<string, long>> weights = [];
        var pod = cycle.Pod;
        foreach (var term in pod.Spec.Affinity.PreferredPods)
        {
            foreach (var (_, node) in cycle.FindPods(term)) Add(node, term.TopologyKey, term.Weight);
        }

        foreach (var term in pod.Spec.Affinity.PreferredAntiPods)
        {
            foreach (var (_, node) in cycle.FindPods(term)) Add(node, term.TopologyKey, -term.Weight);
        }

        foreach (var existing in cycle.State.PodsWithAffinity)
        {
            if (existing.IsTerminal || cycle.State.FindNode(existing.NodeName) is not { } node) continue;
            var theirs = existing.Spec.Affinity;
            foreach (var term in theirs.RequiredPods)
            {
                if (SchedulingCycle.Matches(term, existing, pod)) Add(node, term.TopologyKey, RequiredAffinityWeight);
            }

            foreach (var term in theirs.PreferredPods)
            {
                if (SchedulingCycle.Matches(term, existing, pod)) Add(node, term.TopologyKey, term.Weight);
            }

            foreach (var term in theirs.PreferredAntiPods)
            {
                if (SchedulingCycle.Matches(term, existing, pod)) Add(node, term.TopologyKey, -term.Weight);
            }
        }

        return weights;

        void Add(SimulatedNode node, string key, long weight)
        {
            if (!node.Labels.TryGetValue(key, out var value)) return;
            if (!weights.TryGetValue(key, out var byValue)) weights.Add(key, byValue = []);
            byValue[value] = byValue.GetValueOrDefault(value) + weight;
        }
    }
}
