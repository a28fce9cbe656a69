using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace ChaosPS.Views;

/// <summary>Gives a session the views, when the first of its cmdlets begins.</summary>
/// <remarks>
/// For any file of views PowerShell builds its whole table of them anew. That would be a third of the import, and most who import want one command.
/// </remarks>
internal static class SessionViews
{
    private static readonly ConditionalWeakTable<Runspace, string> s_loaded = [];

    /// <summary>Loads them, unless this session has them.</summary>
    /// <returns>Why the session has no views; null when it has them.</returns>
    public static string? Load()
    {
        if (Runspace.DefaultRunspace is not { } session || s_loaded.TryGetValue(session, out _)) return null;
        var manifest = Path.Combine(Path.GetDirectoryName(typeof(SessionViews).Assembly.Location)!, "ChaosPS.Views.psd1");
        s_loaded.Add(session, manifest); // once, whatever comes of it: without views the objects are the same
        try
        {
            using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
            shell.AddCommand("Microsoft.PowerShell.Core\\Import-Module")
                .AddParameter("Name", manifest).AddParameter("Scope", "Global").AddParameter("ErrorAction", ActionPreference.Stop).Invoke();
            return null;
        }
        catch (RuntimeException exception)
        {
            return $"The views in '{manifest}' could not be loaded, so all properties are shown: {exception.Message}";
        }
    }
}
