using System.Management.Automation;
using ChaosPS.Clusters;

namespace ChaosPS.Commands;

/// <summary>Stops the machines behind nodes. Start-ClusterNode ends it.</summary>
/// <remarks>
/// One node at a time: what is down already counts, and more is refused until <c>-MaxNodesDown</c> allows it; those are stopped together.
/// Ctrl+C ends the waiting only.
/// </remarks>
[Cmdlet(VerbsLifecycle.Stop, "ClusterNode", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ClusterNode))]
public sealed class StopClusterNodeCommand : NodePowerCommand
{
    /// <summary>Gives up the hardware too, so that the machine is not billed; it may come back on other hardware.</summary>
    [Parameter]
    public SwitchParameter Deallocate { get; set; }

    /// <summary>Cuts the power without shutting the guest down, as a failing host would. Not together with <c>-Deallocate</c>.</summary>
    [Parameter]
    public SwitchParameter SkipShutdown { get; set; }

    /// <summary>How many nodes may be down at once, counting those that are down already.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxNodesDown { get; set; } = 1;

    private protected override PowerAction Action => Deallocate ? PowerAction.Deallocate : PowerAction.PowerOff;

    private protected override string ActionText => Deallocate ? "Deallocate" : SkipShutdown ? "Cut the power of" : "Stop";

    private protected override bool CutsPower => SkipShutdown;

    private protected override int? MostDown => MyInvocation.BoundParameters.ContainsKey(nameof(MaxNodesDown)) ? MaxNodesDown : null;

    private protected override string Interrupted(ClusterNode node) =>
        $"The waiting was ended; Azure goes on stopping {node.Name}, and nothing starts it again by itself. This does: Start-ClusterNode {node.Name}";

    private protected override string? Left(ClusterNode node) =>
        $"{node.Name} was stopped, and nothing starts it again by itself. This does: Start-ClusterNode {node.Name}";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Deallocate && SkipShutdown) ThrowTerminatingError(Errors.ChaosErrors.DeallocateShutsDown().ToErrorRecord());
    }
}
