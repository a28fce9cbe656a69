using System.Management.Automation;
using ChaosPS.Clusters;
using ChaosPS.Ports;
using ChaosPS.Resilience;
using ChaosPS.Safety;

namespace ChaosPS.Commands;

/// <summary>The base of the cmdlets that change whether pods come to nodes, one node after the other.</summary>
public abstract class NodeSchedulingCommand : NodeCommand
{
    private readonly List<ClusterNode> _planned = [];
    private RecoveryLog? _recovery;
    private BlastGate? _gate;

    /// <summary>Writes each node as it is afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The directory that holds the run folders; the user's state directory when it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StatePath { get; set; }

    /// <summary>What may be down at once by the parameters of this call; null when they do not say.</summary>
    private protected virtual int? MostDown => null;

    /// <summary>Refuses what a rule forbids, before anybody is asked about it.</summary>
    /// <param name="gate">The rules.</param>
    /// <param name="targets">The node, after those that <c>-WhatIf</c> was about.</param>
    /// <param name="log">Takes warnings.</param>
    /// <param name="stop">Ends the reading.</param>
    private protected abstract Task CheckAsync(BlastGate gate, IReadOnlyList<ClusterNode> targets, CommandSink log, CancellationToken stop);

    /// <summary>What is done to the node, for <c>-WhatIf</c> and <c>-Confirm</c>; refuses what cannot be done to it.</summary>
    private protected abstract Task<string> PlanAsync(ChaosConnection connection, ClusterNode node, CancellationToken stop);

    /// <summary>Asks the server whether it would do it: <c>-WhatIf</c> shows what would be refused, too.</summary>
    private protected abstract Task RehearseAsync(ChaosConnection connection, ClusterNode node, CommandSink log, CancellationToken stop);

    /// <summary>Whether it puts something right, so that neither a policy nor a full disk is to be in its way.</summary>
    private protected virtual bool IsRepair => false;

    /// <summary>Does it.</summary>
    /// <returns>The node as it is then.</returns>
    private protected abstract Task<ClusterNode> ChangeAsync(
        ChaosConnection connection, ChangeSet changes, BlastGate gate, ClusterNode node, CommandSink log, CancellationToken stop);

    /// <summary>The node as it is shown.</summary>
    private protected virtual object View(ClusterNode node) => node;

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var node in ResolveNodes()) Try(() => Change(node), node);
    }

    /// <summary>What it takes away from nodes; null when it takes nothing.</summary>
    private protected virtual LossAction? Loss(IReadOnlyList<string> nodes) => null;

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (Loss([.. _planned.Select(static node => node.Name)]) is { } loss) ShowForecast(loss);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _recovery?.Dispose();
        base.Dispose(disposing);
    }

    private void Change(ClusterNode node)
    {
        // Under -WhatIf nothing comes of the earlier targets, so the rules are asked about all of them together.
        var gate = _gate ??= IsRepair ? BlastGate.ForRepairs(Connection) : OpenGate(MostDown, StatePath);
        var action = Run(async (connection, log, stop) =>
        {
            await CheckAsync(gate, [.. _planned, node], log, stop);
            return await PlanAsync(connection, node, stop);
        });
        if (!MayChange($"{node.Name} of {node.Cluster.Name}", action, out var reason))
        {
            if (reason != ShouldProcessReason.WhatIf) return;
            _planned.Add(node);
            Run((connection, log, stop) => RehearseAsync(connection, node, log, stop));
            return;
        }

        var statePath = ResolvePath(StatePath);
        var changed = Run(async (connection, log, stop) =>
        {
            var command = MyInvocation.MyCommand.Name;
            _recovery ??= IsRepair
                ? await RecoveryLog.CreateForRepairAsync(statePath, command, connection, stop)
                : await RecoveryLog.CreateAsync(statePath, command, connection, stop);
            return await ChangeAsync(connection, new ChangeSet(connection, _recovery, log), gate, node, log, stop);
        });
        if (PassThru) WriteObject(View(changed));
    }
}
