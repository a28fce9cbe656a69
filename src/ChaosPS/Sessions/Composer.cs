using ChaosPS.Ports;
using ChaosPS.Sandbox;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sessions;

/// <summary>The one place that names the isolated assemblies: they load when the first of these members is used, not at import.</summary>
internal static class Composer
{
    private static readonly Lazy<IComposition> s_composition = new(static () => new Providers.Composition());

    /// <summary>Makes the ports.</summary>
    public static IComposition Composition => s_composition.Value;

    /// <summary>The names of the built-in sandboxes.</summary>
    public static IReadOnlyList<string> SandboxNames => SandboxFactory.BuiltIn;

    /// <summary>Makes a built-in sandbox.</summary>
    /// <exception cref="Errors.ChaosException">There is none of that name.</exception>
    public static ChaosSandbox CreateSandbox(string name, int seed) => SandboxFactory.Create(name, seed);
}
