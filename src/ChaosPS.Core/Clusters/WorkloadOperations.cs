using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Clusters;

/// <summary>Changes to workloads: written to the recovery log first, waited for until the rollout is complete.</summary>
/// <param name="connection">The cluster.</param>
/// <param name="recovery">The run's log.</param>
/// <param name="log">Says what is done.</param>
public sealed class WorkloadOperations(ChaosConnection connection, RecoveryLog recovery, IChaosLog log)
{
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Refuses a change of a cluster that is not open to changes, before anybody is asked about it.</summary>
    /// <param name="connection">The cluster.</param>
    /// <param name="workload">What would be changed.</param>
    /// <param name="what">The change in words.</param>
    /// <exception cref="ChaosException">Id <c>ChangesNotOpen</c>.</exception>
    public static void CheckOpen(ChaosConnection connection, Workload workload, string what)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Kind != ConnectionKind.Sandbox) throw ChaosErrors.ChangesNotOpen($"{what} of {workload}", connection.Name);
    }

    /// <summary>Refuses to set the replicas of what has no such number, before anybody is asked about it.</summary>
    /// <exception cref="ChaosException">Id <c>WorkloadKindNotSupported</c>.</exception>
    public static void CheckReplicas(Workload workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        if (workload.Kind == "DaemonSet") throw ChaosErrors.WorkloadKindNotSupported(workload.ToString(), "A number of replicas");
    }

    /// <summary>Refuses a rule by a label that the workload's pods do not have, before anybody is asked about it.</summary>
    /// <exception cref="ChaosException">Id <c>LabelMissing</c>.</exception>
    public static void CheckPodAntiAffinity(Workload workload, string labelKey)
    {
        ArgumentNullException.ThrowIfNull(workload);
        if (!workload.PodLabels.ContainsKey(labelKey)) throw ChaosErrors.LabelMissing(workload.ToString(), labelKey, workload.PodLabels.Keys);
    }

    /// <summary>Sets the replicas.</summary>
    /// <exception cref="ChaosException">Ids <c>ChangesNotOpen</c>, <c>WorkloadKindNotSupported</c>, or what the API answered.</exception>
    public async Task<Workload> SetReplicasAsync(Workload workload, int replicas, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentOutOfRangeException.ThrowIfNegative(replicas);
        CheckOpen(connection, workload, "Set replicas");
        CheckReplicas(workload);
        var entry = recovery.Intent(workload, $"replicas {workload.Replicas} -> {replicas}",
            $"Set-WorkloadReplica {workload.Name} -Namespace {workload.Namespace} -Replicas {workload.Replicas}");
        log.Write(ChaosLogLevel.Verbose, $"{workload}: replicas {workload.Replicas} -> {replicas}");
        var changed = await connection.Cluster.SetReplicasAsync(workload, replicas, dryRun: false, cancellationToken);
        recovery.Result(entry, "done");
        return changed;
    }

    /// <summary>Keeps the workload's pods apart: a required anti-affinity term by the value that its pods have for <paramref name="labelKey"/>.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="labelKey">A label of its pods, such as <c>service</c>.</param>
    /// <param name="topologyKey">The node label whose values are to differ, such as <c>kubernetes.io/hostname</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChaosException">Ids <c>ChangesNotOpen</c>, <c>LabelMissing</c>, or what the API answered.</exception>
    public async Task<Workload> AddPodAntiAffinityAsync(Workload workload, string labelKey, string topologyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workload);
        CheckOpen(connection, workload, "Add pod anti-affinity");
        CheckPodAntiAffinity(workload, labelKey);
        var rule = new LabelRequirement(labelKey, SelectorOperator.In, [workload.PodLabels[labelKey]]);
        var term = new PodAffinityTerm(new LabelSelector([rule]), topologyKey, []);
        var entry = recovery.Intent(workload, $"anti-affinity by {labelKey} on {topologyKey}",
            $"kubectl rollout undo {workload.Kind.ToLowerInvariant()}/{workload.Name} -n {workload.Namespace}");
        log.Write(ChaosLogLevel.Verbose, $"{workload}: required anti-affinity by {labelKey} on {topologyKey}");
        var changed = await connection.Cluster.AddPodAntiAffinityAsync(workload, term, dryRun: false, cancellationToken);
        recovery.Result(entry, "done");
        return changed;
    }

    /// <summary>Waits until the newest template is everywhere and available.</summary>
    /// <exception cref="ChaosException">Id <c>RolloutTimeout</c>, with the scheduler's reason when pods wait for a node.</exception>
    public async Task<Workload> WaitForRolloutAsync(Workload workload, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workload);
        var began = connection.Time.GetUtcNow();
        var activity = $"Rolling out {workload.Name}";
        try
        {
            while (true)
            {
                var now = await connection.Cluster.GetWorkloadAsync(workload, cancellationToken)
                    ?? throw ChaosErrors.WorkloadNotFound(workload.Name, workload.Namespace, []);
                if (now.RolledOut) return now;
                var elapsed = connection.Time.GetUtcNow() - began;
                if (elapsed >= timeout) throw ChaosErrors.RolloutTimeout(now, timeout, await WhyAsync(now, cancellationToken));
                log.Progress(activity, $"{now.AvailableReplicas} of {now.Replicas} available, {now.UpdatedReplicas} updated",
                    now.Replicas == 0 ? null : Math.Min(100, now.AvailableReplicas * 100 / now.Replicas), completed: false);
                await connection.Time.DelayAsync(s_pollInterval, cancellationToken);
            }
        }
        finally
        {
            log.Progress(activity, "", 100, completed: true);
        }
    }

    private async Task<string> WhyAsync(Workload workload, CancellationToken cancellationToken)
    {
        var pods = await connection.Cluster.GetPodsAsync(workload.Namespace, null, cancellationToken);
        var waiting = pods.FirstOrDefault(pod => pod.UnschedulableReason is not null && workload.Selector.Matches(pod.Labels));
        return waiting is null
            ? $"{workload.AvailableReplicas} of {workload.Replicas} replicas are available, {workload.UpdatedReplicas} have the newest template."
            : $"pod {waiting.Name} has no node: {waiting.UnschedulableReason}";
    }
}
