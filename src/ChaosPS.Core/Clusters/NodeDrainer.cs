using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Clusters;

/// <summary>Drains nodes: cordons first, then takes the pods away and waits until they are gone.</summary>
/// <param name="connection">The cluster.</param>
/// <param name="changes">The run's changes.</param>
/// <param name="gate">What may be hit.</param>
/// <param name="log">Says what is done.</param>
/// <param name="held">Whether the cordon is the user's to end. What is evicted cannot be put back in any case.</param>
public sealed class NodeDrainer(ChaosConnection connection, ChangeSet changes, BlastGate gate, IChaosLog log, bool held)
{
    private static readonly ApiResource s_daemonSets = new("apps", "v1", "DaemonSet", "daemonsets", Namespaced: true);

    /// <summary>Says which pods a drain would take away. It reads and changes nothing.</summary>
    /// <exception cref="ChaosException">Some must not be taken away: id <c>DrainRefused</c>, with all of them.</exception>
    public static async Task<DrainPlan> PlanAsync(
        ChaosConnection connection, ClusterNode node, DrainOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(options);
        var pods = await connection.Cluster.GetPodsOnNodeAsync(node.Name, cancellationToken);
        var daemonSets = pods.Any(static pod => pod.OwnerKind == "DaemonSet")
            ? await connection.Cluster.ListAsync(s_daemonSets, null, static item => $"{item.Text("metadata", "namespace")}/{item.Text("metadata", "name")}", cancellationToken)
            : [];
        return DrainPlan.Of(node, pods, daemonSets.ToHashSet(StringComparer.Ordinal), options, connection.Time.GetUtcNow());
    }

    /// <summary>Drains a node.</summary>
    /// <returns>The node, with what was taken away.</returns>
    /// <exception cref="ChaosException">
    /// A refusal, of a rule or because of its pods (<c>DrainRefused</c>), before anything was touched; <c>DrainTimeout</c>; <c>DrainIncomplete</c>, when
    /// pods could not be taken away; or what the API answered.
    /// </exception>
    public async Task<ClusterNode> DrainAsync(ClusterNode node, DrainOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(options);
        var began = connection.Time.GetUtcNow();
        var lookAgain = await gate.CheckDrainAsync([node], changes, null, cancellationToken);
        await PlanAsync(connection, node, options, cancellationToken);
        var change = changes.Intend(new DrainIntent(node.Name, node.Uid, held));
        await changes.SendAsync(change, async () =>
        {
            await lookAgain(cancellationToken);
            return true;
        });
        try
        {
            var drained = await DrainAsync(node, options, began, cancellationToken);
            changes.Note(change, ChangeState.Done);
            return drained;
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChaosException)
        {
            changes.Note(change, ChangeState.Failed, exception.Message);
            throw;
        }
    }

    private async Task<ClusterNode> DrainAsync(ClusterNode node, DrainOptions options, DateTimeOffset began, CancellationToken cancellationToken)
    {
        var cordoned = await new NodeOperations(connection, changes, gate, log, held).CordonAsync(node, cancellationToken);

        // Pods may have come while the node was open to them.
        var plan = await PlanAsync(connection, cordoned, options, cancellationToken);
        foreach (var remark in plan.Remarks)
            log.Write(remark.StartsWith("deleting", StringComparison.Ordinal) ? ChaosLogLevel.Warning : ChaosLogLevel.Verbose, $"{node.Name}: {remark}");
        var gone = await new PodDeparture(connection, changes, gate, log, cordoned, plan.Pods, options, began).RunAsync(cancellationToken);
        var now = await connection.Cluster.GetNodeAsync(node.Name, cancellationToken) ?? cordoned;
        return now with { Drain = new NodeDrain(gone, began, connection.Time.GetUtcNow() - began, changes.RunId) };
    }
}
