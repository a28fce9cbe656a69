using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Scheduling;

/// <summary>Cordoned nodes take only pods that tolerate it.</summary>
internal sealed class NodeUnschedulableFilter(SchedulingCycle cycle) : INodeFilter
{
    private static readonly Taint s_cordoned = new(NodeTaints.Unschedulable, "", TaintEffect.NoSchedule);

    public Rejection? Check(SimulatedNode node)
    {
        if (!node.Unschedulable) return null;
        foreach (var toleration in cycle.Pod.Tolerations)
        {
            if (toleration.Tolerates(s_cordoned)) return null;
        }

        return new Rejection("node(s) were unschedulable", unresolvable: true);
    }
}
