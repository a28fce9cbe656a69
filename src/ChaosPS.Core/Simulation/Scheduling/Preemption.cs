namespace ChaosPS.Simulation.Scheduling;

/// <summary>Finds the node on which removing less important pods makes room, at the least harm.</summary>
/// <remarks>Source: kubernetes/pkg/scheduler/framework/preemption and plugins/defaultpreemption.</remarks>
internal static class Preemption
{
    /// <summary>The node and its victims; null when nothing helps.</summary>
    /// <param name="state">The cluster.</param>
    /// <param name="pod">The pod that fits nowhere.</param>
    /// <param name="candidates">Nodes that it might fit on if other pods were gone.</param>
    public static (SimulatedNode Node, List<SimulatedPod> Victims)? Find(ClusterState state, SimulatedPod pod, List<SimulatedNode> candidates)
    {
        (SimulatedNode Node, List<SimulatedPod> Victims)? best = null;
        foreach (var node in candidates)
        {
            if (FindVictims(state, pod, node) is { Count: > 0 } victims && (best is null || IsBetter(state, victims, best.Value.Victims)))
                best = (node, victims);
        }

        return best;
    }

    /// <summary>Takes all less important pods away, then gives back what can stay: those that a budget protects first, then the more important.</summary>
    private static List<SimulatedPod>? FindVictims(ClusterState state, SimulatedPod pod, SimulatedNode node)
    {
        HashSet<SimulatedPod> gone = [];
        foreach (var other in node.Pods)
        {
            if (!other.IsTerminal && other.Spec.Priority < pod.Spec.Priority) gone.Add(other);
        }

        if (gone.Count == 0 || !Fits(state, pod, node, gone)) return null;
        List<SimulatedPod> victims = [];
        foreach (var other in gone.OrderByDescending(it => IsProtected(state, it)).ThenByDescending(it => it.Spec.Priority).ThenBy(it => it.StartTime).ToList())
        {
            gone.Remove(other);
            if (Fits(state, pod, node, gone)) continue;
            gone.Add(other);
            victims.Add(other);
        }

        return victims;
    }

    private static bool Fits(ClusterState state, SimulatedPod pod, SimulatedNode node, HashSet<SimulatedPod> gone)
    {
        foreach (var filter in NodeFilters.Make(new SchedulingCycle(state, pod) { Without = gone }))
        {
            if (filter.Check(node) is not null) return false;
        }

        return true;
    }

    private static bool IsProtected(ClusterState state, SimulatedPod pod)
    {
        foreach (var budget in state.DisruptionBudgets)
        {
            if (budget.DisruptionsAllowed <= 0 && budget.Matches(pod)) return true;
        }

        return false;
    }

    /// <summary>Fewer broken budgets, then less important victims, a smaller sum of priorities, fewer victims, later started ones.</summary>
    private static bool IsBetter(ClusterState state, List<SimulatedPod> victims, List<SimulatedPod> others)
    {
        var (left, right) = (Harm(state, victims), Harm(state, others));
        return left.CompareTo(right) < 0;
    }

    private static (int Broken, int Highest, long Sum, int Count, long Started) Harm(ClusterState state, List<SimulatedPod> victims)
    {
        var (broken, highest, sum, started) = (0, int.MinValue, 0L, long.MaxValue);
        foreach (var victim in victims)
        {
            if (IsProtected(state, victim)) broken++;
            highest = Math.Max(highest, victim.Spec.Priority);
            sum += (long)victim.Spec.Priority - int.MinValue;
        }

        foreach (var victim in victims)
        {
            if (victim.Spec.Priority == highest) started = Math.Min(started, (victim.StartTime ?? victim.CreationTimestamp).UtcTicks);
        }

        return (broken, highest, sum, victims.Count, -started);
    }
}
