using System.Text.Json.Nodes;
using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

public sealed class ProcessProviderTests : IDisposable
{
    /// <summary>What fails, and the id of the error that it is here.</summary>
    private static readonly Dictionary<string, string> s_errors = new()
    {
        ["process-013"] = "ProcessTimeout",
        ["process-014"] = "ActivityInvalid",
        ["process-016"] = "ProgramNotFound",
    };

    private readonly ExperimentWorld _world = new();

    public static TheoryData<string> Cases => RecordedCase.Ids("process");

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_program_has_the_result_that_the_Chaos_Toolkit_got(string id)
    {
        // The recordings are of Linux.
        if (OperatingSystem.IsWindows()) return;
        var recorded = RecordedCase.Get(id);
        var configuration = recorded.Input.TryGetProperty("configuration", out var block) ? block.GetRawText() : "{}";
        var experiment = Experiment(recorded.Input.GetProperty("provider").GetRawText(), configuration);

        var options = new RunOptions { EnvironmentVariables = recorded.Environment };
        if (s_errors.TryGetValue(id, out var error))
        {
            // What fails there at run time is refused here before anything runs, unless it is not to be validated.
            if (error != "ProcessTimeout") await Assert.ThrowsAsync<ChaosPS.Errors.ChaosException>(() => _world.RunAsync(experiment, options));
            var ended = await _world.RunAsync(experiment, options with { SkipValidation = true, Compatibility = RunCompatibility.ChaosToolkit });
            Assert.Equal((error, error == "ProcessTimeout" ? "completed" : "aborted"), ((string?)ended.Journal["run"]![0]!["error_id"], ended.Status));
            Assert.NotNull(ended.Journal["end"]);
            if (error == "ProcessTimeout") Assert.StartsWith(recorded.Message, ended.Activities.Single().Reason, StringComparison.Ordinal);
            return;
        }

        if (recorded.Name.StartsWith("path not found", StringComparison.Ordinal)) options = await RefusedAsync(experiment, options);
        var run = (await _world.RunAsync(experiment, options)).Activities.Single();
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(recorded.Expected.GetProperty("value").GetRawText()), JsonNode.Parse(run.Output!.ToJsonString())));
    }

    /// <summary>A shell that looks for "None" is there only where it is judged as there.</summary>
    private async Task<RunOptions> RefusedAsync(string experiment, RunOptions options)
    {
        await Assert.ThrowsAsync<ChaosPS.Errors.ChaosException>(() => _world.RunAsync(experiment, options));
        options = options with { SkipValidation = true };
        var failed = await _world.RunAsync(experiment, options);
        Assert.Equal((RunOutcome.ActivityFailed, "ProgramNotFound"), (failed.Outcome, failed.Activities.Single().ErrorId));
        return options with { Compatibility = RunCompatibility.ChaosToolkit };
    }

    /// <summary>Where the original has the shell between, its number is this too; else it is below 0 there.</summary>
    [Theory]
    [InlineData("""["-c", "kill -9 $$"]""", 137)]
    [InlineData("""["-c", "kill -15 $$"]""", 143)]
    [InlineData("""["-c", "exit 3"]""", 3)]
    [InlineData("\"-c 'kill -9 $$'; exit $?\"", 137)]
    public async Task A_program_that_a_signal_ended_has_the_status_that_shells_give_it(string arguments, int status)
    {
        if (OperatingSystem.IsWindows()) return;

        var run = (await _world.RunAsync(Experiment($$"""{"type": "process", "path": "sh", "arguments": {{arguments}}}"""))).Activities.Single();

        Assert.Equal(status, (long)run.Output!["status"]!);
    }

    [Fact]
    public async Task A_program_and_its_path_begin_in_the_runs_own_directory()
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = Directory.CreateTempSubdirectory("chaosps-programs-");
        var program = Path.Combine(folder.FullName, "here.sh");
        File.WriteAllText(program, "#!/bin/sh\npwd -P\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var options = new RunOptions { WorkingDirectory = folder.FullName };
        foreach (var arguments in (string[])["[]", "\"\"", "\"a\""])
        {
            var run = (await _world.RunAsync(Experiment($$"""{"type": "process", "path": "./here.sh", "arguments": {{arguments}}}"""), options)).Activities.Single();
            Assert.EndsWith($"{folder.Name}\n", (string?)run.Output!["stdout"], StringComparison.Ordinal);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_program_that_takes_too_long_is_killed()
    {
        if (OperatingSystem.IsWindows()) return;

        var run = (await _world.RunAsync(Experiment("""{"type": "process", "path": "sleep", "arguments": "600", "timeout": 0.05}"""))).Activities.Single();

        Assert.Equal(ActivityStatus.Failed, run.Status);
        Assert.StartsWith("process activity took too long to complete", run.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_leaves_another_behind_on_its_output_does_not_outlast_its_time_out()
    {
        if (OperatingSystem.IsWindows()) return;

        var run = (await _world.RunAsync(Experiment(
            """{"type": "process", "path": "sh", "arguments": ["-c", "sleep 5 & exit 0"], "timeout": 0.2}"""))).Activities.Single();

        Assert.Equal(ActivityStatus.Failed, run.Status);
        Assert.StartsWith("process activity took too long to complete", run.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yes", "stdout")]
    [InlineData("yes >&2", "stderr")]
    public async Task A_program_that_writes_more_than_can_be_kept_is_killed(string script, string stream)
    {
        if (OperatingSystem.IsWindows()) return;

        var run = (await _world.RunAsync(Experiment($$"""{"type": "process", "path": "sh", "arguments": ["-c", "{{script}}"]}"""))).Activities.Single();

        Assert.Equal((ActivityStatus.Failed, "OutputTooLarge"), (run.Status, run.ErrorId));
        Assert.StartsWith($"the {stream} of /", run.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1e300")]
    [InlineData("9999999999")]
    public async Task A_time_out_that_no_timer_takes_is_refused(string timeout)
    {
        var exception = await Assert.ThrowsAsync<ChaosPS.Errors.ChaosException>(
            () => _world.RunAsync(Experiment($$"""{"type": "process", "path": "sh", "timeout": {{timeout}}}""")));

        Assert.Contains("24 days", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_sees_the_variables_of_the_connection()
    {
        if (OperatingSystem.IsWindows()) return;

        var run = (await _world.RunAsync(Experiment("""{"type": "process", "path": "sh", "arguments": ["-c", "echo $AZURE_CLUSTER_VMSS_NAME"]}"""))).Activities.Single();

        Assert.Equal("aks-nodepool1-vmss\n", (string?)run.Output!["stdout"]);
    }

    private static string Experiment(string provider, string configuration = "{}") =>
        """{"title": "t", "description": "d", "configuration": """ + configuration
        + """, "method": [{"type": "action", "name": "a", "provider": """ + provider + "}]}";
}
