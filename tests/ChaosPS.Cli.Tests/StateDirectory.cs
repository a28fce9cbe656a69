using System.Runtime.CompilerServices;

namespace ChaosPS.Cli.Tests;

/// <summary>Keeps the tests' run folders out of the user's own.</summary>
internal static class StateDirectory
{
    [ModuleInitializer]
    internal static void Choose() => Environment.SetEnvironmentVariable("XDG_STATE_HOME", Path.Combine(AppContext.BaseDirectory, "state"));
}
