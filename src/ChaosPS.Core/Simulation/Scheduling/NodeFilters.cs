namespace ChaosPS.Simulation.Scheduling;

/// <summary>The scheduler's rules, in the order in which it tries them.</summary>
internal static class NodeFilters
{
    public static INodeFilter[] Make(SchedulingCycle cycle) =>
    [
        new NodeUnschedulableFilter(cycle), new TaintTolerationFilter(cycle), new NodeAffinityFilter(cycle), new NodePortsFilter(cycle),
        new ResourcesFilter(cycle), new VolumeFilter(cycle), new TopologySpreadFilter(cycle), new InterPodAffinityFilter(cycle),
    ];
}
