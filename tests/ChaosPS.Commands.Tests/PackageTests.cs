using System.Xml.Linq;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What <c>dotnet pack</c> makes is what was built, what PowerShell's package cmdlets take, and what can be imported.</summary>
public sealed class PackageTests(BuiltPackage package) : IClassFixture<BuiltPackage>
{
    /// <summary>What NuGet puts into a package and PowerShell's package cmdlets take out again.</summary>
    private static readonly string[] s_ofNuGet = ["[Content_Types].xml", "_rels", "package", "ChaosPS.nuspec"];

    [Fact]
    public void Both_packages_hold_the_module_as_it_was_built_and_nothing_else()
    {
        var built = Files(Places.ModuleOutput).ToArray();

        Assert.Equal(built, Files(package.Zip));
        Assert.Equal(built, Files(package.NuGet).Where(static file => !s_ofNuGet.Contains(file.Split('/')[0])));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("LICENSE")]
    [InlineData("THIRD-PARTY-NOTICES.txt")]
    [InlineData("en-US/ChaosPS.dll-Help.xml")]
    [InlineData("en-US/about_ChaosPS.help.txt")]
    public void A_package_holds(string file) => Assert.Contains(file, Files(package.Zip));

    [Fact]
    public void The_notices_name_every_foreign_package_in_lib()
    {
        var notices = File.ReadAllText(Path.Combine(package.Zip, "THIRD-PARTY-NOTICES.txt"));

        Assert.All(
            Directory.GetFiles(Path.Combine(package.Zip, "lib")).Select(static file => Path.GetFileNameWithoutExtension(file)).Where(static name => !name.StartsWith("ChaosPS.", StringComparison.Ordinal)),
            name => Assert.Contains($"\n{name} ", notices, StringComparison.Ordinal));
    }

    [Fact]
    public void The_package_says_what_the_manifest_says()
    {
        using var engine = new Engine();
        var manifest = engine.Invoke($"Test-ModuleManifest '{Places.Manifest}'")[0];
        var nuspec = XDocument.Load(Path.Combine(package.NuGet, "ChaosPS.nuspec")).Root!.Elements().Single();

        Assert.Equal("ChaosPS", Text("id"));
        Assert.Equal(manifest.Properties["Version"].Value.ToString(), Text("version"));
        Assert.Equal(manifest.Properties["Author"].Value, Text("authors"));
        Assert.Equal(manifest.Properties["Description"].Value, Text("description"));
        Assert.Equal(manifest.Properties["ReleaseNotes"].Value, Text("releaseNotes"));
        Assert.Equal("MIT", Text("license"));
        Assert.Equal("README.md", Text("readme"));
        Assert.DoesNotContain(nuspec.Descendants(), static element => element.Name.LocalName is "dependency" or "group");

        string Text(string name) => nuspec.Elements().Single(element => element.Name.LocalName == name).Value;
    }

    [Fact]
    public void The_tags_are_those_by_which_PowerShell_finds_a_module_and_its_cmdlets()
    {
        using var engine = new Engine();
        string[] cmdlets = [.. engine.Invoke("(Get-Command -Module ChaosPS).Name").Select(static name => name.ToString())];
        string[] tags = [.. engine.Invoke($"(Test-ModuleManifest '{Places.Manifest}').Tags").Select(static tag => tag.ToString())];
        var nuspec = XDocument.Load(Path.Combine(package.NuGet, "ChaosPS.nuspec"));

        Assert.Equal(
            [.. new[] { "PSModule", "PSIncludes_Cmdlet" }.Concat(tags), .. cmdlets.Order(StringComparer.Ordinal).SelectMany(static name => new[] { $"PSCmdlet_{name}", $"PSCommand_{name}" })],
            nuspec.Descendants().Single(static element => element.Name.LocalName == "tags").Value.Split(' '));
    }

    [Theory]
    [InlineData(nameof(BuiltPackage.Zip))]
    [InlineData(nameof(BuiltPackage.NuGet))]
    public async Task An_unpacked_package_can_be_imported_used_and_asked_for_help(string kind)
    {
        var folder = kind == nameof(BuiltPackage.Zip) ? package.Zip : package.NuGet;

        var output = await Child.RunAsync($"""
            (Test-ModuleManifest '{folder}/ChaosPS.psd1').Version.ToString()
            Import-Module '{folder}'
            (Get-Module ChaosPS).ModuleBase
            (New-ChaosSandbox contactsapp | Connect-ChaosCluster).Name
            (Get-ClusterNode).Count
            (Get-Help Stop-ClusterNode).examples.example.Count
            (Get-Help about_ChaosPS).Split([char] 10)[0]
            """);

        Assert.Equal([Path.GetFileName(Path.TrimEndingDirectorySeparator(Places.ModuleOutput)), folder, "contactsapp", "3", "4", "TOPIC"], output);
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);
}
