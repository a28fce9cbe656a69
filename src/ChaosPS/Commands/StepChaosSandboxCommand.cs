using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Errors;
using ChaosPS.Sandboxes;
using ChaosPS.Sessions;
using ChaosPS.Views;

namespace ChaosPS.Commands;

/// <summary>Lets time pass in a sandbox at once: where it stands still between commands, and where it runs.</summary>
[Cmdlet(VerbsCommon.Step, "ChaosSandbox")]
[OutputType(typeof(ChaosSandbox))]
public sealed class StepChaosSandboxCommand : AsyncCommand
{
    /// <summary>How long: <c>30s</c>, <c>5m</c>, <c>PT5M</c>, or a number of seconds.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Duration]
    public TimeSpan Duration { get; set; }

    /// <summary>The sandbox; the session's when it is left out.</summary>
    [Parameter(ValueFromPipeline = true)]
    public ChaosSandbox? InputObject { get; set; }

    /// <summary>Writes the sandbox.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var sandbox = InputObject ?? Session.Current.Sandbox ?? throw ChaosErrors.NoSandbox();
        Run(TimeProvider.System, (_, stop) => sandbox.StepAsync(Duration, stop));
        WriteVerbose($"It is {sandbox.Now:u} in sandbox {sandbox.Name}.");
        if (PassThru) WriteObject(SandboxView.Of(sandbox));
    }
}
