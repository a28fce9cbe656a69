using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Resilience;
using ChaosPS.Safety;
using ChaosPS.Views;

namespace ChaosPS.Commands;

/// <summary>Drains nodes as <c>kubectl drain</c> does: cordons them, evicts their pods, and waits until these are gone.</summary>
/// <remarks>
/// A drained node counts as down. Evicted pods are not brought back; their controllers make others elsewhere. Ctrl+C ends the waiting only.
/// </remarks>
[Cmdlet(VerbsCommon.Clear, "ClusterNode", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ClusterNode))]
public sealed class ClearClusterNodeCommand : NodeSchedulingCommand
{
    /// <summary>Leaves pods of DaemonSets where they are; otherwise they are a reason to refuse.</summary>
    [Parameter]
    [Alias("IgnoreDaemonSets")]
    public SwitchParameter IgnoreDaemonSet { get; set; }

    /// <summary>Takes away pods whose data on the node is lost with them; otherwise they are a reason to refuse.</summary>
    [Parameter]
    public SwitchParameter DeleteEmptyDirData { get; set; }

    /// <summary>Takes away pods that nothing makes again; otherwise they are a reason to refuse. It is kubectl's <c>--force</c>.</summary>
    [Parameter]
    public SwitchParameter IncludeUnmanaged { get; set; }

    /// <summary>Deletes pods instead of evicting them: no disruption budget is asked.</summary>
    [Parameter]
    public SwitchParameter DisableEviction { get; set; }

    /// <summary>A label selector: only these pods, such as <c>tier!=storage</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PodSelector { get; set; }

    /// <summary>Seconds between the termination signal and the kill; each pod's own when it is left out.</summary>
    [Parameter]
    [Alias("GracePeriod")]
    [ValidateRange(0, int.MaxValue)]
    public int GracePeriodSeconds { get; set; }

    /// <summary>How long a node may take: <c>30s</c>, <c>5m</c>, <c>PT5M</c>, or a number of seconds; 0 for as long as it takes.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [Duration]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Does not wait for pods that should have been gone for so long, as on a dead node.</summary>
    [Parameter]
    [Duration]
    public TimeSpan SkipWaitForDeleteTimeout { get; set; }

    /// <summary>How many nodes may be down at once, counting those that are down or drained already.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxNodesDown { get; set; } = 1;

    private protected override int? MostDown => Bound(nameof(MaxNodesDown)) ? MaxNodesDown : null;

    private DrainOptions Options => new()
    {
        IgnoreDaemonSet = IgnoreDaemonSet,
        DeleteEmptyDirData = DeleteEmptyDirData,
        IncludeUnmanaged = IncludeUnmanaged,
        DisableEviction = DisableEviction,
        PodSelector = PodSelector is null ? LabelSelector.Everything : LabelSelector.Parse(PodSelector),
        GracePeriodSeconds = Bound(nameof(GracePeriodSeconds)) ? GracePeriodSeconds : null,
        Timeout = Timeout == TimeSpan.Zero ? null : Timeout,
        SkipWaitForDeleteTimeout = Bound(nameof(SkipWaitForDeleteTimeout)) ? SkipWaitForDeleteTimeout : null,
    };

    private protected override Task CheckAsync(BlastGate gate, IReadOnlyList<ClusterNode> targets, CommandSink log, CancellationToken stop) =>
        gate.CheckDrainAsync(targets, log, stop);

    private protected override LossAction Loss(IReadOnlyList<string> nodes) => new DrainLoss(nodes, Options);

    private protected override async Task<string> PlanAsync(ChaosConnection connection, ClusterNode node, CancellationToken stop)
    {
        var plan = await NodeDrainer.PlanAsync(connection, node, Options, stop);
        return plan.Pods.Count == 0 ? "Cordon (there is nothing to evict)" : $"Cordon, then {(DisableEviction ? "delete" : "evict")} {string.Join(", ", plan.Pods)}";
    }

    private protected override async Task RehearseAsync(ChaosConnection connection, ClusterNode node, CommandSink log, CancellationToken stop)
    {
        await connection.Cluster.SetUnschedulableAsync(node, unschedulable: true, dryRun: true, stop);
        foreach (var pod in (await NodeDrainer.PlanAsync(connection, node, Options, stop)).Pods)
        {
            try
            {
                if (DisableEviction) await connection.Cluster.DeletePodAsync(pod, Options.GracePeriodSeconds, dryRun: true, stop);
                else await connection.Cluster.EvictPodAsync(pod, Options.GracePeriodSeconds, dryRun: true, stop);
            }
            catch (ChaosException exception) when (exception.Kind is ErrorKind.LimitExceeded or ErrorKind.Refused)
            {
                log.Write(ChaosLogLevel.Warning, exception.Message);
            }
        }
    }

    private protected override async Task<ClusterNode> ChangeAsync(
        ChaosConnection connection, ChangeSet changes, BlastGate gate, ClusterNode node, CommandSink log, CancellationToken stop)
    {
        try
        {
            return await new NodeDrainer(connection, changes, gate, log, held: true).DrainAsync(node, Options, stop);
        }
        catch (OperationCanceledException)
        {
            log.Write(ChaosLogLevel.Warning, $"What was evicted is not brought back. This lets pods come to the node again: Resume-ClusterNode {node.Name}");
            throw;
        }
    }

    private protected override object View(ClusterNode node) => NodeView.Drained(node);

    private bool Bound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);
}
