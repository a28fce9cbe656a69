using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What importing the module does to the process, each in a process of its own.</summary>
public sealed class ImportTests
{
    private const string Assemblies = "[AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $_.GetName().Name + ' ' + $_.GetName().Version }";

    [Fact]
    public async Task Importing_loads_the_cmdlets_the_loader_and_the_domain_and_nothing_else_of_ours()
    {
        var loaded = await Child.RunAsync($"Import-Module '{Places.Manifest}'; {Assemblies}");

        var ours = Directory.GetFiles(Places.ModuleOutput, "*.dll", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(
            ["ChaosPS", "ChaosPS.Core", "ChaosPS.Loader"],
            loaded.Select(static line => line.Split(' ')[0]).Intersect(ours).Order(StringComparer.Ordinal));
    }
}
