using System.Text.RegularExpressions;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What lies in the module's folder.</summary>
public sealed partial class ModuleFileTests
{
    [Fact]
    public void Nothing_that_PowerShell_ships_is_in_the_module()
    {
        var shipped = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "ShippedByPowerShell.txt")).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.Contains("System.Management.Automation.dll", shipped);

        var files = Directory.GetFiles(Places.ModuleOutput, "*", SearchOption.AllDirectories).Select(static path => Path.GetFileName(path)!);

        Assert.DoesNotContain(files, shipped.Contains);
    }

    [Fact]
    public void The_folder_holds_the_cmdlets_and_the_domain_and_lib_holds_what_is_isolated()
    {
        Assert.Equal(
            ["ChaosPS.Core.dll", "ChaosPS.dll"],
            Directory.GetFiles(Places.ModuleOutput, "*.dll").Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        var isolated = Directory.GetFiles(Path.Combine(Places.ModuleOutput, "lib"), "*.dll").Select(static path => Path.GetFileName(path)!).ToArray();
        Assert.Contains("ChaosPS.Providers.dll", isolated);
        Assert.Contains("ChaosPS.Sandbox.dll", isolated);
        Assert.DoesNotContain("ChaosPS.Core.dll", isolated);
    }

    [Fact]
    public void The_views_have_the_version_of_the_module()
    {
        var versions = Directory.GetFiles(Places.ModuleOutput, "*.psd1")
            .Select(static path => Version().Match(File.ReadAllText(path)).Groups[1].Value).ToArray();

        Assert.Equal(2, versions.Length);
        Assert.Equal([new DirectoryInfo(Places.ModuleOutput).Name], versions.Distinct());
    }

    [GeneratedRegex(@"ModuleVersion\s*=\s*'([^']+)'", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
