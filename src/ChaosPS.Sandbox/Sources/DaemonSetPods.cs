using ChaosPS.Clusters;

namespace ChaosPS.Sandbox.Sources;

/// <summary>What the DaemonSet controller writes into the pods that it makes.</summary>
internal static class DaemonSetPods
{
    /// <summary>A daemon stays on a node that is gone, short of something or cordoned.</summary>
    /// <remarks>Source: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations .</remarks>
    private static readonly Toleration[] s_tolerations =
    [
        new("node.kubernetes.io/not-ready", Exists: true, "", TaintEffect.NoExecute),
        new("node.kubernetes.io/unreachable", Exists: true, "", TaintEffect.NoExecute),
        new("node.kubernetes.io/disk-pressure", Exists: true, "", TaintEffect.NoSchedule),
        new("node.kubernetes.io/memory-pressure", Exists: true, "", TaintEffect.NoSchedule),
        new("node.kubernetes.io/pid-pressure", Exists: true, "", TaintEffect.NoSchedule),
        new("node.kubernetes.io/unschedulable", Exists: true, "", TaintEffect.NoSchedule),
    ];

    /// <summary>The spec of the daemon's pod on one node.</summary>
    public static PodSpec OnNode(PodSpec template, string nodeName) => template with
    {
        Tolerations = [.. template.Tolerations, .. s_tolerations],
        Affinity = template.Affinity with { RequiredNodes = [new NodeAffinityTerm([], [nodeName])] },
    };
}
