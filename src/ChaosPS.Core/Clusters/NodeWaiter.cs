using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Clusters;

/// <summary>Waits for a node's state.</summary>
public static class NodeWaiter
{
    // Azure allows 12 reads of one scale set a minute: https://learn.microsoft.com/azure/virtual-machines/compute-throttling-limits .
    private static readonly TimeSpan s_machineInterval = TimeSpan.FromSeconds(5);

    /// <summary>Waits until <paramref name="node"/> is in <paramref name="state"/> and returns it as it is then, with <see cref="ClusterNode.Elapsed"/>.</summary>
    /// <param name="connection">The cluster.</param>
    /// <param name="node">The node; its <see cref="ClusterNode.Change"/>, if any, is where the time is counted from.</param>
    /// <param name="state">What to wait for.</param>
    /// <param name="timeout">How long at most, from the call on.</param>
    /// <param name="log">Says what is waited for.</param>
    /// <param name="cancellationToken">Ends the waiting at once.</param>
    /// <remarks>
    /// A node stays Ready for most of a minute after its machine has stopped. So after a change, Ready counts only with a heartbeat newer than the one
    /// that <paramref name="node"/> was read with.
    /// </remarks>
    /// <exception cref="ChaosException">Ids <c>WaitTimeout</c>, <c>NoMachineBehindNode</c>, <c>NodeGone</c>.</exception>
    public static async Task<ClusterNode> WaitAsync(
        ChaosConnection connection, ClusterNode node, NodeState state, TimeSpan timeout, IChaosLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(log);
        var began = connection.Time.GetUtcNow();
        var since = node.Change?.At ?? began;
        var activity = $"Waiting for {node.Name}";
        await using var signal = new NodeSignal(connection, node.Name, log);
        try
        {
            while (true)
            {
                var (reached, last) = await LookAsync(connection, node, state, cancellationToken);
                var now = connection.Time.GetUtcNow();
                if (reached is not null) return reached with { Change = node.Change, Elapsed = now - since };
                if (now - began >= timeout) throw ChaosErrors.WaitTimeout($"Node {node.Name}", state.ToString(), timeout, last);
                log.Progress(activity, $"{last}, waiting for {state} ({Text.Seconds(now - began)} of {Text.Seconds(timeout)})",
                    timeout > TimeSpan.Zero ? (int)((now - began) / timeout * 100) : null, completed: false);
                if (state is NodeState.Ready or NodeState.NotReady) await signal.WaitAsync(cancellationToken);
                else await connection.Time.DelayAsync(s_machineInterval, cancellationToken);
            }
        }
        finally
        {
            log.Progress(activity, state.ToString(), 100, completed: true);
        }
    }

    /// <summary>Waits until a node is Ready, and pods may come to it again: Kubernetes takes its taints of dead nodes away some seconds later.</summary>
    /// <param name="connection">The cluster.</param>
    /// <param name="node">The node's name.</param>
    /// <param name="stale">A heartbeat that proves nothing, because it is from before the change; null when any heartbeat will do.</param>
    /// <param name="timeout">How long at most.</param>
    /// <param name="log">Says what is waited for.</param>
    /// <param name="cancellationToken">Ends the waiting at once.</param>
    /// <exception cref="ChaosException">Ids <c>WaitTimeout</c>, <c>NodeGone</c>.</exception>
    public static async Task WaitReadyAsync(
        ChaosConnection connection, string node, DateTimeOffset? stale, TimeSpan timeout, IChaosLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(log);
        var began = connection.Time.GetUtcNow();
        var activity = $"Waiting for {node}";
        await using var signal = new NodeSignal(connection, node, log);
        try
        {
            while (true)
            {
                var now = await connection.Cluster.GetNodeAsync(node, cancellationToken) ?? throw ChaosErrors.NodeGone(node, connection.Name);
                var old = stale is not null && stale == now.LastHeartbeatTime;
                var kept = now.Taints.FirstOrDefault(static taint => taint.Key is "node.kubernetes.io/unreachable" or "node.kubernetes.io/not-ready");
                if (now.Ready && !old && kept is null) return;
                var last = old ? "Ready by an old heartbeat" : now.Ready && kept is not null ? $"Ready, with the taint {kept.Key} still there" : now.Status;
                var waited = connection.Time.GetUtcNow() - began;
                if (waited >= timeout) throw ChaosErrors.WaitTimeout($"Node {node}", nameof(NodeState.Ready), timeout, last);
                log.Progress(activity, $"{last}, waiting for Ready ({Text.Seconds(waited)} of {Text.Seconds(timeout)})",
                    (int)(waited / timeout * 100), completed: false);
                await signal.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            log.Progress(activity, "Ready", 100, completed: true);
        }
    }

    /// <summary>The node if it is in the state, and what it is like otherwise.</summary>
    private static async Task<(ClusterNode? Reached, string Last)> LookAsync(
        ChaosConnection connection, ClusterNode node, NodeState state, CancellationToken cancellationToken)
    {
        var now = await connection.Cluster.GetNodeAsync(node.Name, cancellationToken);
        if (state is NodeState.Ready or NodeState.NotReady)
        {
            if (now is null)
            {
                return state == NodeState.NotReady
                    ? (node with { Ready = false, PowerState = PowerState.Unknown }, "gone")
                    : throw ChaosErrors.NodeGone(node.Name, connection.Name);
            }

            if (state == NodeState.NotReady) return (now.Ready ? null : now, now.Status);
            var stale = node is { Change: not null, LastHeartbeatTime: { } heartbeat } && heartbeat == now.LastHeartbeatTime;
            return (now.Ready && !stale ? now : null, stale ? "Ready by an old heartbeat" : now.Status);
        }

        var instance = await connection.Power.GetInstanceAsync(node, cancellationToken);
        var reached = state == NodeState.Running
            ? instance.PowerState == PowerState.Running
            : instance.PowerState is PowerState.Stopped or PowerState.Deallocated;
        return (reached ? (now ?? node) with { PowerState = instance.PowerState } : null, instance.PowerState.ToString());
    }
}
