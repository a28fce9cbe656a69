using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Completion;
using ChaosPS.Sandboxes;

namespace ChaosPS.Commands;

/// <summary>Lets something of a sandbox's platform go wrong: an API that is away or asks to slow down, operations that fail or get lost.</summary>
[Cmdlet(VerbsCommon.Add, "ChaosSandboxFault", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SandboxFault))]
public sealed class AddChaosSandboxFaultCommand : SandboxFaultCommand
{
    /// <summary>What goes wrong.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public SandboxFaultKind Fault { get; set; }

    /// <summary>The one API that Throttling or Conflict is in front of; both when it is left out.</summary>
    [Parameter]
    public SandboxFaultTarget? Target { get; set; }

    /// <summary>The nodes whose machines the fault hits, for faults of machines such as FailedOperation; all when it is left out.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? NodeName { get; set; }

    /// <summary>How many requests, or operations, it hits; as many as come when it is left out.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <summary>How long it lasts, in the sandbox's time: <c>30s</c>, <c>5m</c>, or a number of seconds; until it is removed when it is left out.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? Duration { get; set; }

    /// <summary>How much longer a start takes under SlowStart: <c>10m</c>; five minutes when it is left out.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? Delay { get; set; }

    /// <summary>The error code of Azure under Refusal or FailedOperation, such as <c>ScopeLocked</c> or <c>AllocationFailed</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RefusalCodeCompleter))]
    public string? Code { get; set; }

    /// <summary>Writes the fault.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var sandbox = SandboxOrSessions;
        var fault = new SandboxFault { Fault = Fault, Target = Target, NodeName = NodeName, Count = Count, Delay = Delay, Code = Code };
        if (!ShouldProcess(sandbox.Name, $"Add fault {fault}")) return;
        var added = Run(TimeProvider.System, (_, stop) => sandbox.AddFaultAsync(fault, Duration, stop));
        if (PassThru) WriteObject(added);
    }
}
