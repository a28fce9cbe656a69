namespace ChaosPS.Simulation.Scheduling;

/// <summary>PodTopologySpread: few pods of its kind in the domain are good.</summary>
/// <remarks>
/// Source: kubernetes/pkg/scheduler/framework/plugins/podtopologyspread/scoring.go. A pod that declares no rule at all has the scheduler's own:
/// hostname with skew 3 and zone with skew 5.
/// </remarks>
internal sealed class TopologySpreadScore(SchedulingCycle cycle) : INodeScore
{
    public int Weight => 2;

    public void Score(IReadOnlyList<SimulatedNode> nodes, Span<long> scores)
    {
        var declares = cycle.Pod.Spec.TopologySpread.Count > 0;
        var rules = declares ? SpreadRule.Preferred(cycle.Pod) : SpreadRule.Defaults(cycle);
        if (rules.Count == 0) return;

        // With declared rules, a node without one of their labels is the worst there is.
        Span<bool> ignored = scores.Length <= 256 ? stackalloc bool[scores.Length] : new bool[scores.Length];
        var counted = 0;
        for (var i = 0; i < ignored.Length; i++)
        {
            ignored[i] = declares && !SpreadRule.HasAllKeys(rules, nodes[i]);
            if (!ignored[i]) counted++;
        }

        Span<double> raw = scores.Length <= 256 ? stackalloc double[scores.Length] : new double[scores.Length];
        raw.Clear();
        foreach (var rule in rules) AddRule(rule, rules, declares, nodes, ignored, counted, raw);
        Normalize(raw, ignored, scores);
    }

    private void AddRule(
        SpreadRule rule, List<SpreadRule> rules, bool declares, IReadOnlyList<SimulatedNode> nodes, ReadOnlySpan<bool> ignored, int counted, Span<double> raw)
    {
        // Each node is a domain of its own by its name; of other domains it matters how many there are.
        var byNode = rule.Key == SchedulingCycle.HostnameLabel;
        Dictionary<string, int> counts = [];
        if (!byNode)
        {
            for (var i = 0; i < nodes.Count; i++)
            {
                if (!ignored[i] && nodes[i].Labels.TryGetValue(rule.Key, out var value)) counts.TryAdd(value, 0);
            }
        }

        foreach (var (name, pods) in rule.CountPods(cycle))
        {
            if (cycle.State.FindNode(name) is not { } node) continue;
            if (!node.Labels.TryGetValue(rule.Key, out var value) || (!byNode && !counts.ContainsKey(value))) continue;
            if ((declares && !SpreadRule.HasAllKeys(rules, node)) || !rule.Includes(node, cycle)) continue;
            counts[value] = counts.GetValueOrDefault(value) + pods;
        }

        var weight = Math.Log((byNode ? counted : counts.Count) + 2);
        for (var i = 0; i < raw.Length; i++)
        {
            if (!ignored[i] && nodes[i].Labels.TryGetValue(rule.Key, out var value)) raw[i] += (counts.GetValueOrDefault(value) * weight) + (rule.MaxSkew - 1);
        }
    }

    private static void Normalize(ReadOnlySpan<double> raw, ReadOnlySpan<bool> ignored, Span<long> scores)
    {
        var (lowest, highest) = (long.MaxValue, 0L);
        for (var i = 0; i < scores.Length; i++)
        {
            if (ignored[i]) continue;
            scores[i] = (long)Math.Round(raw[i], MidpointRounding.AwayFromZero);
            lowest = Math.Min(lowest, scores[i]);
            highest = Math.Max(highest, scores[i]);
        }

        for (var i = 0; i < scores.Length; i++)
        {
            if (ignored[i]) scores[i] = 0;
            else scores[i] = highest == 0 ? Scores.Max : Scores.Max * (highest + lowest - scores[i]) / highest;
        }
    }
}
