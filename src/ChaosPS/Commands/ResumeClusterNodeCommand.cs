using System.Management.Automation;
using ChaosPS.Clusters;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Commands;

/// <summary>Ends the cordon of nodes, whoever made it.</summary>
[Cmdlet(VerbsLifecycle.Resume, "ClusterNode", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ClusterNode))]
public sealed class ResumeClusterNodeCommand : NodeSchedulingCommand
{
    private protected override bool IsRepair => true;

    private protected override Task CheckAsync(BlastGate gate, IReadOnlyList<ClusterNode> targets, CommandSink log, CancellationToken stop) =>
        Task.CompletedTask; // no rule is in the way of a repair

    private protected override Task<string> PlanAsync(ChaosConnection connection, ClusterNode node, CancellationToken stop) => Task.FromResult("Uncordon");

    private protected override Task RehearseAsync(ChaosConnection connection, ClusterNode node, CommandSink log, CancellationToken stop) =>
        connection.Cluster.SetUnschedulableAsync(node, unschedulable: false, dryRun: true, stop);

    private protected override async Task<ClusterNode> ChangeAsync(
        ChaosConnection connection, ChangeSet changes, BlastGate gate, ClusterNode node, CommandSink log, CancellationToken stop)
    {
        var resumed = await new NodeOperations(connection, changes, gate, log, held: true).UncordonAsync(node, stop);
        HeldRuns.Uncordoned(new RunStore(ResolvePath(StatePath)), node.Cluster.Id, node.Name, connection.Time, log);
        return resumed;
    }
}
