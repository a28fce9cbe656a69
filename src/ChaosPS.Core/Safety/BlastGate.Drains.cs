using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <content>Cordons, drains and deletions of pods.</content>
public sealed partial class BlastGate
{
    /// <summary>Refuses a change of a node object that the rules forbid. The node goes on serving, so it does not count as down.</summary>
    /// <exception cref="ChaosException">A refusal, naming the rule and the target.</exception>
    public async Task CheckAsync(ClusterNode node, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        await CheckAllowedAsync(node.Name, cancellationToken);
        CheckProtected(node);
    }

    /// <summary>Refuses drains that the rules forbid: a drained node counts as down.</summary>
    /// <param name="targets">All nodes that will be drained.</param>
    /// <param name="log">Takes the warnings of rules that only warn; null to leave them out.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ChaosException">A refusal, naming the rule, its value and the target.</exception>
    public Task CheckDrainAsync(IReadOnlyList<ClusterNode> targets, IChaosLog? log, CancellationToken cancellationToken) =>
        CheckDrainAsync(targets, null, log, cancellationToken);

    /// <summary>The same, right before a drain of a run.</summary>
    /// <returns>A last look at what other runs are about to take down, for when the intent is written.</returns>
    internal async Task<Func<CancellationToken, Task>> CheckDrainAsync(
        IReadOnlyList<ClusterNode> targets, ChangeSet? changes, IChaosLog? log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(targets);
        string[] names = [.. targets.Select(static node => node.Name)];
        var what = string.Join(", ", names);
        await CheckAllowedAsync(what, cancellationToken);
        var nodes = await _connection.Cluster.GetNodesAsync(cancellationToken);
        ClusterNode[] hit = [.. nodes.Where(node => names.Contains(node.Name, StringComparer.Ordinal))];
        foreach (var node in hit) CheckProtected(node);
        var off = await TryGetOffAsync(nodes, log, cancellationToken);
        var seen = nodes.Where(node => !node.Ready || (node.ResourceId is { } id && off.Contains(id))).Select(static node => node.Name)
            .ToHashSet(StringComparer.Ordinal);
        seen.UnionWith(await GetDrainedAsync(nodes, cancellationToken));
        var down = await LookAsync(cancellationToken);
        await CheckPodsAsync(what, hit, down, log, cancellationToken);
        return LookAsync;

        Task<HashSet<string>> LookAsync(CancellationToken token) => CheckBudgetAsync(what, names, hit, nodes, seen, changes, token);
    }

    /// <summary>Refuses deletions of pods that the rules forbid.</summary>
    /// <param name="targets">All pods that will be deleted.</param>
    /// <param name="log">Takes the warnings of rules that only warn; null to leave them out.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ChaosException">A refusal, naming the rule and the target.</exception>
    public async Task CheckAsync(IReadOnlyList<ClusterPod> targets, IChaosLog? log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var what = string.Join(", ", targets);
        await CheckAllowedAsync(what, cancellationToken);
        var hit = targets.Select(static pod => pod.Uid).ToHashSet(StringComparer.Ordinal);
        List<string> losers = [];
        foreach (var @namespace in targets.Select(static pod => pod.Namespace).Distinct(StringComparer.Ordinal))
        {
            if (await ProtectedByAsync(@namespace, cancellationToken) is { } source) throw ChaosErrors.NamespaceProtected(what, @namespace, source);
            var pods = await _connection.Cluster.GetPodsAsync(@namespace, null, cancellationToken);
            foreach (var workload in await _connection.Cluster.GetWorkloadsAsync(@namespace, cancellationToken))
            {
                ClusterPod[] own = [.. pods.Where(pod => workload.Selector.Matches(pod.Labels))];
                if (!own.Any(pod => hit.Contains(pod.Uid))) continue;
                if (workload.IsProtected) throw ChaosErrors.WorkloadProtected(what, workload.ToString(), BlastPolicyReader.Protected);
                if (workload.Kind == "DaemonSet") continue; // its pods serve their own nodes
                ClusterPod[] ready = [.. own.Where(static pod => pod is { Ready: true, Terminating: false })];
                if (ready.Length > 0 && ready.All(pod => hit.Contains(pod.Uid))) losers.Add(workload.ToString());
            }
        }

        Judge(what, losers, log);
    }

    /// <summary>The nodes that are cordoned and have nothing left but what a drain leaves.</summary>
    private async Task<IReadOnlyList<string>> GetDrainedAsync(IReadOnlyList<ClusterNode> nodes, CancellationToken cancellationToken)
    {
        List<string> drained = [];
        foreach (var node in nodes.Where(static node => node is { Unschedulable: true, Ready: true }))
        {
            var pods = await _connection.Cluster.GetPodsOnNodeAsync(node.Name, cancellationToken);
            if (pods.All(static pod => pod.Terminating || DrainPlan.StaysOnDrainedNode(pod))) drained.Add(node.Name);
        }

        return drained;
    }

    /// <summary>The machines that are off. Who drains need have no access to the machines: then Kubernetes' word is taken.</summary>
    private async Task<HashSet<string>> TryGetOffAsync(IReadOnlyList<ClusterNode> nodes, IChaosLog? log, CancellationToken cancellationToken)
    {
        try
        {
            return await _connection.Power.FindOffAsync(nodes.Select(static node => node.ResourceId), cancellationToken);
        }
        catch (ChaosException exception) when (exception.Kind is ErrorKind.AuthenticationFailed or ErrorKind.PermissionDenied)
        {
            log?.Write(ChaosLogLevel.Warning, $"Machines that are off and not noticed yet are not counted as down: {exception.Summary}");
            return [];
        }
    }
}
