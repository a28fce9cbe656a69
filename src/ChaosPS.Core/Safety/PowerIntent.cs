using System.Text.Json.Serialization;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Safety;

/// <summary>A change of a machine's power.</summary>
/// <param name="ResourceId">The instance.</param>
/// <param name="Name">The name that people know it by: the node's, else the instance's.</param>
/// <param name="Node">The node on it; null when none was registered.</param>
/// <param name="ReadyBefore">Whether the node was Ready.</param>
/// <param name="HeartbeatBefore">The node's last heartbeat before the change: Ready by that one proves nothing.</param>
/// <param name="PowerStateBefore">The power state before.</param>
/// <param name="Action">What is sent.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal sealed record PowerIntent(
    string ResourceId, string Name, string? Node, bool ReadyBefore, DateTimeOffset? HeartbeatBefore, PowerState PowerStateBefore,
    PowerAction Action, bool Held) : ChangeIntent(Held)
{
    private static readonly TimeSpan s_settleInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_settleTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_readyTimeout = TimeSpan.FromMinutes(10);

    /// <summary>How long a machine must be at rest before a call whose answer nobody saw counts as one that never arrived.</summary>
    private static readonly TimeSpan s_doubt = TimeSpan.FromSeconds(15);

    /// <summary>How long after the call a simulated eviction may begin: nobody says when it does, and the machine runs until then.</summary>
    /// <remarks>The scenario tests of the Azure CLI look after three minutes (VMSimulateEvictionScenarioTest in Azure/azure-cli).</remarks>
    private static readonly TimeSpan s_evictionDelay = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public override string Target => Name;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Identity => ResourceId.ToUpperInvariant(); // Azure does not tell cases apart

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
        Action is PowerAction.Delete or PowerAction.Reimage ? Reversibility.Impossible // whoever deletes has said that it need not come back
        : Action == PowerAction.Start || PowerStateBefore.IsOff() ? Reversibility.Nothing // a start is a repair, and what was off stays off
        : Reversibility.Undo;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? Remedy => Reversibility == Reversibility.Undo
        ? Node is { } node ? $"Start-ClusterNode {node}" : $"Start-ClusterNode -ResourceId {ResourceId}"
        : null;

    /// <summary>The intent for an instance as it is now.</summary>
    public static PowerIntent Of(ScaleSetInstance before, ClusterNode? node, PowerAction action, bool held) => new(
        before.ResourceId, node?.Name ?? before.Name, node?.Name, node?.Ready ?? false, node?.LastHeartbeatTime, before.PowerState, action, held);

    /// <inheritdoc/>
    public override async Task<Func<CancellationToken, Task>?> UndoAsync(UndoContext context, CancellationToken cancellationToken)
    {
        var touched = context.Accepted;
        if (await SettleAsync(context, cancellationToken) is not { } machine)
        {
            context.Step($"{Name} no longer exists{context.Connection.Power.Place(ResourceId)}: there is nothing to start.");
            return null;
        }

        IPowerOperation? starting = null;
        if (machine.PowerState.IsOff())
        {
            touched = true;
            context.Log.Write(ChaosLogLevel.Warning, $"Undo: starting {Name}{context.Connection.Power.Place(ResourceId)}.");
            context.Note("undoing", nameof(PowerAction.Start));
            starting = await context.Connection.Power.BeginAsync(machine, PowerAction.Start, false, cancellationToken);
        }

        // A machine that Azure never accepted to change sends the heartbeats it always sent.
        return wait => WaitAsync(context, starting, touched ? HeartbeatBefore : null, wait);
    }

    /// <summary>Waits until the machine runs and its node is Ready by a heartbeat newer than <paramref name="heartbeat"/>.</summary>
    private async Task WaitAsync(UndoContext context, IPowerOperation? starting, DateTimeOffset? heartbeat, CancellationToken cancellationToken)
    {
        if (starting is not null)
        {
            await starting.WaitAsync(cancellationToken);
            context.Step($"Started {Name}{context.Connection.Power.Place(ResourceId)}.");
        }

        if (Node is null || !ReadyBefore) return;
        if (await context.Connection.Cluster.GetNodeAsync(Node, cancellationToken) is null)
        {
            context.Step($"Node {Node} is gone from the cluster: there is nothing to wait for.");
            return;
        }

        await NodeWaiter.WaitReadyAsync(context.Connection, Node, heartbeat, s_readyTimeout, context.Log, cancellationToken);
        context.Step($"Node {Node} is Ready.");
    }

    /// <summary>Waits until the machine is no longer on its way somewhere: Azure refuses a start while it still stops.</summary>
    /// <returns>The machine at rest; null when it is gone.</returns>
    private async Task<ScaleSetInstance?> SettleAsync(UndoContext context, CancellationToken cancellationToken)
    {
        var time = context.Connection.Time;
        var began = time.GetUtcNow();
        while (true)
        {
            ScaleSetInstance machine;
            try
            {
                machine = await context.Connection.Power.GetInstanceAsync(ResourceId, cancellationToken);
            }
            catch (ChaosException exception) when (exception.Kind == ErrorKind.NotFound)
            {
                return null;
            }

            var waited = time.GetUtcNow() - began;
            var moving = machine.PowerState is PowerState.Stopping or PowerState.Deallocating or PowerState.Starting or PowerState.Unknown;
            var doubt = Action == PowerAction.SimulateEviction ? s_evictionDelay : context.AnswerUnknown ? s_doubt : TimeSpan.Zero;
            var doubtful = machine.PowerState == PowerState.Running && waited < doubt;
            if (!moving && !doubtful) return machine;
            if (waited >= s_settleTimeout) throw ChaosErrors.WaitTimeout(machine.Name + context.Connection.Power.Place(ResourceId), "at rest", s_settleTimeout, machine.PowerState.ToString());
            await time.DelayAsync(s_settleInterval, cancellationToken);
        }
    }
}
