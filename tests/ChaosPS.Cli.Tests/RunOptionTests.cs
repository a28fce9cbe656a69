using System.Text.Json.Nodes;
using ChaosPS.Tests;

namespace ChaosPS.Cli.Tests;

/// <summary>The options that <c>chaos run</c> has too. The cmdlet's parameters have the same cases.</summary>
public sealed class RunOptionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaosps-options-");

    public static TheoryData<string> Names => [.. RunOptionCase.All.Keys];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_option_makes_of_the_run_what_it_says(string name)
    {
        var option = RunOptionCase.All[name];
        var path = RunOptionCase.Prepare(_folder.FullName, name);
        var journal = Path.Combine(_folder.FullName, "journal.json");
        string[] line = [.. option.Line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Replace("@", _folder.FullName, StringComparison.Ordinal))];

        await CommandLineRun.InvokeAsync(["run", path, "--sandbox", "contactsapp", "--journal-path", journal, "--state-path", _folder.FullName, .. line]);

        Assert.Empty(option.Differences(JsonNode.Parse(await File.ReadAllTextAsync(journal))!));
    }

    [Fact]
    public async Task A_file_of_controls_is_validated_with_the_experiment()
    {
        var path = RunOptionCase.Prepare(_folder.FullName, "none");
        var controls = Path.Combine(_folder.FullName, "wrong.json");
        await File.WriteAllTextAsync(controls, """{"leave-out": {"provider": {"type": "python", "module": "chaosaddons.controls.bypass", "arguments": {"names": ["m"]}}}}""");

        var validation = await CommandLineRun.InvokeAsync("validate", path, "--control-file", controls);

        Assert.Equal(3, validation.ExitCode);
        Assert.Contains($"{controls}:1:", validation.Output, StringComparison.Ordinal);
        Assert.Contains("error UnknownArgument: ", validation.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandLineRun.InvokeAsync("validate", path, "--control-file", Path.Combine(_folder.FullName, "controls.json"))).ExitCode);
    }

    [Theory]
    [InlineData("chaosps")]
    [InlineData("run")]
    [InlineData("validate")]
    [InlineData("restore")]
    [InlineData("sandbox")]
    [InlineData("demo")]
    public async Task A_page_of_help_fits_a_hundred_columns(string command)
    {
        var help = await CommandLineRun.InvokeAsync(command == "chaosps" ? ["--help"] : [command, "--help"]);

        Assert.Equal(0, help.ExitCode);
        Assert.All(help.Output.Split('\n'), static line => Assert.True(line.TrimEnd().Length <= 100, line));
    }

    [Fact]
    public async Task The_help_says_what_an_option_can_be()
    {
        var help = string.Join(' ', (await CommandLineRun.InvokeAsync("run", "--help")).Output.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

        Assert.Contains("--hypothesis-strategy <WHEN> When the steady state is checked: default, before-method-only, after-method-only, during-method-only, continuously, skip.", help, StringComparison.Ordinal);
    }
}
