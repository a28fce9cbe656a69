using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace ChaosPS.Cli.Tests;

/// <summary>
/// PowerShell's engine fills its tables of cmdlets when the first runspace of a process is opened, and two first ones at once can find them half full:
/// so one is opened before the tests begin.
/// </summary>
internal static class FirstEngine
{
    [ModuleInitializer]
    internal static void Open()
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
    }
}
