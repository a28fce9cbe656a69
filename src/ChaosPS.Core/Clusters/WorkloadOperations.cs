using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Manifests;
using ChaosPS.Ports;
using ChaosPS.Resilience;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Clusters;

/// <summary>Changes to workloads: refused beyond the blast radius, written to the recovery log first, waited for until the rollout is complete.</summary>
/// <param name="connection">The cluster.</param>
/// <param name="changes">The run's changes.</param>
/// <param name="gate">What may be hit.</param>
/// <param name="log">Says what is done.</param>
public sealed partial class WorkloadOperations(ChaosConnection connection, ChangeSet changes, BlastGate gate, IChaosLog log)
{
    private const string UsualLabel = "service";

    private static readonly TimeSpan s_pollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Refuses to set the replicas of what has no such number, before anybody is asked about it.</summary>
    /// <exception cref="ChaosException">Id <c>WorkloadKindNotSupported</c>.</exception>
    public static void CheckReplicas(Workload workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        if (workload.Kind == "DaemonSet") throw ChaosErrors.WorkloadKindNotSupported(workload.ToString(), "A number of replicas");
    }

    /// <summary>The label by which a rule keeps the workload's pods apart.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="labelKey">The label that is wanted; null for <c>service</c> where the pods have it, otherwise the one label of the workload's selector.</param>
    /// <exception cref="ChaosException">Id <c>LabelMissing</c>: the pods lack it. Id <c>LabelAmbiguous</c>: the selector has none, or several.</exception>
    public static string AntiAffinityLabel(Workload workload, string? labelKey)
    {
        ArgumentNullException.ThrowIfNull(workload);
        if (labelKey is null && workload.PodLabels.ContainsKey(UsualLabel)) return UsualLabel;
        labelKey ??= workload.Selector.Requirements is [var only] ? only.Key : throw ChaosErrors.LabelAmbiguous(workload);
        return workload.PodLabels.ContainsKey(labelKey) ? labelKey : throw ChaosErrors.LabelMissing(workload.ToString(), labelKey, workload.PodLabels.Keys);
    }

    /// <summary>Asks the server whether it would add the rule.</summary>
    /// <exception cref="ChaosException">What it would refuse.</exception>
    public static Task RehearsePodAntiAffinityAsync(
        ChaosConnection connection, Workload workload, string labelKey, string topologyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(workload);
        return connection.Cluster.AddPodAntiAffinityAsync(workload, IntentOf(workload, labelKey, topologyKey).Term, dryRun: true, cancellationToken);
    }

    /// <summary>Sets the replicas.</summary>
    /// <exception cref="ChaosException">A refusal (<c>WorkloadKindNotSupported</c> or a rule's), or what the API answered.</exception>
    public async Task<Workload> SetReplicasAsync(Workload workload, int replicas, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentOutOfRangeException.ThrowIfNegative(replicas);
        await gate.CheckAsync(workload, cancellationToken);
        CheckReplicas(workload);

        // The undo goes back to what there is now, not to what there was when somebody read it.
        var now = await connection.Cluster.GetWorkloadAsync(workload, cancellationToken)
            ?? throw ChaosErrors.WorkloadNotFound(workload.Name, workload.Namespace, []);
        gate.CheckReplicas(now, replicas, null);
        log.Write(ChaosLogLevel.Verbose, $"{workload}: replicas {now.Replicas} -> {replicas}");
        var scaled = await changes.MakeAsync<Workload>(
            new ReplicaIntent(now.Kind, now.Namespace, now.Name, now.Uid, now.Replicas, replicas, Held: true),
            async () => await connection.Cluster.SetReplicasAsync(workload, replicas, dryRun: false, cancellationToken));
        return scaled!;
    }

    /// <summary>Keeps the workload's pods apart: a required anti-affinity term by the value that its pods have for <paramref name="labelKey"/>.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="labelKey">A label of its pods, such as <c>service</c>.</param>
    /// <param name="topologyKey">The node label whose values are to differ, such as <c>kubernetes.io/hostname</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChaosException">A refusal (<c>LabelMissing</c> or a rule's), or what the API answered.</exception>
    public async Task<Workload> AddPodAntiAffinityAsync(Workload workload, string labelKey, string topologyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workload);
        await gate.CheckAsync(workload, cancellationToken);
        AntiAffinityLabel(workload, labelKey);
        var intent = IntentOf(workload, labelKey, topologyKey);
        log.Write(ChaosLogLevel.Verbose, $"{workload}: {intent.Description}");
        return await changes.MakeAsync(
            intent, () => connection.Cluster.AddPodAntiAffinityAsync(workload, intent.Term, dryRun: false, cancellationToken)) ?? workload;
    }

    /// <summary>The change that sets the replicas.</summary>
    public static ClusterOverlay ReplicaChange(Workload workload, int replicas)
    {
        ArgumentNullException.ThrowIfNull(workload);
        return new ClusterOverlay { Workloads = [new WorkloadOverlay(workload.Kind, workload.Namespace, workload.Name) { Replicas = replicas }] };
    }

    /// <summary>The change that keeps the workload's pods apart; it changes nothing where they are kept apart so already.</summary>
    public static ClusterOverlay AntiAffinityChange(Workload workload, string labelKey, string topologyKey)
    {
        ArgumentNullException.ThrowIfNull(workload);
        var term = IntentOf(workload, labelKey, topologyKey).Term;
        var affinity = workload.PodSpec.Affinity;
        var has = affinity.RequiredAntiPods.Any(other => JsonNode.DeepEquals(PodRules.Write(other), PodRules.Write(term)));
        return new ClusterOverlay
        {
            Workloads =
            [
                new WorkloadOverlay(workload.Kind, workload.Namespace, workload.Name)
                {
                    Affinity = has ? affinity : affinity with { RequiredAntiPods = [.. affinity.RequiredAntiPods, term] },
                },
            ],
        };
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
                if (now.Held is { } held && now.ObservedGeneration >= now.Generation && now.CurrentReplicas == now.Replicas && now.UpdatedReplicas < now.Replicas)
                {
                    log.Write(ChaosLogLevel.Warning, $"{now} has the new template, and its pods the old one: {held}");
                    return now;
                }

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

    private static AntiAffinityIntent IntentOf(Workload workload, string labelKey, string topologyKey) => new(
        workload.Kind, workload.Namespace, workload.Name, workload.Uid, labelKey, workload.PodLabels[labelKey], topologyKey, Held: true);

    private async Task<string> WhyAsync(Workload workload, CancellationToken cancellationToken)
    {
        if (workload.Held is { } held) return held;
        var counts = $"{workload.AvailableReplicas} of {workload.Replicas} replicas are available, {workload.UpdatedReplicas} have the newest template.";
        try
        {
            var pods = await connection.Cluster.GetPodsAsync(workload.Namespace, null, cancellationToken);
            var waiting = pods.FirstOrDefault(pod => pod.UnschedulableReason is not null && workload.Selector.Matches(pod.Labels));
            return waiting is null ? counts : $"pod {waiting.Name} has no node: {waiting.UnschedulableReason}";
        }
        catch (ChaosException exception) when (exception.Kind == ErrorKind.PermissionDenied)
        {
            return $"{counts} What they wait for stands at the pods, which may not be listed."; // who may change a workload need not be allowed to see its pods
        }
    }
}
