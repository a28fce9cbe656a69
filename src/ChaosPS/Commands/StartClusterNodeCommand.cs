using System.Management.Automation;
using ChaosPS.Clusters;

namespace ChaosPS.Commands;

/// <summary>Starts the machines behind nodes.</summary>
[Cmdlet(VerbsLifecycle.Start, "ClusterNode", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ClusterNode))]
public sealed class StartClusterNodeCommand : NodePowerCommand
{
    private protected override PowerAction Action => PowerAction.Start;

    private protected override string ActionText => "Start";

    private protected override string Interrupted(ClusterNode node) =>
        $"The waiting was ended; Azure goes on starting {node.Name}. This waits for it again: Wait-ClusterNode {node.Name} -State Ready";
}
