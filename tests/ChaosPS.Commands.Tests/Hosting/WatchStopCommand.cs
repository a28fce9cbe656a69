using System.Management.Automation;

namespace ChaosPS.Commands.Tests.Hosting;

/// <summary>
/// Stands at the end of a pipeline and tells when a stop has reached it: by then it has reached the commands before it, since PowerShell stops
/// them in their order.
/// </summary>
[Cmdlet("Watch", "Stop")]
public sealed class WatchStopCommand : PSCmdlet
{
    /// <summary>Called when the pipeline is stopped.</summary>
    [Parameter(Mandatory = true)]
    public Action? OnStop { get; set; }

    /// <summary>What comes through the pipeline.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(InputObject);

    /// <inheritdoc/>
    protected override void StopProcessing() => OnStop!();
}
