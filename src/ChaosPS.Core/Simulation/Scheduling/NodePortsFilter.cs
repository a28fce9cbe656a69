namespace ChaosPS.Simulation.Scheduling;

/// <summary>NodePorts: two pods cannot have one port of a node.</summary>
internal sealed class NodePortsFilter(SchedulingCycle cycle) : INodeFilter
{
    public Rejection? Check(SimulatedNode node)
    {
        var wanted = cycle.Pod.Spec.HostPorts;
        if (wanted.Count == 0) return null;
        foreach (var pod in node.Pods)
        {
            if (!cycle.Counts(pod)) continue;
            foreach (var port in pod.Spec.HostPorts)
            {
                if (wanted.Contains(port)) return new Rejection("node(s) didn't have free ports for the requested pod ports", unresolvable: false);
            }
        }

        return null;
    }
}
