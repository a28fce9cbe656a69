using System.Management.Automation;
using ChaosPS.Errors;
using ChaosPS.Sandboxes;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>The base of the cmdlets about faults of a sandbox's platform.</summary>
public abstract class SandboxFaultCommand : AsyncCommand
{
    /// <summary>The sandbox; the session's when it is left out.</summary>
    [Parameter]
    [ValidateNotNull]
    public ChaosSandbox? Sandbox { get; set; }

    /// <summary>The sandbox that is meant.</summary>
    /// <exception cref="ChaosException">None is named, and the session is connected to none: id <c>NoSandbox</c>.</exception>
    private protected ChaosSandbox SandboxOrSessions => Sandbox ?? Session.Current.Sandbox ?? throw ChaosErrors.NoSandbox();
}
