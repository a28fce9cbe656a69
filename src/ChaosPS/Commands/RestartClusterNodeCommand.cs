using System.Management.Automation;
using ChaosPS.Clusters;

namespace ChaosPS.Commands;

/// <summary>Restarts the machines behind nodes; one that is off is started.</summary>
[Cmdlet(VerbsLifecycle.Restart, "ClusterNode", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ClusterNode))]
public sealed class RestartClusterNodeCommand : NodePowerCommand
{
    /// <summary>How many nodes may be down at once, counting those that are down already.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxNodesDown { get; set; } = 1;

    private protected override PowerAction Action => PowerAction.Restart;

    private protected override string ActionText => "Restart";

    private protected override int? MostDown => MyInvocation.BoundParameters.ContainsKey(nameof(MaxNodesDown)) ? MaxNodesDown : null;

    /// <summary>A machine that has booted is Ready within a minute or two.</summary>
    private protected override TimeSpan? Settles => TimeSpan.FromMinutes(10);

    private protected override string Interrupted(ClusterNode node) =>
        $"The waiting was ended; Azure goes on restarting {node.Name}. This waits for it again: Wait-ClusterNode {node.Name} -State Ready";
}
