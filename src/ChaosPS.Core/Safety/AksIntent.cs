using System.Text.Json.Serialization;
using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Safety;

/// <summary>A whole AKS cluster that is stopped, started or deleted.</summary>
/// <param name="ResourceId">The cluster.</param>
/// <param name="Name">Its name.</param>
/// <param name="RanBefore">Whether it ran before.</param>
/// <param name="Action">What is sent: PowerOff, Start or Delete.</param>
/// <param name="ReadyNodes">How many of its nodes were Ready, where it is the cluster that the run is connected to; else 0.</param>
/// <param name="HeartbeatBefore">The last heartbeat of any of these before the change: Ready by that one, or an earlier one, proves nothing.</param>
internal sealed record AksIntent(string ResourceId, string Name, bool RanBefore, PowerAction Action, int ReadyNodes, DateTimeOffset? HeartbeatBefore)
    : ChangeIntent(Held: false)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    /// <summary>How long a cluster must be at rest before a call whose answer nobody saw counts as one that never arrived.</summary>
    private static readonly TimeSpan s_doubt = TimeSpan.FromSeconds(15);

    /// <summary>A start takes minutes, and so do its nodes after it.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(15);

    /// <inheritdoc/>
    public override string Target => $"AKS cluster {Name}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Identity => ResourceId.ToUpperInvariant();

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsUnmistakable => true; // a resource id of Azure

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? AzureId => ResourceId;

    /// <inheritdoc/>
    public override string Description => Action.ToString();

    /// <inheritdoc/>
    public override Reversibility Reversibility =>
        Action == PowerAction.Delete ? Reversibility.Impossible
        : Action == PowerAction.Start || !RanBefore ? Reversibility.Nothing
        : Reversibility.Undo;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? Remedy => Reversibility == Reversibility.Undo ? $"az aks start --ids {ResourceId}" : null;

    /// <summary>The intent for a cluster as it is now.</summary>
    public static AksIntent Of(AksCluster cluster, PowerAction action, IReadOnlyList<ClusterNode> ready) =>
        new(cluster.ResourceId, cluster.Name, cluster.IsRunning, action, ready.Count, ready.Max(static node => node.LastHeartbeatTime));

    /// <inheritdoc/>
    public override async Task<Func<CancellationToken, Task>?> UndoAsync(UndoContext context, CancellationToken cancellationToken)
    {
        var azure = context.Connection.Azure ?? throw ChaosErrors.NotInAzure(context.Connection.Name);
        if (await SettleAsync(azure, context, cancellationToken) is not { } cluster)
        {
            context.Step($"{Target}{context.Connection.Power.Place(ResourceId)} no longer exists: there is nothing to start.");
            return null;
        }

        IPowerOperation? starting = null;
        if (!cluster.IsRunning)
        {
            context.Log.Write(ChaosLogLevel.Warning, $"Undo: starting AKS cluster {Name}{context.Connection.Power.Place(ResourceId)}.");
            context.Note("undoing", nameof(PowerAction.Start));
            starting = await azure.BeginAsync(cluster, PowerAction.Start, cancellationToken);
        }

        return async wait =>
        {
            if (starting is not null)
            {
                await starting.WaitAsync(wait);
                context.Step($"Started AKS cluster {Name}{context.Connection.Power.Place(ResourceId)}.");
            }

            await WaitForNodesAsync(context, starting is not null || context.Accepted ? HeartbeatBefore : null, wait);
        };
    }

    /// <summary>Waits until nothing is being done to the cluster: Azure refuses a start while it still stops.</summary>
    /// <returns>The cluster at rest; null when it is gone.</returns>
    private async Task<AksCluster?> SettleAsync(IAzurePlatform azure, UndoContext context, CancellationToken cancellationToken)
    {
        var time = context.Connection.Time;
        var began = time.GetUtcNow();
        while (true)
        {
            AksCluster cluster;
            try
            {
                cluster = await azure.GetAksClusterAsync(ResourceId, cancellationToken);
            }
            catch (ChaosException exception) when (exception.Kind == ErrorKind.NotFound)
            {
                return null;
            }

            var waited = time.GetUtcNow() - began;
            var atRest = cluster.ProvisioningState is "Succeeded" or "Failed" or "Canceled";
            var doubtful = cluster.IsRunning && context.AnswerUnknown && waited < s_doubt;
            if (atRest && !doubtful) return cluster;
            if (waited >= s_timeout) throw ChaosErrors.WaitTimeout(Target + context.Connection.Power.Place(ResourceId), "at rest", s_timeout, cluster.ProvisioningState);
            await time.DelayAsync(atRest ? s_doubt : s_interval, cancellationToken);
        }
    }

    /// <summary>Waits until as many nodes are Ready as were, by heartbeats newer than <paramref name="heartbeat"/>: an API server that is back tells first what it was told last.</summary>
    private async Task WaitForNodesAsync(UndoContext context, DateTimeOffset? heartbeat, CancellationToken cancellationToken)
    {
        if (ReadyNodes == 0) return;
        var time = context.Connection.Time;
        var began = time.GetUtcNow();
        while (true)
        {
            var nodes = await context.Connection.Cluster.GetNodesAsync(cancellationToken);
            var ready = nodes.Count(node => node.Ready && (heartbeat is null || node.LastHeartbeatTime > heartbeat));
            if (ready >= ReadyNodes)
            {
                context.Step($"{ready} nodes are Ready.");
                return;
            }

            if (time.GetUtcNow() - began >= s_timeout) throw ChaosErrors.WaitTimeout(Target + context.Connection.Power.Place(ResourceId), $"at {ReadyNodes} Ready nodes", s_timeout, $"{ready}");
            await time.DelayAsync(s_interval, cancellationToken);
        }
    }
}
