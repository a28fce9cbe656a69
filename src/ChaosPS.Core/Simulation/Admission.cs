using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>What the API server adds to pods as they are made.</summary>
internal static class Admission
{
    /// <summary>The pod's tolerations with those of not-ready and unreachable: for a time, or for ever for a DaemonSet's pods.</summary>
    public static IReadOnlyList<Toleration> Tolerations(PodSpec spec, string? ownerKind, SimulationOptions options)
    {
        List<Toleration> tolerations = [.. spec.Tolerations];
        if (ownerKind == "DaemonSet")
        {
            Add(NodeTaints.NotReady, TaintEffect.NoExecute, null);
            Add(NodeTaints.Unreachable, TaintEffect.NoExecute, null);
            Add(NodeTaints.DiskPressure, TaintEffect.NoSchedule, null);
            Add(NodeTaints.MemoryPressure, TaintEffect.NoSchedule, null);
            Add(NodeTaints.PidPressure, TaintEffect.NoSchedule, null);
            Add(NodeTaints.Unschedulable, TaintEffect.NoSchedule, null);
        }
        else
        {
            Add(NodeTaints.NotReady, TaintEffect.NoExecute, options.DefaultTolerationSeconds);
            Add(NodeTaints.Unreachable, TaintEffect.NoExecute, options.DefaultTolerationSeconds);
        }

        return tolerations;

        void Add(string key, TaintEffect effect, long? seconds)
        {
            var taint = new Taint(key, "", effect);
            if (!tolerations.Exists(toleration => toleration.Tolerates(taint)))
                tolerations.Add(new Toleration(key, Exists: true, "", effect, seconds));
        }
    }
}
