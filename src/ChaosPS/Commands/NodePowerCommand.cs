using System.Management.Automation;
using ChaosPS.Clusters;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Views;

namespace ChaosPS.Commands;

/// <summary>The base of the cmdlets that change the power of the machines behind nodes, one after the other.</summary>
public abstract class NodePowerCommand : NodeCommand
{
    private readonly List<ScaleSetInstance> _planned = [];
    private RecoveryLog? _recovery;
    private BlastGate? _gate;

    /// <summary>Returns as soon as Azure has accepted, without waiting for the operation's end.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Writes each node, with the change that was made to it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The directory that holds the run folders; the user's state directory when it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StatePath { get; set; }

    /// <summary>What to do to the machines.</summary>
    private protected abstract PowerAction Action { get; }

    /// <summary>The same in words, for <c>-WhatIf</c> and <c>-Confirm</c>.</summary>
    private protected abstract string ActionText { get; }

    /// <summary>Whether the power is cut without shutting the guest down.</summary>
    private protected virtual bool CutsPower => false;

    /// <summary>What may be down at once by the parameters of this call; null when they do not say.</summary>
    private protected virtual int? MostDown => null;

    /// <summary>What to tell a user who ends the waiting for <paramref name="node"/>, which Azure has accepted by then.</summary>
    private protected abstract string Interrupted(ClusterNode node);

    /// <inheritdoc/>
    protected override void Process()
    {
        var nodes = ResolveNodes();
        foreach (var (index, node) in nodes.Index()) Try(() => Change(node, nodes.Count == 1 ? null : index * 100 / nodes.Count));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _recovery?.Dispose();
        base.Dispose(disposing);
    }

    private void Change(ClusterNode node, int? percent)
    {
        var instance = Run((connection, _, stop) => connection.Power.GetInstanceAsync(node, stop));

        // Under -WhatIf nothing comes of the earlier targets, so the rules are asked about all of them together.
        _gate ??= OpenGate(MostDown);
        Run((_, log, stop) => CheckAsync(_gate, [.. _planned, instance], log, stop));
        if (!MayChange($"{node.Name} of {node.Cluster.Name} ({instance.ResourceId})", ActionText, out var reason))
        {
            if (reason == ShouldProcessReason.WhatIf) _planned.Add(instance);
            return;
        }

        var statePath = ResolvePath(StatePath);
        var changed = Run((connection, log, stop) => ChangeAsync(connection, node, instance, statePath, percent, log, stop));
        if (PassThru) WriteObject(NodeView.Of(changed));
    }

    private async Task<bool> CheckAsync(BlastGate gate, IReadOnlyList<ScaleSetInstance> targets, CommandSink log, CancellationToken stop)
    {
        await gate.CheckAsync(targets, Action, log, stop);
        return true;
    }

    private async Task<ClusterNode> ChangeAsync(
        ChaosConnection connection, ClusterNode node, ScaleSetInstance instance, string? statePath, int? percent, CommandSink log, CancellationToken stop)
    {
        _recovery ??= await RecoveryLog.CreateAsync(statePath, MyInvocation.MyCommand.Name, connection, stop);
        var guarded = new GuardedPower(connection, new ChangeSet(connection, _recovery, log), _gate!, log, held: true);
        var accepted = false;
        try
        {
            // Azure does not say how far an operation is: what is known is how many nodes are done.
            log.Progress(ActivityText(node), NoWait ? "Waiting until Azure accepts it" : "Waiting until Azure has done it", percent, completed: false);
            var change = await guarded.BeginAsync(instance, Action, CutsPower, stop);
            accepted = true;
            if (!NoWait && change.Operation is { } operation) await operation.WaitAsync(stop);
            if (Action == PowerAction.Start)
                HeldRuns.Started(new RunStore(statePath), node.Cluster.Id, instance.ResourceId, connection.Time, log);
            var now = await connection.Power.GetInstanceAsync(node, stop);
            var read = await connection.Cluster.GetNodeAsync(node.Name, stop) ?? node with { Ready = false };
            return read with
            {
                PowerState = now.PowerState,
                Change = change.Performed is { } performed ? new NodeChange(performed, change.At, change.RunId) : null,
            };
        }
        catch (OperationCanceledException)
        {
            log.Write(ChaosLogLevel.Warning, accepted
                ? Interrupted(node)
                : $"Interrupted before Azure had answered for {node.Name}. This shows what became of it: Get-ClusterNode {node.Name} -PowerState");
            throw;
        }
        finally
        {
            log.Progress(ActivityText(node), "done", 100, completed: true);
        }
    }

    private string ActivityText(ClusterNode node) => $"{ActionText} {node.Name}";
}
