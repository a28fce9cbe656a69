namespace ChaosPS.Simulation.Scheduling;

/// <summary>NodeResourcesFit in its default form: much free CPU and memory is good.</summary>
/// <remarks>Here a container that declares no request counts as 100m CPU and 200 MiB.</remarks>
internal sealed class LeastAllocatedScore(SchedulingCycle cycle) : INodeScore
{
    public int Weight => 1;

    public void Score(IReadOnlyList<SimulatedNode> nodes, Span<long> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            var requested = nodes[i].Load.Assumed + cycle.Pod.Load.Assumed;
            var allocatable = nodes[i].Spec.Allocatable;
            scores[i] = (Free(requested.MilliCpu, allocatable.MilliCpu) + Free(requested.MemoryBytes, allocatable.MemoryBytes)) / 2;
        }
    }

    private static long Free(long requested, long allocatable) =>
        allocatable == 0 || requested > allocatable ? 0 : (allocatable - requested) * Scores.Max / allocatable;
}
