using System.Management.Automation;
using ChaosPS.Sandboxes;

namespace ChaosPS.Commands;

/// <summary>Gets the faults of a sandbox's platform that are there now.</summary>
[Cmdlet(VerbsCommon.Get, "ChaosSandboxFault")]
[OutputType(typeof(SandboxFault))]
public sealed class GetChaosSandboxFaultCommand : SandboxFaultCommand
{
    /// <inheritdoc/>
    protected override void Process()
    {
        var sandbox = SandboxOrSessions;
        WriteObject(Run(TimeProvider.System, (_, stop) => sandbox.GetFaultsAsync(stop)), enumerateCollection: true);
    }
}
