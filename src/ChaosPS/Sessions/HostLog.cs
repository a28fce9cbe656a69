using System.Management.Automation.Host;
using ChaosPS.Ports;

namespace ChaosPS.Sessions;

/// <summary>Shows warnings of what goes on beside the pipeline, where no cmdlet is that could write them.</summary>
internal sealed class HostLog(PSHostUserInterface? ui) : IChaosLog
{
    /// <inheritdoc/>
    public void Write(ChaosLogLevel level, string message)
    {
        if (level == ChaosLogLevel.Warning) ui?.WriteWarningLine(message);
    }

    /// <inheritdoc/>
    public void Progress(string activity, string status, int? percent, bool completed)
    {
    }
}
