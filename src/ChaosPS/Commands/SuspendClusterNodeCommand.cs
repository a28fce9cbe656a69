using System.Management.Automation;
using ChaosPS.Clusters;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Commands;

/// <summary>Cordons nodes: what runs there goes on, and no new pods come. Resume-ClusterNode ends it.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "ClusterNode", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ClusterNode))]
public sealed class SuspendClusterNodeCommand : NodeSchedulingCommand
{
    private protected override Task CheckAsync(BlastGate gate, IReadOnlyList<ClusterNode> targets, CommandSink log, CancellationToken stop) =>
        gate.CheckAsync(targets[^1], stop);

    private protected override Task<string> PlanAsync(ChaosConnection connection, ClusterNode node, CancellationToken stop) => Task.FromResult("Cordon");

    private protected override Task RehearseAsync(ChaosConnection connection, ClusterNode node, CommandSink log, CancellationToken stop) =>
        connection.Cluster.SetUnschedulableAsync(node, unschedulable: true, dryRun: true, stop);

    private protected override Task<ClusterNode> ChangeAsync(
        ChaosConnection connection, ChangeSet changes, BlastGate gate, ClusterNode node, CommandSink log, CancellationToken stop) =>
        new NodeOperations(connection, changes, gate, log, held: true).CordonAsync(node, stop);
}
