using System.Collections;
using System.Management.Automation;
using ChaosPS.Sessions;

namespace ChaosPS.Completion;

/// <summary>Completes contexts of the kubeconfig, or of the one that <c>-KubeConfigPath</c> names.</summary>
public sealed class ContextCompleter : CachedCompleter
{
    private static readonly string[] s_pathNames = ["KubeConfigPath", "ConfigPath", "KubeConfig"];

    private protected override string? GetScope(IDictionary bound) =>
        s_pathNames.Select(name => bound[name]?.ToString()).FirstOrDefault(static path => !string.IsNullOrEmpty(path)) is { } path ? Resolve(path) : null;

    private protected override Task<IEnumerable<string?>> ReadAsync(Session session, string? scope, CancellationToken cancellationToken) =>
        Task.FromResult<IEnumerable<string?>>(Composer.Composition.GetContexts(scope));

    // A relative path starts at PowerShell's location, which is not the process's.
    private static string Resolve(string path)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddScript("$ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($args[0])").AddArgument(path);
        return shell.Invoke<string>().FirstOrDefault() ?? path;
    }
}
