using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Scheduling;

/// <summary>Taints NoSchedule and NoExecute keep pods away that do not tolerate them, for however short a time.</summary>
internal sealed class TaintTolerationFilter(SchedulingCycle cycle) : INodeFilter
{
    public Rejection? Check(SimulatedNode node)
    {
        foreach (var taint in node.Taints)
        {
            if (taint.Effect == TaintEffect.PreferNoSchedule || cycle.Tolerates(taint)) continue;
            return new Rejection(
                cycle.State.Options.KubernetesMinor >= 36 ? "node(s) had untolerated taint(s)" : $"node(s) had untolerated taint {{{taint.Key}: {taint.Value}}}",
                unresolvable: true);
        }

        return null;
    }
}
