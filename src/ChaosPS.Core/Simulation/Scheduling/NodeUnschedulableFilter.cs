using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Scheduling;

/// <summary>Cordoned nodes take only pods that tolerate it.</summary>
internal sealed class NodeUnschedulableFilter(SchedulingCycle cycle) : INodeFilter
{
    private static readonly Taint s_cordoned = new(NodeTaints.Unschedulable, "", TaintEffect.NoSchedule);

    public Rejection? Check(SimulatedNode node) => !node.Unschedulable || cycle.Tolerates(s_cordoned)
        ? null
        : new Rejection("node(s) were unschedulable", unresolvable: true);
}
