using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Experiments.Python;
using ChaosPS.Safety;

namespace ChaosPS.Tests.Experiments;

/// <summary>Functions of Python's library that change files: written down first, put back, and asked leave for where they lose something.</summary>
public sealed class FileActionTests : IDisposable
{
    private readonly ExperimentWorld _world = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("chaosps-files-").FullName;

    public FileActionTests() => File.WriteAllText(At("data"), "kept");

    public void Dispose()
    {
        _world.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_file_that_is_renamed_has_its_name_again_at_the_end_of_the_run()
    {
        var run = await RunAsync([Os("rename", """{"src": "data", "dst": "data.old"}"""), Exists("data"), Exists("data.old")]);

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.Equal(["null", "false", "true"], run.Activities.Select(static played => played.Output?.ToJsonString() ?? "null"));
        Assert.Equal("kept", File.ReadAllText(At("data")));
        Assert.False(File.Exists(At("data.old")));
        Assert.Equal([$"{At("data.old")} is moved back to {At("data")}."], run.UndoSteps);
        Assert.Equal($"rename {At("data")} to {At("data.old")}", Assert.Single(run.Targets).ToString());
    }

    [Fact]
    public async Task What_the_rollbacks_put_back_is_left_alone()
    {
        var run = await RunAsync([Os("rename", """{"src": "data", "dst": "data.old"}""")], [Os("rename", """{"src": "data.old", "dst": "data"}""")]);

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.Empty(run.UndoSteps);
        Assert.Equal("kept", File.ReadAllText(At("data")));
    }

    [Fact]
    public async Task Directories_that_are_made_are_removed_and_those_that_were_there_stay()
    {
        var run = await RunAsync([Os("makedirs", """{"name": "a/b/c"}"""), Os("makedirs", """{"name": "a/b", "exist_ok": true}"""), Os("mkdir", """{"path": "d"}"""), Os("rmdir", """{"path": "d"}""")]);

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.Equal([At("data")], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_directory_that_was_made_and_is_no_longer_empty_stays()
    {
        if (OperatingSystem.IsWindows()) return; // its program is one of Linux

        var run = await RunAsync(
        [
            Os("mkdir", """{"path": "a"}"""),
            Touch("a/file"),
        ]);

        Assert.Equal([$"{At("a")}, which was made, has something in it, and stays."], run.UndoSteps);
        Assert.True(File.Exists(At("a/file")));
    }

    [Theory]
    [InlineData("os", "remove", """{"path": "data"}""")]
    [InlineData("os", "unlink", """{"path": "data"}""")]
    [InlineData("os", "rename", """{"src": "other", "dst": "data"}""")]
    [InlineData("os", "replace", """{"src": "other", "dst": "data"}""")]
    [InlineData("shutil", "move", """{"src": "other", "dst": "."}""")]
    [InlineData("shutil", "rmtree", """{"path": "."}""")]
    public async Task What_loses_a_file_that_was_there_needs_leave(string module, string function, string arguments)
    {
        File.WriteAllText(At("other"), "too");
        if (function == "move") arguments = $$"""{"src": "sub/data", "dst": "{{_folder}}"}""";
        Directory.CreateDirectory(At("sub"));
        File.WriteAllText(At("sub/data"), "new");

        var run = await RunAsync([Python(module, function, arguments)]);

        Assert.Equal((RunOutcome.NotStarted, "IrreversibleNotAllowed"), (run.Outcome, run.ErrorId));
        Assert.Equal("kept", File.ReadAllText(At("data")));
    }

    [Fact]
    public async Task A_file_that_was_renamed_is_still_one_that_was_there_before()
    {
        var run = await RunAsync([Os("rename", """{"src": "data", "dst": "moved"}""")], [Os("remove", """{"path": "moved"}""")]);

        Assert.Equal("IrreversibleNotAllowed", run.ErrorId);
        Assert.True(File.Exists(At("data")));
    }

    [Fact]
    public async Task With_leave_a_file_is_removed_and_the_run_says_that_it_is_gone()
    {
        var run = await RunAsync([Os("remove", """{"path": "data"}""")], options: new RunOptions { AllowIrreversible = true });

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.False(File.Exists(At("data")));
        Assert.Equal([$"removal of {At("data")} cannot be undone."], run.UndoSteps);
    }

    [Fact]
    public async Task What_the_run_has_made_it_may_remove()
    {
        var run = await RunAsync([Os("mkdir", """{"path": "a"}"""), Python("shutil", "rmtree", """{"path": "a"}""")]);

        Assert.Equal((RunOutcome.Passed, false), (run.Outcome, Directory.Exists(At("a"))));
    }

    [Theory]
    [InlineData("os", "remove", """{"path": "none"}""", "FileNotFoundError: [Errno 2] No such file or directory: ")]
    [InlineData("os", "remove", """{"path": "sub"}""", "IsADirectoryError: [Errno 21]", true)]
    [InlineData("os", "rename", """{"src": "none", "dst": "x"}""", "FileNotFoundError: [Errno 2]")]
    [InlineData("os", "mkdir", """{"path": "sub"}""", "FileExistsError: [Errno 17]")]
    [InlineData("os", "mkdir", """{"path": "x/y"}""", "FileNotFoundError: [Errno 2]")]
    [InlineData("os", "makedirs", """{"name": "sub"}""", "FileExistsError: [Errno 17]")]
    [InlineData("os", "rmdir", """{"path": "data"}""", "NotADirectoryError: [Errno 20]")]
    [InlineData("os", "rmdir", """{"path": "sub"}""", "OSError: [Errno 39] Directory not empty")]
    public async Task What_is_an_exception_there_fails_the_activity(string module, string function, string arguments, string reason, bool allow = false)
    {
        Directory.CreateDirectory(At("sub/inner"));

        var run = await RunAsync([Python(module, function, arguments)], options: new RunOptions { AllowIrreversible = allow });

        Assert.Equal(RunOutcome.ActivityFailed, run.Outcome);
        Assert.Equal((ActivityStatus.Failed, "PythonFunctionFailed"), (run.Activities[0].Status, run.Activities[0].ErrorId));
        Assert.StartsWith(reason, run.Activities[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_changes_no_file_whatever_the_activity_calls_itself()
    {
        var probe = """{"type": "probe", "name": "p", "provider": {"type": "python", "module": "os", "func": "mkdir", "arguments": {"path": "a"}}}""";

        await RunAsync([probe, Os("mkdir", """{"path": "b"}""")], options: new RunOptions { Dry = DryMode.Actions });

        Assert.Equal([At("data")], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_hypothesis_changes_no_file()
    {
        var run = await _world.RunAsync(
            """
            {"title": "t", "description": "d", "method": [], "steady-state-hypothesis": {"title": "h", "probes": [
             {"type": "probe", "name": "p", "tolerance": true, "provider": {"type": "python", "module": "os", "func": "mkdir", "arguments": {"path": "a"}}}]}}
            """,
            new RunOptions { WorkingDirectory = _folder });

        Assert.Equal((RunOutcome.NotStarted, "ActionInHypothesis"), (run.Outcome, run.Activities[0].ErrorId));
    }

    [Fact]
    public async Task What_somebody_has_put_in_the_place_of_a_renamed_file_is_not_overwritten_by_the_undo()
    {
        if (OperatingSystem.IsWindows()) return; // its program is one of Linux

        var run = await RunAsync(
        [
            Os("rename", """{"src": "data", "dst": "data.old"}"""),
            Touch("data"),
        ]);

        Assert.Equal(RunOutcome.RollbackIncomplete, run.Outcome);
        Assert.Contains("something has been put there since", run.Reason, StringComparison.Ordinal);
        Assert.Equal("kept", File.ReadAllText(At("data.old")));
    }

    [Fact]
    public async Task A_renamed_file_that_is_gone_is_not_said_to_be_back()
    {
        if (OperatingSystem.IsWindows()) return; // its program is one of Linux

        var run = await RunAsync([Os("rename", """{"src": "data", "dst": "data.old"}"""), Program("rm", "data.old")]);

        Assert.Equal([$"{At("data.old")}, which was {At("data")}, is gone: there is nothing to move back."], run.UndoSteps);
    }

    [Fact]
    public async Task What_a_renamed_file_has_overwritten_is_said_to_be_lost()
    {
        File.WriteAllText(At("other"), "too");

        var run = await RunAsync([Os("rename", """{"src": "other", "dst": "data"}""")], options: new RunOptions { AllowIrreversible = true });

        Assert.Equal([$"{At("data")} is moved back to {At("other")}. What stood there before is lost."], run.UndoSteps);
        Assert.Equal("too", File.ReadAllText(At("other")));
    }

    [Fact]
    public async Task A_change_that_failed_halfway_is_not_one_that_was_refused()
    {
        var half = new FileAction("shutil", "rmtree", "Fails in the middle.", [], (_, _) => new HalfRemoval(At("data")));
        using var recovery = RecoveryLog.CreateForFiles(_world.StateDirectory, "test");
        var changes = new ChangeSet(_world.Connection, recovery, _world.Log);
        var context = new ActivityContext
        {
            Connection = _world.Connection,
            Changes = changes,
            Log = _world.Log,
            AllowIrreversible = true,
            Phase = RunPhase.Method,
            Environment = EnvironmentVariables.For(null, null, _folder),
            Substitution = null!,
            Power = null!,
            Azure = null!,
            Gate = null!,
            Files = null!,
            Random = null!,
        };

        var error = await Assert.ThrowsAsync<ChaosException>(() => half.RunAsync(context, new Dictionary<string, object?>(), default));

        Assert.StartsWith("PermissionError: [Errno 13]", error.Message, StringComparison.Ordinal);
        Assert.Equal([$"removal of {At("data")} may have been carried out, and cannot be undone."], (await changes.UndoAsync(false, default)).Steps);
    }

    [Fact]
    public void What_finishes_by_hand_is_one_command_whatever_the_path()
    {
        Assert.Equal("""mv '/a/it'\''s' '/a/b'""", new FileMoveIntent("m", "/a/b", "/a/it's").Remedy);
        Assert.Equal("""rmdir '/a/it'\''s'""", new FolderIntent("m", ["/a/it's"], Made: true).Remedy);
    }

    [Theory]
    [InlineData("os", "rename", """{"src": "data", "dst": "x"}""", false)]
    [InlineData("shutil", "rmtree", """{"path": "x"}""", false)]
    [InlineData("os.path", "exists", """{"path": "data"}""", true)]
    [InlineData("time", "sleep", """{"secs": 1}""", true)]
    public void No_file_is_changed_from_within_a_sandbox(string module, string function, string arguments, bool isValid)
    {
        var experiment = ExperimentReader.Read($$"""{"title": "t", "description": "d", "method": [{{Python(module, function, arguments)}}]}""", "e.json", JsonDocuments.Instance);

        var validation = ExperimentValidator.Validate(experiment, EnvironmentVariables.For(null), confinement: new Confinement("test", ["app"]));

        Assert.Equal(isValid ? [] : ["LeavesSandbox"], validation.Errors.Select(static finding => finding.Code));
    }

    [Fact]
    public void A_change_on_another_machine_is_not_undone_here()
    {
        var intent = new FileMoveIntent("elsewhere", At("data.old"), At("data"));

        Assert.Equal(intent, ChangeIntent.FromJson(intent.ToJson()));
        Assert.Equal("FilesElsewhere", Assert.Throws<ChaosException>(() => { _ = intent.UndoAsync(null!, default); }).ErrorId);
        Assert.True(File.Exists(At("data")));
    }

    /// <summary>The removal of a directory that holds something which may not be removed.</summary>
    private sealed record HalfRemoval(string Path) : FileChange("remove", Path)
    {
        public override bool Loses(FileForecast forecast) => true;

        public override ChangeIntent? Intent(bool irreversible) => new FileRemoveIntent(Environment.MachineName, Path, Irreversible: true);

        public override void Make() => throw new UnauthorizedAccessException();
    }

    private string At(string path) => Path.Combine(_folder, path);

    private Task<ChaosRun> RunAsync(string[] method, string[]? rollbacks = null, RunOptions? options = null) => _world.RunAsync(
        $$"""{"title": "t", "description": "d", "method": [{{string.Join(',', method)}}], "rollbacks": [{{string.Join(',', rollbacks ?? [])}}]}""",
        (options ?? new RunOptions()) with { WorkingDirectory = _folder });

    private string Touch(string path) => Program("touch", path);

    private string Program(string name, string path) => $$$"""{"type": "action", "name": "{{{name}}}", "provider": {"type": "process", "path": "{{{name}}}", "arguments": ["{{{At(path)}}}"]}}""";

    private static string Exists(string path) => Python("os.path", "exists", $$"""{"path": "{{path}}"}""");

    private static string Os(string function, string arguments) => Python("os", function, arguments);

    private static string Python(string module, string function, string arguments) => $$$"""
        {"type": "action", "name": "{{{function}}}", "provider": {"type": "python", "module": "{{{module}}}", "func": "{{{function}}}", "arguments": {{{arguments}}}}}
        """;
}
