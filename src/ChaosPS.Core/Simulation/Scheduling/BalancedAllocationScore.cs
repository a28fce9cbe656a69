namespace ChaosPS.Simulation.Scheduling;

/// <summary>NodeResourcesBalancedAllocation: CPU and memory used to like shares is good.</summary>
internal sealed class BalancedAllocationScore(SchedulingCycle cycle) : INodeScore
{
    public int Weight => 1;

    public void Score(IReadOnlyList<SimulatedNode> nodes, Span<long> scores)
    {
        // A pod that requests nothing makes no difference anywhere.
        if (cycle.Pod.Requests == default) return;
        for (var i = 0; i < scores.Length; i++)
        {
            var requested = nodes[i].Requested + cycle.Pod.Requests;
            var allocatable = nodes[i].Spec.Allocatable;
            var deviation = Math.Abs(Share(requested.MilliCpu, allocatable.MilliCpu) - Share(requested.MemoryBytes, allocatable.MemoryBytes)) / 2;
            scores[i] = (long)((1 - deviation) * Scores.Max);
        }
    }

    private static double Share(long requested, long allocatable) =>
        allocatable == 0 ? 0 : Math.Min(1, (double)requested / allocatable);
}
