using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>Refuses what exceeds the blast radius. It reads and changes nothing.</summary>
/// <remarks>It is asked before the first action about all targets together, and again before each: the cluster may have changed meanwhile.</remarks>
public sealed partial class BlastGate
{
    private readonly ChaosConnection _connection;
    private readonly BlastRadius _radius;
    private readonly NodesTakenDown _takenDown;

    private BlastGate(ChaosConnection connection, BlastRadius radius, NodesTakenDown takenDown)
    {
        _connection = connection;
        _radius = radius;
        _takenDown = takenDown;
    }

    /// <summary>The gate of a cluster: what is said here, and what the cluster says itself.</summary>
    /// <param name="connection">The cluster.</param>
    /// <param name="policies">What parameters and policy files say.</param>
    /// <param name="runs">The runs whose nodes count against the budget too.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ChaosException">The cluster's policy cannot be followed: id <c>PolicyInvalid</c>.</exception>
    public static async Task<BlastGate> OpenAsync(
        ChaosConnection connection, IReadOnlyList<BlastPolicy> policies, RunStore runs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(runs);
        var own = await connection.Cluster.GetPolicyAsync(cancellationToken);
        return new BlastGate(connection, new BlastRadius(own is null ? policies : [.. policies, own]), new NodesTakenDown(connection, runs));
    }

    /// <summary>A gate for starts, which are repairs: whatever is wrong with a policy, it must not keep a machine off.</summary>
    /// <param name="connection">The cluster.</param>
    public static BlastGate ForRepairs(ChaosConnection connection) => new(connection, new BlastRadius(), new NodesTakenDown(connection, new RunStore()));

    /// <summary>The same rules, where somebody else asks Azure which machines are off.</summary>
    internal BlastGate Through(ChaosConnection other) => ReferenceEquals(other, _connection) ? this : new(other, _radius, _takenDown);

    /// <summary>What has been said.</summary>
    public BlastRadius Radius => _radius;

    /// <summary>Refuses what the rules forbid.</summary>
    /// <param name="targets">All instances that will be changed.</param>
    /// <param name="action">What will be done to them.</param>
    /// <param name="log">Takes the warnings of rules that only warn; null to leave them out.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ChaosException">A refusal, naming the rule, its value and the target.</exception>
    public async Task CheckAsync(IReadOnlyList<ScaleSetInstance> targets, PowerAction action, IChaosLog? log, CancellationToken cancellationToken)
    {
        if (action == PowerAction.Start) return; // a start is a repair: no rule is in its way
        await CheckTakenAsync(targets, log, cancellationToken);
    }

    /// <summary>Refuses what the rules forbid of taking nodes down, or of faults inside their machines: a node with one counts as down.</summary>
    /// <inheritdoc cref="CheckAsync(IReadOnlyList{ScaleSetInstance}, PowerAction, IChaosLog?, CancellationToken)"/>
    public async Task CheckTakenAsync(IReadOnlyList<ScaleSetInstance> targets, IChaosLog? log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var nodes = await _connection.Cluster.GetNodesAsync(cancellationToken);
        await CheckAsync(targets, nodes, null, log, cancellationToken);
    }

