using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What is true of every cmdlet.</summary>
public sealed partial class MetaTests : IDisposable
{
    private static readonly string[] s_changing =
        ["Add-", "Clear-", "Export-", "Invoke-", "New-ChaosExperiment", "Remove-", "Restart-", "Restore-", "Resume-", "Set-", "Start-", "Stop-", "Suspend-", "Update-"];

    private readonly Engine _engine = new();

    private IReadOnlyList<CmdletInfo> Cmdlets => [.. _engine.Invoke("Get-Command -Module ChaosPS").Select(static item => (CmdletInfo)item.BaseObject)];

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void The_manifest_exports_exactly_the_cmdlets_that_the_assembly_has()
    {
        var inAssembly = Cmdlets[0].ImplementingType.Assembly.GetExportedTypes()
            .Select(static type => type.GetCustomAttribute<CmdletAttribute>()).OfType<CmdletAttribute>()
            .Select(static cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}").Order();

        Assert.Equal(inAssembly, Cmdlets.Select(static cmdlet => cmdlet.Name).Order());
        Assert.Empty(_engine.Invoke("(Get-Module ChaosPS).ExportedFunctions.Keys; (Get-Module ChaosPS).ExportedAliases.Keys; (Get-Module ChaosPS).ExportedVariables.Keys"));
    }

    [Fact]
    public void Every_verb_is_approved_and_every_noun_singular()
    {
        var approved = new[] { typeof(VerbsCommon), typeof(VerbsLifecycle), typeof(VerbsDiagnostic), typeof(VerbsCommunications), typeof(VerbsData), typeof(VerbsSecurity), typeof(VerbsOther) }
            .SelectMany(static type => type.GetFields()).Select(static field => (string)field.GetValue(null)!).ToHashSet();

        Assert.All(Cmdlets, cmdlet =>
        {
            Assert.Contains(cmdlet.Verb, approved);
            Assert.DoesNotMatch("[^s]s$", cmdlet.Noun);
        });
    }

    [Fact]
    public void Every_class_is_named_after_its_cmdlet_is_sealed_and_says_what_it_writes()
    {
        Assert.All(Cmdlets, static cmdlet =>
        {
            Assert.Equal($"ChaosPS.Commands.{cmdlet.Verb}{cmdlet.Noun}Command", cmdlet.ImplementingType.FullName);
            Assert.True(cmdlet.ImplementingType.IsSealed);
            Assert.NotEmpty(cmdlet.ImplementingType.GetCustomAttributes<OutputTypeAttribute>());
        });
    }

    [Fact]
    public void Every_cmdlet_that_changes_something_supports_ShouldProcess_and_no_other_does()
    {
        Assert.All(Cmdlets, static cmdlet => Assert.Equal(
            s_changing.Any(verb => cmdlet.Name.StartsWith(verb, StringComparison.Ordinal)),
            cmdlet.ImplementingType.GetCustomAttribute<CmdletAttribute>()!.SupportsShouldProcess));
    }

    [Fact]
    public void Every_parameter_set_has_at_most_four_positions_and_one_value_from_the_pipeline()
    {
        Assert.All(Cmdlets.SelectMany(static cmdlet => cmdlet.ParameterSets), static set =>
        {
            Assert.True(set.Parameters.Count(static parameter => parameter.ValueFromPipeline) <= 1);
            var positions = set.Parameters.Where(static parameter => parameter.Position >= 0).Select(static parameter => parameter.Position).ToArray();
            Assert.True(positions.Length <= 4);
            Assert.Equal(positions.Distinct(), positions);
        });
    }

    [Fact]
    public void Every_type_that_a_cmdlet_writes_has_a_view()
    {
        var types = Cmdlets.SelectMany(static cmdlet => cmdlet.OutputType).Select(static type => type.Name).Where(static name => name.StartsWith("ChaosPS.", StringComparison.Ordinal)).Distinct();
        var views = File.ReadAllText(Path.Combine(Places.ModuleOutput, "ChaosPS.Format.ps1xml"));

        Assert.All(types, type => Assert.Contains($"<TypeName>{type}</TypeName>", views, StringComparison.Ordinal));
    }

    [Fact]
    public void No_parameter_is_an_interface_or_a_type_of_the_isolated_libraries()
    {
        string[] allowed = ["System.Private.CoreLib", "System.Private.Uri", "System.Management.Automation", "ChaosPS.Core", "ChaosPS"];
        var types = Cmdlets.SelectMany(static cmdlet => cmdlet.Parameters.Values)
            .Select(static parameter => parameter.ParameterType.GetElementType() ?? parameter.ParameterType);

        Assert.All(types, type => Assert.Contains(type.Assembly.GetName().Name, allowed));
    }

    [Fact]
    public void Every_error_id_that_a_page_names_is_one_that_can_occur()
    {
        var sources = Directory.GetFiles(Path.Combine(Places.RepositoryRoot, "src", "ChaosPS.Core", "Errors"), "*.cs").Select(File.ReadAllText).ToArray();
        var named = Directory.GetFiles(Path.Combine(Places.RepositoryRoot, "docs", "cmdlets"), "*.md")
            .SelectMany(static page => ErrorIds().Matches(File.ReadAllText(page).Split("## Errors") is [_, var errors] ? errors.Split("\n## ")[0] : ""))
            .Select(static match => match.Groups[1].Value).Distinct().ToArray();

        Assert.NotEmpty(named);
        Assert.All(named, id => Assert.Contains(sources, source => source.Contains($"\"{id}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_manifest_is_one_that_PowerShell_takes()
    {
        Assert.Single(_engine.Invoke($"Test-ModuleManifest '{Places.Manifest}'"));
    }

    /// <summary>The first column of a table's rows, but for its head.</summary>
    [GeneratedRegex(@"(?m)^\| (?!Id )([A-Z]\w+) \|")]
    private static partial Regex ErrorIds();
}
