using System.Management.Automation;
using System.Management.Automation.Host;
using System.Reflection;
using System.Runtime.Loader;

namespace ChaosPS.Loader;

/// <summary>
/// Answers three assembly names: Core from the module's folder into the default context, so that its types have names in PowerShell; Providers
/// and Sandbox from <c>lib/</c> into a private context, so that no other module's Azure, Kubernetes or YAML library can clash with ours.
/// </summary>
public sealed class ModuleLoader : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly string s_root = Path.GetDirectoryName(typeof(ModuleLoader).Assembly.Location)!;
    private static readonly PrivateContext s_private = new();

    /// <inheritdoc/>
    public void OnImport()
    {
        AssemblyLoadContext.Default.Resolving += Resolve;
        WarnOfFailoverClusters();
    }

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => AssemblyLoadContext.Default.Resolving -= Resolve;

    /// <summary>
    /// Windows' FailoverClusters has cmdlets of the same names, and the module that was imported last answers to them: a node that somebody
    /// meant to stop there must not be stopped here.
    /// </summary>
    private static void WarnOfFailoverClusters()
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        if (shell.AddCommand("Get-Module").AddParameter("Name", "FailoverClusters").Invoke().Count == 0) return;
        shell.Commands.Clear();
        var session = shell.AddScript("$Host, [string]$WarningPreference").Invoke();
        if (session is not [{ BaseObject: PSHost host }, { BaseObject: not ("SilentlyContinue" or "Ignore") }]) return;
        host.UI?.WriteWarningLine(
            "The module FailoverClusters is loaded too, and has cmdlets of the same names, such as Stop-ClusterNode. "
            + @"Say which is meant: ChaosPS\Stop-ClusterNode or FailoverClusters\Stop-ClusterNode.");
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) => name.Name switch
    {
        "ChaosPS.Core" => context.LoadFromAssemblyPath(Path.Combine(s_root, "ChaosPS.Core.dll")),
        "ChaosPS.Providers" or "ChaosPS.Sandbox" => s_private.LoadFromAssemblyName(name),
        _ => null,
    };

    private sealed class PrivateContext() : AssemblyLoadContext("ChaosPS")
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(s_root, "lib", assemblyName.Name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
