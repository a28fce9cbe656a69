namespace ChaosPS.Simulation.Scheduling;

/// <summary>PodTopologySpread: no domain may get further ahead of the emptiest one than the rule allows.</summary>
/// <remarks>
/// Source: kubernetes/pkg/scheduler/framework/plugins/podtopologyspread/filtering.go. Dead nodes are domains like others unless the rule honours
/// taints, and their terminating pods do not count: after the loss of a zone a rule of skew 1 can stop every replacement.
/// </remarks>
internal sealed class TopologySpreadFilter : INodeFilter
{
    private const string Reason = "node(s) didn't match pod topology spread constraints";

    private readonly SimulatedPod _pod;
    private readonly List<(SpreadRule Rule, Dictionary<string, int> Counts, int Fewest)> _rules = [];

    public TopologySpreadFilter(SchedulingCycle cycle)
    {
        _pod = cycle.Pod;
        var rules = SpreadRule.Required(_pod);
        foreach (var rule in rules)
        {
            var pods = rule.CountPods(cycle);
            Dictionary<string, int> counts = [];
            foreach (var node in cycle.State.Nodes)
            {
                if (!SpreadRule.HasAllKeys(rules, node) || !rule.Includes(node, cycle)) continue;
                var value = node.Labels[rule.Key];
                counts[value] = counts.GetValueOrDefault(value) + pods.GetValueOrDefault(node.Name);
            }

            var fewest = counts.Count < rule.MinDomains ? 0 : int.MaxValue;
            foreach (var count in counts.Values) fewest = Math.Min(fewest, count);
            _rules.Add((rule, counts, fewest));
        }
    }

    public Rejection? Check(SimulatedNode node)
    {
        foreach (var (rule, counts, fewest) in _rules)
        {
            if (!node.Labels.TryGetValue(rule.Key, out var value)) return new Rejection($"{Reason} (missing required label)", unresolvable: true);
            var skew = (long)counts.GetValueOrDefault(value) + (rule.Matches(_pod) ? 1 : 0) - fewest;
            if (skew > rule.MaxSkew) return new Rejection(Reason, unresolvable: false);
        }

        return null;
    }
}
