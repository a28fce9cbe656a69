namespace ChaosPS.Simulation.Scheduling;

/// <summary>A volume that exists in one zone binds its pod to that zone.</summary>
internal sealed class VolumeZoneFilter(SchedulingCycle cycle) : INodeFilter
{
    public Rejection? Check(SimulatedNode node)
    {
        var zones = cycle.Pod.Spec.VolumeZones;
        if (zones.Count == 0) return null;
        return node.Labels.TryGetValue(SchedulingCycle.ZoneLabel, out var zone) && zones.Contains(zone)
            ? null
            : new Rejection("node(s) had volume node affinity conflict", unresolvable: true);
    }
}
