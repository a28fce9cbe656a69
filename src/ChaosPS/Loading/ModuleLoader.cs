using System.ComponentModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Reflection;
using System.Runtime.Loader;
using ChaosPS.Sessions;

namespace ChaosPS.Loading;

/// <summary>
/// Answers two assembly names: Providers and Sandbox come from <c>lib/</c> into a private context, so that no other module's Azure, Kubernetes or
/// YAML library can clash with ours.
/// </summary>
/// <remarks>Core lies beside this assembly, where .NET finds it: in the default context, so that its types have names in PowerShell.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModuleLoader : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnImport()
    {
        AssemblyLoadContext.Default.Resolving += Resolve;
        WarnOfFailoverClusters();
    }

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        Session.Current.StopServing();
        AssemblyLoadContext.Default.Resolving -= Resolve;
    }

    /// <summary>
    /// Windows' FailoverClusters has cmdlets of the same names, and the module that was imported last answers to them: a node that somebody
    /// meant to stop there must not be stopped here.
    /// </summary>
    private static void WarnOfFailoverClusters()
    {
        // The state of a module of no content is the cheapest way to the session's commands: to ask them in a pipeline is a tenth of the import.
        var session = new PSModuleInfo(linkToGlobal: true).SessionState;
        foreach (var command in session.InvokeCommand.GetCommands("Stop-ClusterNode", CommandTypes.Cmdlet | CommandTypes.Function, nameIsPattern: false))
        {
            if (command.ModuleName != "FailoverClusters" || $"{session.PSVariable.GetValue("WarningPreference")}" is "SilentlyContinue" or "Ignore") continue;
            (session.PSVariable.GetValue("Host") as PSHost)?.UI?.WriteWarningLine(
                "The module FailoverClusters is loaded too, and has cmdlets of the same names, such as Stop-ClusterNode. "
                + @"Say which is meant: ChaosPS\Stop-ClusterNode or FailoverClusters\Stop-ClusterNode.");
        }
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name is "ChaosPS.Providers" or "ChaosPS.Sandbox" ? PrivateContext.Instance.LoadFromAssemblyName(name) : null;

    private sealed class PrivateContext() : AssemblyLoadContext("ChaosPS")
    {
        private static readonly string s_folder = Path.Combine(Path.GetDirectoryName(typeof(ModuleLoader).Assembly.Location)!, "lib");

        public static PrivateContext Instance { get; } = new();

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(s_folder, assemblyName.Name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
