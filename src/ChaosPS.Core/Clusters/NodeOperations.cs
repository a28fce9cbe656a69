using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Clusters;

/// <summary>Cordons and taints: refused where a rule forbids them, written to the recovery log first.</summary>
/// <param name="connection">The cluster.</param>
/// <param name="changes">The run's changes.</param>
/// <param name="gate">What may be hit.</param>
/// <param name="log">Says what is done.</param>
/// <param name="held">Whether the changes are the user's to end.</param>
public sealed class NodeOperations(ChaosConnection connection, ChangeSet changes, BlastGate gate, IChaosLog log, bool held)
{
    /// <summary>Cordons a node: no new pods come to it. One that is cordoned is left alone, and stays so after the run.</summary>
    /// <returns>The node as it is then.</returns>
    /// <exception cref="ChaosException">A refusal, or what the API answered.</exception>
    public async Task<ClusterNode> CordonAsync(ClusterNode node, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        await gate.CheckAsync(node, cancellationToken);
        return await SetUnschedulableAsync(node, unschedulable: true, cancellationToken);
    }

    /// <summary>Ends the cordon of a node, whoever made it.</summary>
    /// <returns>The node as it is then.</returns>
    /// <exception cref="ChaosException">A refusal, or what the API answered.</exception>
    public async Task<ClusterNode> UncordonAsync(ClusterNode node, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        return await SetUnschedulableAsync(node, unschedulable: false, cancellationToken);
    }

    /// <summary>Adds a taint to a node. One of that key and effect that it has already is left alone, and stays after the run.</summary>
    /// <remarks>A <see cref="TaintEffect.NoExecute"/> taint takes the node's pods away without asking budgets, so it counts as taking the node down.</remarks>
    /// <returns>The node as it is then.</returns>
    /// <exception cref="ChaosException">A refusal, or what the API answered.</exception>
    public async Task<ClusterNode> TaintAsync(ClusterNode node, Taint taint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(taint);
        if (taint.Effect == TaintEffect.NoExecute) await gate.CheckDrainAsync([node], log, cancellationToken);
        else await gate.CheckAsync(node, cancellationToken);
        var now = await ReadAsync(node, cancellationToken);
        if (now.Taints.Any(other => other.Key == taint.Key && other.Effect == taint.Effect)) return now; // not ours, so there is nothing to undo
        log.Write(ChaosLogLevel.Verbose, $"{node.Name}: taint {taint}");
        return await changes.MakeAsync(
            new TaintIntent(now.Name, now.Uid, taint.Key, taint.Value, taint.Effect, held),
            () => connection.Cluster.AddTaintAsync(now, taint, dryRun: false, cancellationToken)) ?? now;
    }

    private async Task<ClusterNode> SetUnschedulableAsync(ClusterNode node, bool unschedulable, CancellationToken cancellationToken)
    {
        var now = await ReadAsync(node, cancellationToken);
        if (now.Unschedulable == unschedulable) return now; // not ours, so there is nothing to undo
        log.Write(ChaosLogLevel.Verbose, $"{node.Name}: {(unschedulable ? "cordon" : "uncordon")}");
        return await changes.MakeAsync(
            new CordonIntent(now.Name, now.Uid, unschedulable, held),
            () => connection.Cluster.SetUnschedulableAsync(now, unschedulable, dryRun: false, cancellationToken))
            ?? now with { Unschedulable = unschedulable };
    }

    private async Task<ClusterNode> ReadAsync(ClusterNode node, CancellationToken cancellationToken)
    {
        var now = await connection.Cluster.GetNodeAsync(node.Name, cancellationToken);
        return now is null || (node.Uid.Length > 0 && now.Uid != node.Uid) ? throw ChaosErrors.NodeGone(node.Name, connection.Name) : now;
    }
}
