using ChaosPS.Clusters;

namespace ChaosPS.Errors;

/// <content>Draining nodes and deleting pods.</content>
public static partial class ChaosErrors
{
    /// <summary>A node has pods that a drain must not take away.</summary>
    /// <param name="node">The node.</param>
    /// <param name="reasons">Why, each with all pods that it is about.</param>
    public static ChaosException DrainRefused(string node, IReadOnlyList<string> reasons) => new(
        "DrainRefused", ErrorKind.Refused,
        $"Node {node} is not drained: {string.Join("; ", reasons)}. Nothing was evicted.",
        "Allow what may be lost with the switches that are named, or choose the pods with -PodSelector.", node);

    /// <summary>Pods of a node were still there when the time was up.</summary>
    /// <param name="node">The node.</param>
    /// <param name="waited">How long it was waited.</param>
    /// <param name="left">What each pod that is left waits for.</param>
    public static ChaosException DrainTimeout(string node, TimeSpan waited, IReadOnlyList<string> left) => new(
        "DrainTimeout", ErrorKind.Timeout,
        $"Node {node} is not drained after {Text.Seconds(waited)}: {string.Join("; ", left)}.",
        $"Drain it again with a longer -Timeout once more pods are healthy elsewhere, or give it up: Resume-ClusterNode {node}", node);

    /// <summary>Pods of a node could not be taken away.</summary>
    /// <param name="node">The node.</param>
    /// <param name="failures">What became of each that is left.</param>
    public static ChaosException DrainIncomplete(string node, IReadOnlyList<ChaosException> failures) => new(
        "DrainIncomplete", ErrorKind.OperationFailed,
        $"Node {node} is not drained: {string.Join(" ", failures.Select(static failure => failure.Message).Distinct(StringComparer.Ordinal))}",
        $"{failures[0].RecommendedAction} Then drain it again, or give it up: Resume-ClusterNode {node}", node, failures[0]);

    /// <summary>Nothing says which pods are meant.</summary>
    public static ChaosException PodSelectionMissing() => new(
        "PodSelectionMissing", ErrorKind.InvalidArgument,
        "Nothing says which pods are meant, and that never means all.",
        "Name them with -Name (wildcards are allowed), -LabelSelector or -NodeName, or pipe them in from Get-ClusterPod.", null);

    /// <summary>No pod is as wanted.</summary>
    /// <param name="what">What was looked for.</param>
    public static ChaosException PodsNotFound(string what) => new(
        "PodsNotFound", ErrorKind.NotFound,
        $"No pod that runs, or is about to, {what}. Nothing was changed.",
        "Get-ClusterPod shows what is there; pods that have ended or are being deleted do not count. -AllowEmpty lets that pass.", what);

    /// <summary>The words for how many pods are chosen do not go together.</summary>
    public static ChaosException PodChoiceInvalid(string reason) => new(
        "PodChoiceInvalid", ErrorKind.InvalidArgument, reason,
        "-Mode Fixed goes with -Count; FixedPercent and RandomMaxPercent go with -Percent; One and All with neither.", null);

    /// <summary>Pods that nothing would make again.</summary>
    public static ChaosException PodsUnmanaged(IReadOnlyList<ClusterPod> pods) => new(
        "PodsUnmanaged", ErrorKind.Refused,
        $"{string.Join(", ", pods)} {(pods.Count == 1 ? "declares" : "declare")} no controller: nothing would make {(pods.Count == 1 ? "it" : "them")} again. Nothing was changed.",
        "Leave them out, or say that they may be lost: -IncludeUnmanaged", pods);

    /// <summary>Mirror pods cannot be killed through the API.</summary>
    public static ChaosException PodIsMirror(ClusterPod pod) => new(
        "PodIsMirror", ErrorKind.NotSupported,
        $"{pod} is only the image of a pod that the kubelet of {pod.NodeName} runs by itself: deleting it stops nothing. Nothing was changed.",
        "Leave it out; stopping its node stops it (Stop-ClusterNode).", pod);
}
