using System.Reflection;

namespace ChaosPS.Commands.Tests.Hosting;

/// <summary>Where the build put things.</summary>
internal static class Places
{
    public static string RepositoryRoot { get; } = Get("RepositoryRoot");

    public static string Configuration { get; } = Get("Configuration");

    public static string ModuleOutput { get; } = Get("ModuleOutput");

    public static string Manifest { get; } = Path.Combine(ModuleOutput, "ChaosPS.psd1");

    public static string EngineHost { get; } = Get("EngineHost");

    public static string OtherYamlDotNet { get; } = Get("OtherYamlDotNet");

    public static string Sample(string name) => Path.Combine(RepositoryRoot, "docs", "samples", name);

    private static string Get(string key) =>
        typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
