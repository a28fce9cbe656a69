namespace ChaosPS.Simulation.Scheduling;

/// <summary>Node selector and required node affinity.</summary>
internal sealed class NodeAffinityFilter(SchedulingCycle cycle) : INodeFilter
{
    public Rejection? Check(SimulatedNode node) => cycle.MatchesNodeAffinity(node)
        ? null
        : new Rejection("node(s) didn't match Pod's node affinity/selector", unresolvable: true);
}
