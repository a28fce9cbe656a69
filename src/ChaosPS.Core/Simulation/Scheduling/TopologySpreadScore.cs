using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Scheduling;

/// <summary>PodTopologySpread with the scheduler's own constraints, which pods have that declare none: hostname (skew 3) and zone (skew 5).</summary>
/// <remarks>Source: kubernetes/pkg/scheduler/framework/plugins/podtopologyspread/scoring.go. Terminating pods do not count.</remarks>
internal sealed class DefaultSpreadScore(SchedulingCycle cycle) : INodeScore
{
    private static readonly (string Key, int MaxSkew)[] s_constraints = [(SchedulingCycle.HostnameLabel, 3), (SchedulingCycle.ZoneLabel, 5)];

    public int Weight => 2;

    public void Score(IReadOnlyList<SimulatedNode> nodes, Span<long> scores)
    {
        var selectors = FindSelectors();
        if (selectors.Count == 0) return;
        Span<double> raw = scores.Length <= 256 ? stackalloc double[scores.Length] : new double[scores.Length];
        raw.Clear();
        foreach (var (key, maxSkew) in s_constraints) AddConstraint(key, maxSkew, nodes, selectors, raw);

        var (lowest, highest) = (long.MaxValue, long.MinValue);
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = (long)Math.Round(raw[i], MidpointRounding.AwayFromZero);
            lowest = Math.Min(lowest, scores[i]);
            highest = Math.Max(highest, scores[i]);
        }

        for (var i = 0; i < scores.Length; i++)
            scores[i] = highest == 0 ? Scores.Max : Scores.Max * (highest + lowest - scores[i]) / highest;
    }

    /// <summary>The pods to spread among: those that all Services of the pod and its owner select.</summary>
    private List<LabelSelector> FindSelectors()
    {
        List<LabelSelector> selectors = [];
        foreach (var service in cycle.State.ServiceIndex.Selecting(cycle.Pod)) selectors.Add(service.Spec.Selector);
        if (cycle.Pod.ReplicaSet is { } owner) selectors.Add(owner.Selector);
        return selectors;
    }

    private void AddConstraint(
        string key, int maxSkew, IReadOnlyList<SimulatedNode> nodes, List<LabelSelector> selectors, Span<double> raw)
    {
        Dictionary<string, int> counts = [];
        var isHostname = key == SchedulingCycle.HostnameLabel;
        foreach (var node in nodes)
        {
            if (node.Labels.TryGetValue(key, out var value)) counts.TryAdd(value, 0);
        }

        foreach (var node in cycle.State.Nodes)
        {
            if (node.Labels.TryGetValue(key, out var value) && counts.ContainsKey(value) && cycle.MatchesNodeAffinity(node))
                counts[value] += CountPods(node, selectors);
        }

        var weight = Math.Log((isHostname ? nodes.Count : counts.Count) + 2);
        for (var i = 0; i < raw.Length; i++)
        {
            if (nodes[i].Labels.TryGetValue(key, out var value)) raw[i] += (counts[value] * weight) + (maxSkew - 1);
        }
    }

    private int CountPods(SimulatedNode node, List<LabelSelector> selectors)
    {
        var count = 0;
        foreach (var pod in node.Pods)
        {
            if (pod.Terminating || pod.Namespace != cycle.Pod.Namespace) continue;
            if (selectors.TrueForAll(selector => selector.Matches(pod.Labels))) count++;
        }

        return count;
    }
}
