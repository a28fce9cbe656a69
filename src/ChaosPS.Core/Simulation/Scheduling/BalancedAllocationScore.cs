using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Scheduling;

/// <summary>NodeResourcesBalancedAllocation: CPU and memory used to like shares is good; from 1.36 on, becoming so is.</summary>
/// <remarks>Source: balancedResourceScorer in kubernetes/pkg/scheduler/framework/plugins/noderesources.</remarks>
internal sealed class BalancedAllocationScore(SchedulingCycle cycle) : INodeScore
{
    public int Weight => 1;

    public void Score(IReadOnlyList<SimulatedNode> nodes, Span<long> scores)
    {
        // A pod that requests nothing makes no difference anywhere.
        if (cycle.Pod.Requests == default) return;
        for (var i = 0; i < scores.Length; i++)
        {
            var allocatable = nodes[i].Spec.Allocatable;
            var with = Balance(nodes[i].Requested + cycle.Pod.Requests, allocatable);
            scores[i] = cycle.State.Options.KubernetesMinor < 36
                ? with
                : (Scores.Max / 2) + (((Scores.Max / 2) + with - Balance(nodes[i].Requested, allocatable)) / 2);
        }
    }

    private static long Balance(ResourceQuantities requested, ResourceQuantities allocatable)
    {
        var deviation = Math.Abs(Share(requested.MilliCpu, allocatable.MilliCpu) - Share(requested.MemoryBytes, allocatable.MemoryBytes)) / 2;
        return (long)((1 - deviation) * Scores.Max);
    }

    private static double Share(long requested, long allocatable) =>
        allocatable == 0 ? 0 : Math.Min(1, (double)requested / allocatable);
}
