using System.Management.Automation;

namespace ChaosPS.Commands;

/// <summary>Ends faults of a sandbox's platform.</summary>
[Cmdlet(VerbsCommon.Remove, "ChaosSandboxFault", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(void))]
public sealed class RemoveChaosSandboxFaultCommand : SandboxFaultCommand
{
    /// <summary>Numbers of faults, as Get-ChaosSandboxFault shows them; it can be piped here.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    public int[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override void Process()
    {
        var sandbox = SandboxOrSessions;
        foreach (var id in Id)
        {
            if (!ShouldProcess($"{sandbox.Name}, fault {id}", "Remove fault")) continue;
            Try(() => Run(TimeProvider.System, (_, stop) => sandbox.RemoveFaultAsync(id, stop)));
        }
    }
}