    /// <summary>Refuses a change of a workload that the rules forbid.</summary>
    /// <exception cref="ChaosException">A refusal, naming the rule and the target.</exception>
    public async Task CheckAsync(Workload workload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workload);
        await CheckAllowedAsync(workload.ToString(), cancellationToken);
        if (await ProtectedByAsync(workload.Namespace, cancellationToken) is { } source)
            throw ChaosErrors.NamespaceProtected(workload.ToString(), workload.Namespace, source);
        if (workload.IsProtected) throw ChaosErrors.WorkloadProtected(workload.ToString(), workload.ToString(), BlastPolicyReader.Protected);
    }

    /// <summary>Refuses to leave a workload without pods where the rules keep the last ready one; warns of it otherwise.</summary>
    /// <param name="workload">The workload as it is.</param>
    /// <param name="replicas">The replicas that it is to have.</param>
    /// <param name="log">Takes the warning of a rule that only warns; null to leave it out.</param>
    /// <exception cref="ChaosException">A refusal, naming the rule and the target.</exception>
    public void CheckReplicas(Workload workload, int replicas, IChaosLog? log)
    {
        ArgumentNullException.ThrowIfNull(workload);
        if (replicas == 0 && workload.ReadyReplicas > 0) Judge($"Leaving {workload} without pods", [workload.ToString()], log, "takes");
    }

    /// <summary>The same of a workload that is deleted or scaled to nothing, where it is one and there.</summary>
    internal async Task CheckEndAsync(ObjectReference target, IChaosLog? log, CancellationToken cancellationToken)
    {
        if (target.Namespace is { } space && await _connection.Cluster.FindWorkloadAsync(space, target.Resource.Kind, target.Name, cancellationToken) is { } workload)
            CheckReplicas(workload, 0, log);
    }

    /// <summary>Refuses a change of an object that the rules forbid.</summary>
    /// <param name="target">The object.</param>
    /// <param name="isRepair">Whether it puts back what was changed: no rule is in the way of that.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ChaosException">A refusal, naming the rule and the target.</exception>
    public async Task CheckAsync(ObjectReference target, bool isRepair, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (isRepair) return;
        await CheckAllowedAsync(target.ToString(), cancellationToken);
        var space = target.Namespace ?? (target.Resource.Kind == "Namespace" ? target.Name : null);
        if (space is null) return;
        if (await ProtectedByAsync(space, cancellationToken) is { } source) throw ChaosErrors.NamespaceProtected(target.ToString(), space, source);
        if (target.Resource.Group == "apps"
            && await _connection.Cluster.FindWorkloadAsync(space, target.Resource.Kind, target.Name, cancellationToken) is { IsProtected: true } workload)
        {
            throw ChaosErrors.WorkloadProtected(target.ToString(), workload.ToString(), BlastPolicyReader.Protected);
        }
    }

    /// <summary>Why all runs are to stop now; null when they may go on.</summary>
    public async Task<string?> StoppedByAsync(CancellationToken cancellationToken)
    {
        if (StopLever.PulledLocally(_radius) is { } local) return local;
        foreach (var policy in _radius.Policies)
        {
            if (policy.StopConfigMap?.Split('/') is not [var @namespace, var name]) continue;
            var data = await _connection.Cluster.GetConfigMapAsync(@namespace, name, cancellationToken);
            if (StopLever.IsPulled(data?.GetValueOrDefault("stop"))) return $"the ConfigMap {@namespace}/{name}";
        }

        return null;
    }

    /// <summary>The same again right before the action, where the nodes have just been read. Rules that only warn have warned by then.</summary>
    /// <returns>
    /// A last look at what other runs are about to take down, for when the intent is written: of two that begin at once, each then sees the other's.
    /// </returns>
    internal Task<Func<CancellationToken, Task>> CheckAgainAsync(
        IReadOnlyList<ScaleSetInstance> targets, PowerAction action, IReadOnlyList<ClusterNode> nodes, ChangeSet changes,
        CancellationToken cancellationToken) => action == PowerAction.Start
        ? Task.FromResult<Func<CancellationToken, Task>>(static _ => Task.CompletedTask)
        : CheckAgainAsync(targets, nodes, changes, cancellationToken);

    /// <inheritdoc cref="CheckAgainAsync(IReadOnlyList{ScaleSetInstance}, PowerAction, IReadOnlyList{ClusterNode}, ChangeSet, CancellationToken)"/>
    internal Task<Func<CancellationToken, Task>> CheckAgainAsync(
        IReadOnlyList<ScaleSetInstance> targets, IReadOnlyList<ClusterNode> nodes, ChangeSet changes, CancellationToken cancellationToken) =>
        CheckAsync(targets, nodes, changes, null, cancellationToken);

    private async Task<Func<CancellationToken, Task>> CheckAsync(
        IReadOnlyList<ScaleSetInstance> targets, IReadOnlyList<ClusterNode> nodes, ChangeSet? changes, IChaosLog? log, CancellationToken cancellationToken)
    {
        ClusterNode?[] hit = [.. targets.Select(target => nodes.FirstOrDefault(node => Same(node.ResourceId, target.ResourceId)))];
        string[] names = [.. targets.Zip(hit, static (target, node) => node?.Name ?? target.Name)];
        var what = string.Join(", ", names);
        await CheckAllowedAsync(what, cancellationToken);
        foreach (var node in hit.OfType<ClusterNode>()) CheckProtected(node);

        // Down is what is not Ready, and what is off but not noticed yet: a node stays Ready for most of a minute after its machine stopped.
        var off = await _connection.Power.FindOffAsync(
            nodes.Select(static node => node.ResourceId).Concat(targets.Select(static target => target.ResourceId)), cancellationToken);
        var seen = nodes.Where(node => !node.Ready || (node.ResourceId is { } id && off.Contains(id))).Select(static node => node.Name)
            .ToHashSet(StringComparer.Ordinal);
        seen.UnionWith(await GetDrainedAsync(nodes, cancellationToken));
        var down = await CheckBudgetAsync(cancellationToken);
        await CheckPodsAsync(what, [.. hit.OfType<ClusterNode>()], down, log, cancellationToken);
        return CheckBudgetAsync;

        Task<HashSet<string>> CheckBudgetAsync(CancellationToken cancellationToken) =>
            this.CheckBudgetAsync(what, names, [.. hit.OfType<ClusterNode>()], nodes, seen, changes, cancellationToken);
    }

    /// <summary>The rules about how much is down at once: by what is seen, and by what runs have written that they take down.</summary>
    /// <returns>The nodes that would be down.</returns>
    private async Task<HashSet<string>> CheckBudgetAsync(
        string what, IReadOnlyList<string> names, IReadOnlyList<ClusterNode> hit, IReadOnlyList<ClusterNode> nodes, IReadOnlySet<string> seen,
        ChangeSet? changes, CancellationToken cancellationToken)
    {
        var down = await _takenDown.FindAsync(nodes, changes, cancellationToken);
        down.ExceptWith(names);
        down.UnionWith(seen);
        var before = down.Count;
        down.UnionWith(names);
        if (down.Count > before) CheckShares(what, nodes, hit, down);
        if (nodes.Any(static node => node.IsSystem) && !nodes.Any(node => node is { IsSystem: true, Ready: true } && !down.Contains(node.Name)))
            throw ChaosErrors.LastSystemNode(what, hit.Any(static node => node.IsSystem));
        return down;
    }

    /// <summary>The rules about changes as such.</summary>
    private async Task CheckAllowedAsync(string what, CancellationToken cancellationToken)
    {
        if (await StoppedByAsync(cancellationToken) is { } lever) throw ChaosErrors.StopLeverPulled(what, lever);
        var now = _connection.Time.GetUtcNow();
        foreach (var policy in _radius.Policies)
        {
            if (policy.MaintenanceWindows.Count > 0 && !policy.MaintenanceWindows.Any(window => window.Contains(now)))
                throw ChaosErrors.OutsideMaintenanceWindow(what, now, policy.MaintenanceWindows, policy.Source);
        }
    }

    private void CheckProtected(ClusterNode node)
    {
        if (node.IsProtected) throw ChaosErrors.NodeProtected(node.Name, BlastPolicyReader.Protected);
        foreach (var policy in _radius.Policies)
        {
            if (policy.ProtectedNodes.FirstOrDefault(selector => selector.Matches(node.Labels)) is { } selector)
                throw ChaosErrors.NodeProtected(node.Name, $"{selector} in {policy.Source}");
        }
    }

    private void CheckShares(string what, IReadOnlyList<ClusterNode> nodes, IReadOnlyList<ClusterNode> hit, HashSet<string> down)
    {
        if (down.Count > _radius.MaxNodesDown.Value) throw ChaosErrors.TooManyNodesDown(what, down, _radius.MaxNodesDown);
        if (_radius.MaxPoolPercent is { } pool) CheckShare("MaxPoolPercent", "pool", static node => node.NodePoolName, pool);
        if (_radius.MaxZonePercent is { } zone) CheckShare("MaxZonePercent", "zone", static node => node.Zone, zone);

        void CheckShare(string rule, string sort, Func<ClusterNode, string?> group, Limit<int> limit)
        {
            foreach (var name in hit.Select(group).OfType<string>().Distinct(StringComparer.Ordinal))
            {
                ClusterNode[] all = [.. nodes.Where(node => group(node) == name)];
                var gone = all.Count(node => down.Contains(node.Name));
                if (gone * 100 > limit.Value * all.Length) throw ChaosErrors.ShareExceeded(what, rule, $"{sort} {name}", gone, all.Length, limit);
            }
        }
    }

    /// <summary>The rules about what runs on the nodes.</summary>
    private async Task CheckPodsAsync(
        string what, IReadOnlyList<ClusterNode> hit, HashSet<string> down, IChaosLog? log, CancellationToken cancellationToken)
    {
        var namespaces = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var node in hit)
        {
            foreach (var pod in await _connection.Cluster.GetPodsOnNodeAsync(node.Name, cancellationToken))
            {
                if (pod.OwnerKind is not "DaemonSet" and not "Node") namespaces.Add(pod.Namespace);
            }
        }

        List<string> losers = [];
        foreach (var @namespace in namespaces)
        {
            if (await ProtectedByAsync(@namespace, cancellationToken) is { } source) throw ChaosErrors.NamespaceProtected(what, @namespace, source);
            var pods = await _connection.Cluster.GetPodsAsync(@namespace, null, cancellationToken);
            foreach (var workload in await _connection.Cluster.GetWorkloadsAsync(@namespace, cancellationToken))
            {
                if (workload.Kind == "DaemonSet") continue;
                ClusterPod[] own = [.. pods.Where(pod => workload.Selector.Matches(pod.Labels))];
                if (!own.Any(pod => hit.Any(node => node.Name == pod.NodeName))) continue;
                if (workload.IsProtected) throw ChaosErrors.WorkloadProtected(what, workload.ToString(), BlastPolicyReader.Protected);
                ClusterPod[] ready = [.. own.Where(static pod => pod is { Ready: true, Terminating: false })];
                var lost = ready.Length > 0 && ready.All(pod => pod.NodeName is { } name && down.Contains(name));
                if (lost && ready.Any(pod => hit.Any(node => node.Name == pod.NodeName))) losers.Add(workload.ToString());
            }
        }

        Judge(what, losers, log);
    }

    /// <summary>The rule about workloads that would lose their last ready replica.</summary>
    private void Judge(string what, List<string> losers, IChaosLog? log, string verb = "has")
    {
        if (losers.Count == 0) return;
        if (_radius.LastReadyReplica.Value == RuleLevel.Refuse) throw ChaosErrors.LastReadyReplica(what, verb, losers, _radius.LastReadyReplica);
        log?.Write(ChaosLogLevel.Warning, $"{what} {verb} the last ready replica of {string.Join(", ", losers)}.");
    }

    /// <summary>What protects a namespace; null when nothing does.</summary>
    private async Task<string?> ProtectedByAsync(string @namespace, CancellationToken cancellationToken)
    {
        if (_radius.Policies.FirstOrDefault(policy => policy.ProtectedNamespaces.Contains(@namespace, StringComparer.Ordinal)) is { } policy)
            return policy.Source;
        var read = await _connection.Cluster.GetNamespaceAsync(@namespace, cancellationToken);
        return read is { IsProtected: true } ? BlastPolicyReader.Protected : null;
    }

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
