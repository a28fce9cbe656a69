namespace ChaosPS.Simulation.Scheduling;

/// <summary>CPU, memory and number of pods. Terminating pods hold theirs until they are gone.</summary>
internal sealed class ResourcesFilter(SchedulingCycle cycle) : INodeFilter
{
    public Rejection? Check(SimulatedNode node)
    {
        List<string>? reasons = null;
        var unresolvable = false;
        var (requested, pods) = cycle.State.Nominations.Reserve(node, cycle.Pod);
        requested += node.Requested;
        pods += node.Load.Pods;
        if (cycle.Without is not null)
        {
            foreach (var gone in cycle.Without)
            {
                if (gone.NodeName != node.Name) continue;
                requested -= gone.Requests;
                pods--;
            }
        }

        if (pods + 1 > node.Spec.MaxPods) (reasons ??= []).Add("Too many pods");
        var asked = cycle.Pod.Requests;
        var free = node.Spec.Allocatable - requested;
        if (asked.MilliCpu > 0 && asked.MilliCpu > free.MilliCpu)
        {
            (reasons ??= []).Add("Insufficient cpu");
            unresolvable |= asked.MilliCpu > node.Spec.Allocatable.MilliCpu;
        }

        if (asked.MemoryBytes > 0 && asked.MemoryBytes > free.MemoryBytes)
        {
            (reasons ??= []).Add("Insufficient memory");
            unresolvable |= asked.MemoryBytes > node.Spec.Allocatable.MemoryBytes;
        }

        return reasons is null ? null : new Rejection(reasons, unresolvable);
    }
}
