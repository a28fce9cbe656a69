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
internal sealed record AksIntent(string ResourceId, string Name, bool RanBefore, PowerAction Action, int ReadyNodes) : ChangeIntent(Held: false)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

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
    public static AksIntent Of(AksCluster cluster, PowerAction action, int readyNodes) => new(cluster.ResourceId, cluster.Name, cluster.IsRunning, action, readyNodes);

    /// <inheritdoc/>
    public override async Task<Func<CancellationToken, Task>?> UndoAsync(UndoContext context, CancellationToken cancellationToken)
    {
        var azure = context.Connection.Azure ?? throw ChaosErrors.NotInAzure(context.Connection.Name);
        var cluster = await SettleAsync(azure, context, cancellationToken);
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

            await WaitForNodesAsync(context, wait);
        };
    }

    /// <summary>Waits until nothing is being done to the cluster: Azure refuses a start while it still stops.</summary>
    private async Task<AksCluster> SettleAsync(IAzurePlatform azure, UndoContext context, CancellationToken cancellationToken)
    {
        var time = context.Connection.Time;
        var began = time.GetUtcNow();
        while (true)
        {
            var cluster = await azure.GetAksClusterAsync(ResourceId, cancellationToken);
            if (cluster.ProvisioningState is "Succeeded" or "Failed" or "Canceled") return cluster;
            if (time.GetUtcNow() - began >= s_timeout) throw ChaosErrors.WaitTimeout(Target + context.Connection.Power.Place(ResourceId), "at rest", s_timeout, cluster.ProvisioningState);
            await time.DelayAsync(s_interval, cancellationToken);
        }
    }

    private async Task WaitForNodesAsync(UndoContext context, CancellationToken cancellationToken)
    {
        if (ReadyNodes == 0) return;
        var time = context.Connection.Time;
        var began = time.GetUtcNow();
        while (true)
        {
            var nodes = await context.Connection.Cluster.GetNodesAsync(cancellationToken);
            var ready = nodes.Count(static node => node.Ready);
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
