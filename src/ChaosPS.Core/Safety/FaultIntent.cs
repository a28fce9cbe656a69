using System.Text.Json.Serialization;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Faults;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Safety;

/// <summary>A fault inside a machine. The machine ends it by itself when its time is up; the undo ends it before, or finds out how it has ended.</summary>
/// <param name="ResourceId">The machine.</param>
/// <param name="Name">The name that people know it by: the node's, else the machine's.</param>
/// <param name="Node">The node on it; null when none was registered.</param>
/// <param name="ReadyBefore">Whether the node was Ready.</param>
/// <param name="HeartbeatBefore">The node's last heartbeat before the change: after a stop of the kubelet, Ready by that one proves nothing.</param>
/// <param name="FaultId">The fault's id on the machine.</param>
/// <param name="Fault">The fault.</param>
/// <param name="OverBy">When it is over at the latest, even if Azure was slow to begin it.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal sealed record FaultIntent(
    string ResourceId, string Name, string? Node, bool ReadyBefore, DateTimeOffset? HeartbeatBefore, string FaultId, FaultSpec Fault, DateTimeOffset OverBy,
    bool Held) : ChangeIntent(Held)
{
    /// <summary>How long Azure may take to begin a fault that it has accepted.</summary>
    private static readonly TimeSpan s_delivery = TimeSpan.FromMinutes(10);

    /// <summary>How long after a call whose answer nobody saw its fault may still begin.</summary>
    private static readonly TimeSpan s_doubt = TimeSpan.FromSeconds(15);

    /// <summary>How long the machine takes at most to put back what the fault has changed: that is when systemd gives it up.</summary>
    private static readonly TimeSpan s_moment = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_readyTimeout = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public override string Target => Name;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Identity => $"{ResourceId.ToUpperInvariant()} {FaultId}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsUnmistakable => true; // a resource id of Azure, and a fault's own

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? AzureId => ResourceId;

    /// <inheritdoc/>
    public override string Description => $"{Fault.Fault} fault";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? Remedy => Node is { } node ? $"Stop-NodeFault {node}" : $"Stop-NodeFault -Id {FaultId}";

    /// <summary>The intent for a machine as it is now.</summary>
    public static FaultIntent Of(ScaleSetInstance before, ClusterNode? node, string id, FaultSpec fault, DateTimeOffset now, bool held) => new(
        before.ResourceId, node?.Name ?? before.ComputerName ?? before.Name, node?.Name, node?.Ready ?? false, node?.LastHeartbeatTime, id, fault,
        now + s_delivery + fault.Duration, held);

    /// <summary>When it is over at the latest: known to a moment once it was seen to be there.</summary>
    public DateTimeOffset EndOf(Change change) => change.DoneAt + Fault.Duration + s_moment ?? OverBy;

    /// <inheritdoc/>
    public override async Task<Func<CancellationToken, Task>?> UndoAsync(UndoContext context, CancellationToken cancellationToken)
    {
        var what = $"{Name}{context.Connection.Power.Place(ResourceId)}";
        context.Note("undoing", $"end {FaultId}");
        NodeFaultEnd end;
        try
        {
            (end, _) = await EndAsync(context.Connection, context.AnswerUnknown, cancellationToken);
        }
        catch (ChaosException exception) when (exception.ErrorId != ChaosErrors.FaultStaysId && context.Connection.Time.GetUtcNow() >= OverBy)
        {
            // Not so one that has answered, and could not end it: a kubelet may be down for good.
            context.Step($"{what} could not be asked ({exception.Message.TrimEnd('.')}), but has ended its {Description} by itself: its time was up.");
            end = NodeFaultEnd.TimeUp;
            return Wait;
        }

        context.Step(end switch
        {
            NodeFaultEnd.Stopped => $"Ended the {Description} of {what}.",
            NodeFaultEnd.TimeUp => $"{what} had ended its {Description} by itself: its time was up.",
            NodeFaultEnd.Failed => $"The {Description} of {what} had ended before its time.",
            _ => $"Nothing is left of the {Description} of {what}.",
        });
        return Wait;

        Task Wait(CancellationToken wait) => WaitReadyAsync(context.Connection, end, context.Log, wait);
    }

    /// <summary>Ends the fault, or finds out how it has ended.</summary>
    /// <param name="connection">The cluster and its machines.</param>
    /// <param name="doubt">Whether it may still be about to begin, because nobody saw the answer to its call.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>What ended it, and when by the machine's clock.</returns>
    /// <exception cref="ChaosException">The machine could not be asked, or could not end it.</exception>
    public async Task<(NodeFaultEnd End, DateTimeOffset? At)> EndAsync(ChaosConnection connection, bool doubt, CancellationToken cancellationToken)
    {
        ScaleSetInstance machine;
        try
        {
            machine = await connection.Power.GetInstanceAsync(ResourceId, cancellationToken);
        }
        catch (ChaosException exception) when (exception.Kind == ErrorKind.NotFound)
        {
            return (NodeFaultEnd.Gone, null);
        }

        if (machine.PowerState.IsOff()) return (NodeFaultEnd.Gone, null); // no unit of systemd outlives that
        var report = await AskAsync(connection, machine, cancellationToken);
        if (doubt && report.Found == "nothing")
        {
            await connection.Time.DelayAsync(s_doubt, cancellationToken);
            report = await AskAsync(connection, machine, cancellationToken);
        }

        return (EndOf(report), report.At);
    }

    /// <summary>Waits until the node serves again, if it did before.</summary>
    public async Task WaitReadyAsync(ChaosConnection connection, NodeFaultEnd end, IChaosLog log, CancellationToken cancellationToken)
    {
        // Whoever powers a machine off, or on, waits for its node; and a fault that spared the kubelet left its heartbeats alone.
        if (Node is null || !ReadyBefore || end == NodeFaultEnd.Gone) return;
        await NodeWaiter.WaitReadyAsync(
            connection, Node, Fault.Fault == NodeFaultKind.Kubelet ? HeartbeatBefore : null, s_readyTimeout, log, cancellationToken);
    }

    private async Task<FaultReport> AskAsync(ChaosConnection connection, ScaleSetInstance machine, CancellationToken cancellationToken)
    {
        var script = await connection.Power.BeginScriptAsync(machine, new FaultScript(FaultId, null).Text, cancellationToken);
        var output = await script.WaitAsync(cancellationToken);
        if (FaultReport.Find(output.StandardOutput, FaultId) is { State: "over" } report) return report;
        throw ChaosErrors.FaultStays(Name, connection.Power.Place(ResourceId), output.StandardError.Length > 0 ? output.StandardError : output.Message);
    }

    private static NodeFaultEnd EndOf(FaultReport report) => (report.Found, report.Result) switch
    {
        (_, "timeout") => NodeFaultEnd.TimeUp,
        (_, "success") or ("running" or "left", null or "unknown") => NodeFaultEnd.Stopped,
        ("nothing", _) => NodeFaultEnd.Gone,
        _ => NodeFaultEnd.Failed,
    };
}
