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

    [Fact]
    public async Task What_is_wrong_with_settings_is_said_with_its_place()
    {
        var path = RunOptionCase.Prepare(_folder.FullName, "none");
        var settings = Path.Combine(_folder.FullName, "wrong.yaml");
        await File.WriteAllTextAsync(settings, """
            controls:
              unknown: {provider: {type: python, module: mine.own}}
            runtime: {hypothesis: {strategy: continously}, rollbacks: {strategy: sometimes}}
            notifications: [{type: http, url: "http://127.0.0.1:1/"}]
            """);

        var validation = await CommandLineRun.InvokeAsync("validate", path, "--settings", settings);

        Assert.Equal(0, validation.ExitCode);
        foreach (var finding in (string[])["2:", "3:"]) Assert.Contains($"{settings}:{finding}", validation.Output, StringComparison.Ordinal);
        Assert.Contains("warning UnknownControl: The control 'unknown'", validation.Output, StringComparison.Ordinal);
        Assert.Contains("taken for 'continuously'", validation.Output, StringComparison.Ordinal);
        Assert.Contains("There is no rollbacks strategy 'sometimes'", validation.Output, StringComparison.Ordinal);
        Assert.Contains("Nobody is notified", validation.Output, StringComparison.Ordinal);
        Assert.Equal((int)Experiments.RunOutcome.NotStarted, (await CommandLineRun.InvokeAsync("run", path, "--settings", settings, "--sandbox", "contactsapp")).ExitCode);
    }

    [Theory]
    [InlineData(null, 2, "FileNotFound")]
    [InlineData("", 0, null)]
    [InlineData("# nothing", 0, null)]
    [InlineData("[1]", 3, "SettingsInvalid")]
    [InlineData("auths: {example.com: {type: bearer}}", 3, "SettingsInvalid")]
    [InlineData("a: [", 3, "DocumentInvalid")]
    public async Task A_settings_file_that_is_none_is_refused(string? text, int exitCode, string? id)
    {
        var path = RunOptionCase.Prepare(_folder.FullName, "none");
        var settings = Path.Combine(_folder.FullName, "none.yaml");
        if (text is not null) await File.WriteAllTextAsync(settings, text);

        var validation = await CommandLineRun.InvokeAsync("validate", path, "--settings", settings);

        Assert.Equal(exitCode, validation.ExitCode);
        if (id is not null) Assert.StartsWith($"error {id}: ", validation.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runtime_of_the_experiment_hides_that_of_the_settings_wholly()
    {
        var path = RunOptionCase.Prepare(_folder.FullName, "none");
        await File.WriteAllTextAsync(path, RunOptionCase.Experiment.Replace("\"method\":", "\"runtime\": {\"hypothesis\": {\"strategy\": \"before-method-only\"}}, \"method\":", StringComparison.Ordinal));

        var run = await CommandLineRun.InvokeAsync("run", path, "--settings", Path.Combine(_folder.FullName, "settings.yaml"), "--sandbox", "contactsapp", "--output", "json");

        Assert.Equal("""{"hypothesis":"BeforeMethodOnly","rollbacks":"Default"}""", JsonNode.Parse(run.Output)!["strategies"]!.ToJsonString());
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
