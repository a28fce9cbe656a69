using System.Text.Json.Nodes;

namespace ChaosPS.Cli.Tests;

public sealed class RunCommandTests
{
    [Fact]
    public async Task The_workshops_experiment_deviates_on_the_unfixed_application_and_names_the_probe()
    {
        var run = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", "contactsapp");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Deviated after", run.Output, StringComparison.Ordinal);
        Assert.Matches("NOT MET +search-api-must-still-respond +expected .*200, got", run.Output);
        Assert.Matches("done +stop-instance +PowerOff aks-nodepool1-36421985-vmss000000", run.Output);
        Assert.Matches("done +restart-instance", run.Output);
    }

    [Theory]
    [InlineData("--max-duration", "0")]
    [InlineData("--max-duration", "1e300")]
    [InlineData("--max-duration", "soon")]
    [InlineData("--max-nodes-down", "0")]
    [InlineData("--max-nodes-down", "many")]
    public async Task An_amount_that_is_none_is_a_usage_error(string option, string value)
    {
        var run = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", "contactsapp", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"{option} must be", run.Error, StringComparison.Ordinal);
        Assert.Contains($"not '{value}'", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--dry", "everything", "probes, actions, activities, pause")]
    [InlineData("--hypothesis-strategy", "continuosly", "Did you mean 'continuously'?")]
    [InlineData("--rollback-strategy", "Always", "default, always, deviated, never")]
    public async Task A_choice_that_is_none_is_a_usage_error_that_names_the_choices(string option, string value, string said)
    {
        var run = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", "contactsapp", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_validation_an_activity_with_an_error_fails_in_its_turn_and_nothing_leaves_the_sandbox_all_the_same()
    {
        var path = Path.Combine(Path.GetTempPath(), $"chaosps-{Guid.NewGuid():N}.json");
        Task<CommandLineRun> InvokeAsync(params string[] more) => CommandLineRun.InvokeAsync(["run", path, "--sandbox", "contactsapp", .. more]);
        File.WriteAllText(path, """{"title": "t", "method": [{"name": "no type"}, {"type": "probe", "name": "p", "provider": {"type": "python", "module": "my", "func": "f"}}]}""");

        Assert.Equal(3, (await InvokeAsync()).ExitCode);
        var run = await InvokeAsync("--no-validation");
        Assert.Equal(5, run.ExitCode);
        Assert.Contains("its definition is invalid (MissingKey): An activity must have a type.", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await InvokeAsync("--no-validation", "--compatibility", "chaostoolkit")).ExitCode);

        File.WriteAllText(path, """{"title": "t", "description": "d", "method": [{"type": "action", "name": "a", "provider": {"type": "process", "path": "true"}}]}""");
        var refused = await InvokeAsync("--no-validation");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("LeavesSandbox", refused.Error, StringComparison.Ordinal);
        File.Delete(path);
    }

    [Fact]
    public async Task A_misspelling_that_the_Chaos_Toolkit_takes_is_taken()
    {
        var run = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", "contactsapp", "--hypothesis-strategy", "continously", "--dry", "actions", "--output", "json");

        Assert.Contains("\"hypothesis\": \"Continuously\"", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_stops_nothing_and_does_not_pass_for_a_test()
    {
        var run = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", "contactsapp", "--dry", "actions");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches("dry +stop-instance", run.Output);
        Assert.Contains("Untested after", run.Output, StringComparison.Ordinal);
        Assert.Contains("Dry run: 2 of 10 activities were not carried out.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_steady_state_is_checked_all_along_when_that_is_asked_for()
    {
        var run = await CommandLineRun.InvokeAsync(
            "run", Samples.StopNode, "--sandbox", "contactsapp", "--hypothesis-strategy", "during-method-only", "--hypothesis-frequency", "2");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Steady state during the method", run.Output, StringComparison.Ordinal);
        Assert.Contains("checks while the method was played. The first: '", run.Output, StringComparison.Ordinal);
        Assert.Matches("done +restart-instance", run.Output);
    }

    [Fact]
    public async Task A_stop_that_is_cut_short_is_put_back_by_the_restart_among_the_rollbacks()
    {
        var run = await CommandLineRun.InvokeAsync(
            "run", Samples.StopNode, "--sandbox", "contactsapp", "--hypothesis-strategy", "during-method-only", "--fail-fast");

        Assert.Contains("Deviated after", run.Output, StringComparison.Ordinal);
        Assert.Matches("stopped +stop-instance", run.Output);
        Assert.Matches("done +restart-instance", run.Output);
    }

    [Fact]
    public async Task Judged_as_the_Chaos_Toolkit_judges_everything_that_goes_wrong_is_1()
    {
        var notStarted = await CommandLineRun.InvokeAsync(
            "run", Samples.StopNode, "--sandbox", "contactsapp", "--var", "azure_vmss_instanceId=nothing_7", "--compatibility", "chaostoolkit");
        var missing = await CommandLineRun.InvokeAsync("run", "missing.yaml", "--sandbox", "contactsapp", "--compatibility", "chaostoolkit");

        Assert.Equal((1, 1), (notStarted.ExitCode, missing.ExitCode));
    }

    [Fact]
    public async Task Files_of_variables_come_before_the_experiment_and_the_command_line_before_them()
    {
        var folder = Directory.CreateTempSubdirectory("chaosps-variables-").FullName;
        var file = Path.Combine(folder, "values.yaml");
        await File.WriteAllTextAsync(file, "configuration: {azure_vmss_instanceId: nothing_7}\n");

        var refused = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", "contactsapp", "--var-file", file);
        var run = await CommandLineRun.InvokeAsync(
            "run", Samples.StopNode, "--sandbox", "contactsapp", "--var-file", file, "--var", "azure_vmss_instanceId=aks-nodepool1-36421985-vmss_0");

        Directory.Delete(folder, recursive: true);
        Assert.Equal((4, 1), (refused.ExitCode, run.ExitCode));
    }

    [Fact]
    public async Task Json_output_is_the_journal_and_nothing_else()
    {
        var run = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", "contactsapp", "--output", "json");

        var journal = JsonNode.Parse(run.Output)!.AsObject();
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("Deviated", journal["outcome"]!.GetValue<string>());
        Assert.True(journal["deviated"]!.GetValue<bool>());
    }

    [Fact]
    public async Task The_journal_goes_where_it_is_asked_to()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "written", "asked", "journal.json");
        var run = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", "contactsapp", "--journal-path", path);

        Assert.Contains($"journal: {path}", run.Output, StringComparison.Ordinal);
        Assert.Equal("Deviated", JsonNode.Parse(await File.ReadAllTextAsync(path))!["outcome"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_variable_replaces_the_experiments_own_value()
    {
        var run = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", "contactsapp", "--var", "azure_vmss_instanceId=nothing_7");

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("nothing_7", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_wrong_usage()
    {
        var run = await CommandLineRun.InvokeAsync("run", "no-such.yaml", "--sandbox", "contactsapp");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("error FileNotFound: No file 'no-such.yaml'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_yaml_is_an_invalid_definition_with_its_line_and_column()
    {
        var file = Samples.Spoil("bad.yaml", "configuration:", "\tconfiguration:");
        var run = await CommandLineRun.InvokeAsync("run", file, "--sandbox", "contactsapp");

        Assert.Equal(3, run.ExitCode);
        Assert.Matches(@"error DocumentInvalid: .*bad\.yaml\(2\d,\d+\): ", run.Error);
    }

    [Fact]
    public async Task An_unknown_module_is_an_invalid_definition_that_names_the_nearest()
    {
        var file = Samples.Spoil("module.yaml", "module: chaosazure.vmss.actions", "module: chaosazure.vms.actions");
        var run = await CommandLineRun.InvokeAsync("run", file, "--sandbox", "contactsapp");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("chaosazure.vms.actions", run.Error, StringComparison.Ordinal);
        Assert.Contains("chaosazure.vmss.actions", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_sandbox_is_wrong_usage_that_lists_the_built_in_ones()
    {
        var run = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", "other");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("contactsapp", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--var", "novalue")]
    [InlineData("--var", "pause_after_stop:int=soon")]
    [InlineData("--var", "pause_after_stop:duration=15")]
    [InlineData("--output", "xml")]
    [InlineData("--seed", "one")]
    [InlineData("--no-such-option", "1")]
    public async Task A_wrong_option_is_wrong_usage(string option, string value)
    {
        var run = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", "contactsapp", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.NotEqual("", run.Error);
    }

    [Fact]
    public async Task What_cannot_be_undone_runs_only_when_it_is_allowed()
    {
        var file = Samples.Spoil("delete.yaml", "func: stop_vmss", "func: delete_vmss");
        var refused = await CommandLineRun.InvokeAsync("run", file, "--sandbox", "contactsapp");
        var allowed = await CommandLineRun.InvokeAsync("run", file, "--sandbox", "contactsapp", "--allow-irreversible");

        Assert.Equal(4, refused.ExitCode);
        Assert.Contains("--allow-irreversible", refused.Output, StringComparison.Ordinal);
        Assert.Matches("done +stop-instance +Delete aks-nodepool1-36421985-vmss000000", allowed.Output);
    }

    [Fact]
    public async Task One_seed_gives_one_report()
    {
        var first = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", "contactsapp", "--seed", "7");
        var second = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", "contactsapp", "--seed", "7");

        Assert.Equal(WithoutJournalLine(first.Output), WithoutJournalLine(second.Output));

        static string WithoutJournalLine(string output) => output[..output.IndexOf("journal:", StringComparison.Ordinal)];
    }
}
