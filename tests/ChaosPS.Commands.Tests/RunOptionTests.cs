using System.Text.Json.Nodes;
using ChaosPS.Commands.Tests.Hosting;
using ChaosPS.Tests;

namespace ChaosPS.Commands.Tests;

/// <summary>The parameters that are options of <c>chaos run</c>. The command line has the same cases.</summary>
public sealed class RunOptionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaosps-options-");

    public static TheoryData<string> Names => [.. RunOptionCase.All.Keys];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_parameter_makes_of_the_run_what_it_says(string name)
    {
        using var engine = Engine.WithSandbox();
        var option = RunOptionCase.All[name];
        var path = RunOptionCase.Prepare(_folder.FullName, name);
        var journal = Path.Combine(_folder.FullName, "journal.json");

        engine.Invoke($"Invoke-ChaosExperiment '{path}' -JournalPath '{journal}' {option.Cmdlet.Replace("@/", _folder.FullName + "/", StringComparison.Ordinal)} -WarningAction Ignore");

        Assert.Empty(option.Differences(JsonNode.Parse(File.ReadAllText(journal))!));
    }

    [Fact]
    public void A_file_of_controls_is_validated_with_the_experiment()
    {
        using var engine = new Engine();
        var path = RunOptionCase.Prepare(_folder.FullName, "none");
        var controls = Path.Combine(_folder.FullName, "wrong.json");
        File.WriteAllText(controls, """{"leave-out": {"provider": {"type": "python", "module": "chaosaddons.controls.bypass", "arguments": {"names": ["m"]}}}}""");

        Assert.Equal(
            [$"{controls} UnknownArgument"],
            engine.Invoke($"(Test-ChaosExperiment '{path}' -ControlFile '{controls}').Errors | ForEach-Object {{ \"$($_.Source) $($_.Code)\" }}").Select(static line => line.ToString()));
    }

    [Fact]
    public void Every_path_that_is_not_whole_begins_in_the_current_location()
    {
        if (OperatingSystem.IsWindows()) return; // the program is one of Linux
        using var engine = Engine.WithSandbox();
        var program = Path.Combine(_folder.FullName, "here.sh");
        File.WriteAllText(program, "#!/bin/sh\ncat here.txt\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(_folder.FullName, "here.txt"), "found");
        File.WriteAllText(Path.Combine(_folder.FullName, "values.json"), """{"configuration": {"word": "values"}}""");
        File.WriteAllText(Path.Combine(_folder.FullName, "settings.yaml"), "runtime: {rollbacks: {strategy: never}}");
        File.WriteAllText(Path.Combine(_folder.FullName, "here.json"), """
            {"title": "of the ${word}", "description": "d", "configuration": {"word": "file"}, "method": [
             {"type": "probe", "name": "list", "provider": {"type": "process", "path": "./here.sh"}},
             {"type": "probe", "name": "text", "provider": {"type": "process", "path": "./here.sh", "arguments": "a"}},
             {"type": "probe", "name": "there", "provider": {"type": "python", "module": "os.path", "func": "exists", "arguments": {"path": "here.txt"}}},
             {"type": "probe", "name": "where", "provider": {"type": "python", "module": "os", "func": "getcwd"}}]}
            """);

        engine.Invoke($"$null = $ExecutionContext.SessionState.Path.SetLocation('{_folder.FullName}'); if (-not (Test-ChaosExperiment here.json -AllowExternal).IsValid) {{ throw 'It is not valid.' }}");
        engine.Invoke("$null = Invoke-ChaosExperiment here.json -AllowExternal -VariableFile values.json -SettingsFile settings.yaml -JournalPath out.json");

        var journal = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.FullName, "out.json")))!;
        Assert.Equal(("of the values", "Never"), ((string)journal["experiment"]!["title"]!, (string)journal["strategies"]!["rollbacks"]!));
        Assert.Equal(
            ["found", "found", "true", _folder.FullName],
            journal["run"]!.AsArray().Select(static entry => entry!["output"] is JsonObject output ? (string)output["stdout"]! : entry["output"]!.ToString()));
    }

    [Fact]
    public async Task An_address_whose_certificate_nobody_knows_is_read_when_that_is_allowed()
    {
        using var engine = new Engine();
        await using var web = Cli.Tests.LoopbackWeb.Of("application/json", RunOptionCase.Experiment, tls: true);

        var title = engine.Invoke($"(Test-ChaosExperiment {web.Address}/e.json -SkipCertificateCheck).Title").Single().ToString();
        var refused = engine.Run($"Test-ChaosExperiment {web.Address}/e.json");

        Assert.Equal("of the ${word}", title);
        Assert.StartsWith("SourceUnreachable", Assert.Single(refused.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }
}
