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
            foreach (var ((key, value), weight) in weights)
            {
                if (nodes[i].Labels.TryGetValue(key, out var actual) && actual == value) scores[i] += weight;
            }

            lowest = Math.Min(lowest, scores[i]);
            highest = Math.Max(highest, scores[i]);
        }

        for (var i = 0; i < scores.Length; i++)
            scores[i] = highest == lowest ? 0 : (long)(Scores.Max * ((double)(scores[i] - lowest) / (highest - lowest)));
    }

    private Dictionary<(string Key, string Value), long> CountWeights()
    {
        Dictionary<(string Key, string Value), long> weights = [];
        var pod = cycle.Pod;
        var own = pod.Spec.Affinity;
        foreach (var node in cycle.State.Nodes)
        {
            foreach (var existing in node.Pods)
            {
                var theirs = existing.Spec.Affinity;
                foreach (var term in own.PreferredPods)
                {
                    if (SchedulingCycle.Matches(term, pod, existing)) Add(node, term.TopologyKey, term.Weight);
                }

                foreach (var term in own.PreferredAntiPods)
                {
                    if (SchedulingCycle.Matches(term, pod, existing)) Add(node, term.TopologyKey, -term.Weight);
                }

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
        }

        return weights;

        void Add(SimulatedNode node, string key, long weight)
        {
            if (node.Labels.TryGetValue(key, out var value)) weights[(key, value)] = weights.GetValueOrDefault((key, value)) + weight;
        }
    }
}
