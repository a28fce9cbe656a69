using ChaosPS.Ports;
using ChaosPS.Sandbox;
using ChaosPS.Sandbox.Serving;
using ChaosPS.Sandboxes;
using ChaosPS.Snapshots;

namespace ChaosPS.Sessions;

/// <summary>The one place that names the isolated assemblies: they load when the first of these members is used, not at import.</summary>
internal static class Composer
{
    private static readonly Lazy<IComposition> s_composition = new(static () => new Providers.Composition());

    /// <summary>Makes the ports.</summary>
    public static IComposition Composition => s_composition.Value;

    /// <summary>The names of the built-in sandboxes.</summary>
    public static IReadOnlyList<string> SandboxNames => SandboxFactory.BuiltIn;

    /// <summary>The sizes that nodes of a sandbox can have.</summary>
    public static IReadOnlyList<string> NodeSizes => SandboxFactory.NodeSizes;

    /// <summary>Makes a sandbox: a built-in one, or of the snapshot or manifests of a path.</summary>
    /// <exception cref="Errors.ChaosException">There is no such source, or it cannot be read.</exception>
    public static ChaosSandbox CreateSandbox(string source, SandboxOptions options, IChaosLog log) =>
        SandboxFactory.Create(source, options, Composition.Documents, log);

    /// <summary>Makes a copy of a cluster to rehearse on.</summary>
    public static ChaosSandbox CreateRehearsal(SnapshotDocument snapshot, IReadOnlyDictionary<string, string> environment, int seed, IChaosLog log) =>
        SandboxFactory.Create(snapshot, environment, new SandboxOptions { Seed = seed }, log);

    /// <summary>Serves a sandbox to other processes.</summary>
    /// <exception cref="Errors.ChaosException">It cannot be served at that address, or the kubeconfig not be written.</exception>
    public static async Task<ServingSandbox> ServeAsync(ChaosSandbox sandbox, string address, string? kubeConfigPath, IChaosLog log)
    {
        if (kubeConfigPath is not null) SandboxKubeConfig.Clear(kubeConfigPath);
        var server = SandboxServer.Start(sandbox, address, log);
        try
        {
            return new ServingSandbox(server.Sandbox, server, kubeConfigPath is null ? null : SandboxKubeConfig.Write(kubeConfigPath, server.Sandbox));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
