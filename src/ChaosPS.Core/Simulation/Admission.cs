using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>What the API server adds to pods as they are made.</summary>
internal static class Admission
{
    private static readonly (string Key, TaintEffect Effect)[] s_ofDaemons =
    [
        (NodeTaints.NotReady, TaintEffect.NoExecute), (NodeTaints.Unreachable, TaintEffect.NoExecute), (NodeTaints.DiskPressure, TaintEffect.NoSchedule),
        (NodeTaints.MemoryPressure, TaintEffect.NoSchedule), (NodeTaints.PidPressure, TaintEffect.NoSchedule), (NodeTaints.Unschedulable, TaintEffect.NoSchedule),
    ];

    private static readonly (string Key, TaintEffect Effect)[] s_ofOthers = [(NodeTaints.NotReady, TaintEffect.NoExecute), (NodeTaints.Unreachable, TaintEffect.NoExecute)];

    /// <summary>What pods without tolerations of their own get by default: nearly all.</summary>
    private static readonly IReadOnlyList<Toleration> s_usual = Add([], s_ofOthers, SimulationOptions.UsualTolerationSeconds);

    /// <summary>The pod's tolerations with those of not-ready and unreachable: for a time, or for ever for a DaemonSet's pods.</summary>
    public static IReadOnlyList<Toleration> Tolerations(PodSpec spec, string? ownerKind, SimulationOptions options)
    {
        if (ownerKind == "DaemonSet") return Add(spec.Tolerations, s_ofDaemons, null);
        return spec.Tolerations.Count == 0 && options.DefaultTolerationSeconds == SimulationOptions.UsualTolerationSeconds
            ? s_usual
            : Add(spec.Tolerations, s_ofOthers, options.DefaultTolerationSeconds);
    }

    private static List<Toleration> Add(IReadOnlyList<Toleration> own, (string Key, TaintEffect Effect)[] more, long? seconds)
    {
        List<Toleration> tolerations = [.. own];
        foreach (var (key, effect) in more)
        {
            var taint = new Taint(key, "", effect);
            if (!tolerations.Exists(toleration => toleration.Tolerates(taint))) tolerations.Add(new Toleration(key, Exists: true, "", effect, seconds));
        }

        return tolerations;
    }
}
