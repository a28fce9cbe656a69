using System.Management.Automation;
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
    public void OnImport() => AssemblyLoadContext.Default.Resolving += Resolve;

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => AssemblyLoadContext.Default.Resolving -= Resolve;

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
