using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What importing the module does to the process, each in a process of its own.</summary>
public sealed class ImportTests
{
    private const string Assemblies = "[AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $_.GetName().Name + ' ' + $_.GetName().Version }";

    [Fact]
    public async Task Importing_loads_the_cmdlets_and_the_domain_and_nothing_else_of_ours()
    {
        var loaded = await Child.RunAsync($"Import-Module '{Places.Manifest}'; {Assemblies}");

        var ours = Directory.GetFiles(Places.ModuleOutput, "*.dll", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(
            ["ChaosPS", "ChaosPS.Core"],
            loaded.Select(static line => line.Split(' ')[0]).Intersect(ours).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_different_YamlDotNet_loaded_beforehand_does_no_harm()
    {
        var output = await Child.RunAsync($$"""
            [void][System.Reflection.Assembly]::LoadFrom('{{Places.OtherYamlDotNet}}')
            Import-Module '{{Places.Manifest}}'
            [void](New-ChaosSandbox contactsapp)
            (Test-ChaosExperiment '{{Places.Sample("stop-node.yaml")}}').IsValid
            {{Assemblies}}
            """);

        Assert.Equal("True", output[0]);
        Assert.Equal(["YamlDotNet 13.7.1.0", "YamlDotNet 18.0.0.0"], output.Where(static line => line.StartsWith("YamlDotNet ", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task The_types_of_the_domain_have_names_and_the_libraries_behind_them_have_none()
    {
        var output = await Child.RunAsync($$"""
            Import-Module '{{Places.Manifest}}'
            [void](New-ChaosSandbox contactsapp)
            [ChaosPS.Clusters.ClusterNode].FullName
            $null -eq ('YamlDotNet.Core.Parser' -as [type])
            """);

        Assert.Equal(["ChaosPS.Clusters.ClusterNode", "True"], output);
    }

    [Theory]
    [InlineData("FailoverClusters", true)]
    [InlineData("SomethingElse", false)]
    public void Importing_beside_FailoverClusters_warns_of_the_cmdlets_that_have_the_same_names(string other, bool warns)
    {
        using var engine = new Engine();
        engine.Invoke($"Remove-Module ChaosPS; New-Module {other} {{ function Stop-ClusterNode {{ }} }} | Import-Module");

        engine.Invoke($"Import-Module '{Places.Manifest}'");

        Assert.Equal(warns, engine.Host.Text.Contains("WARNING: The module FailoverClusters is loaded too", StringComparison.Ordinal));
        if (warns) Assert.Contains(@"ChaosPS\Stop-ClusterNode", engine.Host.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_module_can_be_removed_and_imported_again()
    {
        var output = await Child.RunAsync($$"""
            Import-Module '{{Places.Manifest}}'
            Remove-Module ChaosPS
            Import-Module '{{Places.Manifest}}' -Force
            [void](New-ChaosSandbox contactsapp)
            (Get-ClusterNode).Count
            """);

        Assert.Equal(["3"], output);
    }

    [Fact]
    public void The_views_come_with_the_first_cmdlet_and_are_there_for_what_it_writes()
    {
        using var engine = new Engine();
        Assert.Empty(engine.Invoke("Get-Module ChaosPS.Views"));

        engine.Invoke("New-ChaosSandbox contactsapp | Out-Default");

        Assert.Single(engine.Invoke("Get-Module ChaosPS.Views"));
        Assert.Contains("Seed", engine.Host.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_imported_again_has_its_views()
    {
        using var engine = new Engine();
        engine.Invoke("[void](New-ChaosSandbox contactsapp)");

        engine.Invoke($"Remove-Module ChaosPS; Import-Module '{Places.Manifest}'; [void](New-ChaosSandbox contactsapp); Get-ClusterNode | Out-Default");

        Assert.Contains("Pool", engine.Host.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_without_the_views_says_so_in_verbose_and_works()
    {
        var output = await Child.RunAsync($$"""
            $copy = [System.IO.Path]::Join([System.IO.Path]::GetTempPath(), "chaosps-views-$PID")
            [void][System.IO.Directory]::CreateDirectory($copy)
            foreach ($file in [System.IO.Directory]::GetFiles('{{Places.ModuleOutput}}')) { [System.IO.File]::Copy($file, [System.IO.Path]::Join($copy, [System.IO.Path]::GetFileName($file))) }
            [System.IO.File]::Delete([System.IO.Path]::Join($copy, 'ChaosPS.Format.ps1xml'))
            Import-Module ([System.IO.Path]::Join($copy, 'ChaosPS.psd1'))
            @(Get-ChaosSandbox -Verbose 4>&1).Count
            [System.IO.Directory]::Delete($copy, $true)
            """);

        Assert.Equal(["1"], output);
    }
}
