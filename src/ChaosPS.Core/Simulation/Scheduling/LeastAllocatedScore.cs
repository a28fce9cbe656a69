using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Scheduling;

/// <summary>NodeResourcesFit in its default form: much free CPU and memory is good.</summary>
/// <remarks>Here a container that declares no request counts as 100m CPU and 200 MiB.</remarks>
internal sealed class LeastAllocatedScore(SchedulingCycle cycle) : INodeScore
{
    private const long DefaultMilliCpu = 100;
    private const long DefaultMemory = 200L * 1024 * 1024;

    public int Weight => 1;

    public void Score(IReadOnlyList<SimulatedNode> nodes, Span<long> scores)
    {
        var own = Assumed(cycle.Pod.Spec);
        for (var i = 0; i < scores.Length; i++)
        {
            var requested = own;
            foreach (var pod in nodes[i].Pods) requested += Assumed(pod.Spec);
            var allocatable = nodes[i].Spec.Allocatable;
            scores[i] = (Free(requested.MilliCpu, allocatable.MilliCpu) + Free(requested.MemoryBytes, allocatable.MemoryBytes)) / 2;
        }
    }

    private static ResourceQuantities Assumed(PodSpec spec)
    {
        var sum = default(ResourceQuantities);
        foreach (var container in spec.Containers)
        {
            sum += new ResourceQuantities(
                container.Requests.MilliCpu == 0 ? DefaultMilliCpu : container.Requests.MilliCpu,
                container.Requests.MemoryBytes == 0 ? DefaultMemory : container.Requests.MemoryBytes);
        }

        return sum;
    }

    private static long Free(long requested, long allocatable) =>
        allocatable == 0 || requested > allocatable ? 0 : (allocatable - requested) * Scores.Max / allocatable;
}
