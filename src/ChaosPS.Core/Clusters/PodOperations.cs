using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Clusters;

/// <summary>Deletions of pods: refused where a rule forbids them, written to the recovery log first. They cannot be undone.</summary>
/// <param name="connection">The cluster.</param>
/// <param name="changes">The run's changes.</param>
/// <param name="gate">What may be hit.</param>
/// <param name="log">Says what is done.</param>
public sealed class PodOperations(ChaosConnection connection, ChangeSet changes, BlastGate gate, IChaosLog log)
{
    /// <summary>Whether there is anything to kill: pods that have ended, or are on their way out, serve nobody.</summary>
    public static bool IsAlive(ClusterPod pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        return !pod.Terminating && pod.Phase is not ("Succeeded" or "Failed");
    }

    /// <summary>Refuses pods that nothing would make again, and those that only their kubelet can end.</summary>
    /// <exception cref="ChaosException">Ids <c>PodsUnmanaged</c>, with all of them, and <c>PodIsMirror</c>.</exception>
    public static void Check(IReadOnlyList<ClusterPod> pods, bool includeUnmanaged)
    {
        ArgumentNullException.ThrowIfNull(pods);
        if (pods.FirstOrDefault(static pod => pod.IsMirror) is { } mirror) throw ChaosErrors.PodIsMirror(mirror);
        ClusterPod[] unmanaged = [.. pods.Where(static pod => pod.OwnerKind is null)];
        if (unmanaged.Length > 0 && !includeUnmanaged) throw ChaosErrors.PodsUnmanaged(unmanaged);
    }

    /// <summary>Deletes a pod, without asking disruption budgets. It returns when the deletion has begun.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="choice">How it was chosen.</param>
    /// <param name="gracePeriodSeconds">Seconds between the termination signal and the kill; null for the pod's own.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChaosException">A refusal, or what the API answered.</exception>
    public async Task<RemovedPod> DeleteAsync(ClusterPod pod, PodChoice choice, int? gracePeriodSeconds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pod);
        await gate.CheckAsync([pod], null, cancellationToken);
        log.Write(ChaosLogLevel.Verbose, $"Delete {pod}");
        var change = changes.Intend(PodIntent.Of(pod, PodRemoval.Delete));
        await changes.SendAsync(change, async () =>
        {
            await connection.Cluster.DeletePodAsync(pod, gracePeriodSeconds, dryRun: false, cancellationToken);
            return true;
        });
        changes.Note(change, ChangeState.Done);
        return new RemovedPod
        {
            Name = pod.Name,
            Namespace = pod.Namespace,
            Cluster = pod.Cluster,
            NodeName = pod.NodeName,
            Controller = pod.OwnerKind is null ? null : $"{pod.OwnerKind}/{pod.OwnerName}",
            Choice = choice,
            At = change.At,
            RunId = changes.RunId,
        };
    }
}
