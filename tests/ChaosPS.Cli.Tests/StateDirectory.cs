using System.Runtime.CompilerServices;

namespace ChaosPS.Cli.Tests;

/// <summary>Keeps the tests' run folders out of the user's own, and plants what no run may leave in them.</summary>
internal static class StateDirectory
{
    [ModuleInitializer]
    internal static void Choose()
    {
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", Path.Combine(AppContext.BaseDirectory, "state"));
        foreach (var variable in (string[])["AZURE_CLIENT_SECRET", "AZURE_PASSWORD", "KUBERNETES_API_KEY"])
            Environment.SetEnvironmentVariable(variable, "planted-in-the-suite");
    }
}
