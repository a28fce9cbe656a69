using System.Management.Automation.Host;

namespace ChaosPS.Commands;

/// <summary>Lines to the host itself, for the time when PowerShell takes no records any more.</summary>
internal static class HostLine
{
    /// <summary>Writes a line.</summary>
    public static void Write(PSHostUserInterface? ui, string text) => Try(() => ui?.WriteLine(text));

    /// <summary>Writes a warning.</summary>
    public static void Warn(PSHostUserInterface? ui, string text) => Try(() => ui?.WriteWarningLine(text));

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception)
        {
            // Whatever a host throws whose terminal was closed: nobody is there to be told, and what is being put back must go on.
        }
    }
}
