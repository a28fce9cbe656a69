using System.Management.Automation;
using System.Reflection;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What scripts and programs can lean on: every cmdlet with its parameters, and every public member of ChaosPS.Core.</summary>
public sealed class PublicSurfaceTests : IDisposable
{
    /// <summary>Set it to write the surface as it is now; the difference then belongs into the change, and into the changelog.</summary>
    private const string UpdateVariable = "CHAOSPS_UPDATE_SURFACE";

    private static readonly string s_file = Path.Combine(Places.RepositoryRoot, "tests", "ChaosPS.Commands.Tests", "PublicSurface.txt");

    private readonly Engine _engine = new();

    private IReadOnlyList<CmdletInfo> Cmdlets => [.. _engine.Invoke("Get-Command -Module ChaosPS").Select(static item => (CmdletInfo)item.BaseObject)];

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void The_public_surface_is_the_one_that_is_written_down()
    {
        var core = (Assembly)_engine.Invoke("[ChaosPS.Clusters.ClusterNode].Assembly").Single().BaseObject;
        string[] now =
        [
            .. Cmdlets.OrderBy(static cmdlet => cmdlet.Name, StringComparer.Ordinal).SelectMany(Describe),
            .. core.GetExportedTypes().OrderBy(static type => type.FullName, StringComparer.Ordinal).SelectMany(Describe),
        ];
        if (Environment.GetEnvironmentVariable(UpdateVariable) is not null) File.WriteAllLines(s_file, now);

        var written = File.ReadAllLines(s_file);
        var hint = $"Run the test with {UpdateVariable}=1 to write it down, and say so in the changelog.";
        Assert.True(!written.Except(now).Any(), $"Gone: {string.Join("; ", written.Except(now).Take(5))}. {hint}");
        Assert.True(!now.Except(written).Any(), $"New: {string.Join("; ", now.Except(written).Take(5))}. {hint}");
    }

    [Fact]
    public void Every_cmdlet_is_typed_in_a_test()
    {
        var tests = Directory.GetFiles(Path.GetDirectoryName(s_file)!, "*Tests.cs").Select(File.ReadAllText).ToArray();

        Assert.All(Cmdlets, cmdlet => Assert.Contains(tests, test => test.Contains(cmdlet.Name + " ", StringComparison.Ordinal)
            || test.Contains(cmdlet.Name + "\"", StringComparison.Ordinal) || test.Contains(cmdlet.Name + ";", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Describe(CmdletInfo cmdlet) => cmdlet.ParameterSets
        .OrderBy(static set => set.Name, StringComparer.Ordinal)
        .SelectMany(set => set.Parameters
            .Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name) && !Cmdlet.OptionalCommonParameters.Contains(parameter.Name))
            .OrderBy(static parameter => parameter.Name, StringComparer.Ordinal)
            .Select(parameter => $"{cmdlet.Name} [{set.Name}] -{parameter.Name} <{parameter.ParameterType.Name}>"
                + (parameter.Aliases.Count > 0 ? $" aliases {string.Join(',', parameter.Aliases.Order(StringComparer.Ordinal))}" : "")
                + (parameter.IsMandatory ? " mandatory" : "")
                + (parameter.Position >= 0 ? $" position {parameter.Position}" : "")
                + (parameter.ValueFromPipeline ? " by value" : "")
                + (parameter.ValueFromPipelineByPropertyName ? " by property name" : "")))
        .DefaultIfEmpty(cmdlet.Name);

    private static IEnumerable<string> Describe(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(static member => member is not MethodBase { IsSpecialName: true } and not Type && member.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null)
        .Select(member => $"{type.FullName}: {member}")
        .Order(StringComparer.Ordinal)
        .Prepend($"{type.FullName}");
}
