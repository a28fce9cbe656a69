using ChaosPS.Errors;

namespace ChaosPS.Clusters;

/// <summary>Which pods of a node a drain takes away. Nothing has been touched by then.</summary>
/// <remarks>The filters, their order and their words are those of kubectl (staging/src/k8s.io/kubectl/pkg/drain/filters.go), its switches apart.</remarks>
/// <param name="Pods">The pods to take away, in the order of namespace and name.</param>
/// <param name="Remarks">What is left and what is lost, as kubectl warns of it.</param>
public sealed record DrainPlan(IReadOnlyList<ClusterPod> Pods, IReadOnlyList<string> Remarks)
{
    private const string IgnoringDaemonSets = "ignoring DaemonSet-managed Pods";

    /// <summary>Judges the pods.</summary>
    /// <param name="node">The node that they are on.</param>
    /// <param name="pods">All pods of the node.</param>
    /// <param name="daemonSets">The DaemonSets that there are, as <c>namespace/name</c>.</param>
    /// <param name="options">What may be taken away.</param>
    /// <param name="now">The present time.</param>
    /// <exception cref="ChaosException">Some must not be taken away: id <c>DrainRefused</c>, with all of them.</exception>
    public static DrainPlan Of(
        ClusterNode node, IEnumerable<ClusterPod> pods, IReadOnlySet<string> daemonSets, DrainOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(options);
        var judged = pods.Where(pod => options.PodSelector.Matches(pod.Labels))
            .Select(pod => (Pod: pod, Verdict: Judge(pod, daemonSets, options, now))).ToArray();
        string[] refusals = [.. ByReason(Outcome.Refuse)];
        if (refusals.Length > 0) throw ChaosErrors.DrainRefused(node.Name, refusals);
        return new DrainPlan(
            [.. judged.Where(static entry => entry.Verdict.Outcome == Outcome.Remove).Select(static entry => entry.Pod)],
            [.. ByReason(Outcome.Remove), .. ByReason(Outcome.Leave)]);

        IEnumerable<string> ByReason(Outcome outcome) => judged
            .Where(entry => entry.Verdict.Outcome == outcome && entry.Verdict.Reason is not null)
            .GroupBy(static entry => entry.Verdict.Reason, static entry => entry.Pod)
            .Select(static group => $"{group.Key}: {string.Join(", ", group)}");
    }

    /// <summary>Whether a pod is one that a drain leaves on the node: of a DaemonSet, or run by the kubelet itself.</summary>
    internal static bool StaysOnDrainedNode(ClusterPod pod) => pod.IsMirror || (pod.OwnerKind == "DaemonSet" && !IsFinished(pod));

    private static Verdict Judge(ClusterPod pod, IReadOnlySet<string> daemonSets, DrainOptions options, DateTimeOffset now)
    {
        if (IsOverdue(pod, options, now)) return new(Outcome.Leave);
        string? remark = null;
        if (pod.OwnerKind == "DaemonSet" && !IsFinished(pod))
        {
            if (daemonSets.Contains($"{pod.Namespace}/{pod.OwnerName}"))
            {
                return options.IgnoreDaemonSet
                    ? new(Outcome.Leave, IgnoringDaemonSets)
                    : new(Outcome.Refuse, "cannot delete DaemonSet-managed Pods (use -IgnoreDaemonSet to ignore)");
            }

            if (!options.IncludeUnmanaged) return new(Outcome.Refuse, "cannot delete Pods whose DaemonSet is gone (use -IncludeUnmanaged to override)");
            remark = "deleting Pods whose DaemonSet is gone";
        }

        if (pod.IsMirror) return new(Outcome.Leave);
        if (pod.HasLocalData && !IsFinished(pod))
        {
            if (options.LeaveLocalData) return new(Outcome.Leave, "leaving Pods with local storage");
            if (!options.DeleteEmptyDirData)
                return new(Outcome.Refuse, "cannot delete Pods with local storage (use -DeleteEmptyDirData to override)");
            remark ??= "deleting Pods with local storage";
        }

        if (pod.OwnerKind is null && !IsFinished(pod))
        {
            if (!options.IncludeUnmanaged)
                return new(Outcome.Refuse, "cannot delete Pods that declare no controller (use -IncludeUnmanaged to override)");
            remark = "deleting Pods that declare no controller";
        }

        return new(Outcome.Remove, remark);
    }

    /// <summary>Whether it should have been gone for so long that it is not waited for: the kubelet of a dead node ends no pod.</summary>
    internal static bool IsOverdue(ClusterPod pod, DrainOptions options, DateTimeOffset now) =>
        options.SkipWaitForDeleteTimeout is { } limit && pod.DeletionTimestamp is { } deletion && now - deletion > limit;

    private static bool IsFinished(ClusterPod pod) => pod.Phase is "Succeeded" or "Failed";

    private enum Outcome
    {
        Remove,
        Leave,
        Refuse,
    }

    private readonly record struct Verdict(Outcome Outcome, string? Reason = null);
}
