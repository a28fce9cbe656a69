using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>The nodes that runs have taken down, or are about to, as their recovery logs say: this run's, those of the state directory, and those of Leases.</summary>
/// <remarks>What Azure and the API server say of a machine lags behind the calls. What was written before a call was sent does not.</remarks>
/// <param name="connection">The cluster.</param>
/// <param name="runs">The runs that left logs on this machine.</param>
internal sealed class NodesTakenDown(ChaosConnection connection, RunStore runs)
{
    /// <summary>How long after a stop was asked for nobody's word is taken that the machine runs, but that of whoever has started it.</summary>
    /// <remarks>A kubelet reports every five minutes: https://kubernetes.io/docs/concepts/architecture/nodes/#node-heartbeats .</remarks>
    private static readonly TimeSpan s_lag = TimeSpan.FromMinutes(5);

    /// <summary>How much a node's clock may be ahead of this machine's: a heartbeat from before a stop must not pass for one from after it.</summary>
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(30);

    /// <summary>The names of the nodes.</summary>
    /// <param name="nodes">The nodes as the API server has them.</param>
    /// <param name="own">The changes of the run that asks; null when there is none yet.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<HashSet<string>> FindAsync(IReadOnlyList<ClusterNode> nodes, ChangeSet? own, CancellationToken cancellationToken)
    {
        var identity = await connection.Cluster.GetIdentityAsync(cancellationToken);
        var now = connection.Time.GetUtcNow();
        RecordedRun[] all = [.. runs.List().Where(run => run.ClusterId == identity.Id)];
        var logs = all.Where(IsOfThisCluster).ToList();
        logs.AddRange(await LeasedAsync(cancellationToken));
        HashSet<string> down = [.. logs.Where(static run => run.State != RunState.Ended).SelectMany(run => Find(run.Recorded, nodes, now))];
        down.UnionWith(logs.Where(static run => run.State == RunState.Running).SelectMany(static run => FindDraining(run.Recorded)));
        down.UnionWith(all.Where(IsOfThisSandbox).SelectMany(run => FindFaulty(run.Recorded, now)));
        if (own is null) return down;
        var changes = own.All();
        down.UnionWith(Find(changes, nodes, now));
        down.UnionWith(FindDraining(changes));
        return down;
    }

    /// <summary>The nodes that a living run is draining: they are as good as empty. One whose run has died is looked at as it is.</summary>
    private static IEnumerable<string> FindDraining(IEnumerable<Change> changes) => changes
        .Where(static change => change is { State: ChangeState.Intended or ChangeState.Accepted, Intent: DrainIntent }).Select(static change => change.Intent.Target);

    /// <summary>A sandbox inside a process has an id of its seed, which others of that process share, and is never late.</summary>
    private bool IsOfThisCluster(RecordedRun run) =>
        connection.Kind == ConnectionKind.Cluster || (run.Origin.Sandbox is { } sandbox && sandbox == connection.Origin.Sandbox);

    /// <summary>What the sandbox inside this process does not show of itself.</summary>
    private bool IsOfThisSandbox(RecordedRun run) => run.Origin.Instance is { } instance && instance == connection.Origin.Instance;

    private async Task<IReadOnlyList<RecordedRun>> LeasedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await runs.ListLeasedAsync(connection, cancellationToken);
        }
        catch (ChaosException exception) when (exception.Kind == ErrorKind.PermissionDenied)
        {
            return []; // whoever may not read the marks of others is not held up by them
        }
    }

    /// <summary>A fault inside a machine is seen nowhere but in the log of who has begun it.</summary>
    private static IEnumerable<string> FindFaulty(IReadOnlyList<Change> changes, DateTimeOffset now) =>
        from change in changes
        where !change.Over
        let fault = change.Intent as FaultIntent
        where fault?.Node is not null && now < fault.EndOf(change)
        select fault.Node;

    private static IEnumerable<string> Find(IReadOnlyList<Change> changes, IReadOnlyList<ClusterNode> nodes, DateTimeOffset now)
    {
        foreach (var node in FindFaulty(changes, now)) yield return node;
        for (var index = 0; index < changes.Count; index++)
        {
            if (changes[index] is not { Over: false, Intent: PowerIntent { Action: not PowerAction.Start } intent } change) continue;
            if (intent.Action == PowerAction.Delete)
            {
                yield return intent.Target; // nothing brings it back
                continue;
            }

            var started = changes.Skip(index + 1).Any(later =>
                later is { Accepted: true, Intent: PowerIntent { Action: PowerAction.Start } start } && start.Identity == intent.Identity);
            var node = nodes.FirstOrDefault(node => node.Name == intent.Node);
            if (node is not null && IsDown(change, intent, started, node, now)) yield return node.Name;
        }
    }

    private static bool IsDown(Change change, PowerIntent intent, bool started, ClusterNode node, DateTimeOffset now)
    {
        // Ready by a heartbeat from after the stop's end: somebody has started it since, in the portal or wherever.
        if (node.Ready && change.DoneAt is { } done && node.LastHeartbeatTime > done + s_skew) return false;

        // A restart that Azure has carried out needs no start of ours.
        var off = !started && !(intent.Action == PowerAction.Restart && change.State == ChangeState.Done);
        if (off && now < change.At + s_lag && now > change.At - s_lag) return true;
        return intent is { ReadyBefore: true, HeartbeatBefore: { } before } && !(node.Ready && node.LastHeartbeatTime > before);
    }
}
