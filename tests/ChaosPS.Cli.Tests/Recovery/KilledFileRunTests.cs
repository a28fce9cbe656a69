using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace ChaosPS.Cli.Tests.Recovery;

/// <summary>Runs that change files of this machine and die between a change and its rollback: another process puts back every file, byte for byte.</summary>
public sealed class KilledFileRunTests(ITestOutputHelper output)
{
    private const int Seed = 20261124;

    private const int FewestKills = 20;

    /// <summary>Every so manieth run is restored by a process that does nothing else.</summary>
    private const int FreshEvery = 8;

    [Fact]
    public async Task Files_of_a_run_that_is_killed_are_put_back_by_another_process()
    {
        var whole = await MeasureAsync();
        var points = new List<(KillPhase Phase, int At)>();
        for (var number = whole.FirstAnnounced; number <= whole.Requests; number++) points.AddRange([(KillPhase.Unprocessed, number), (KillPhase.Unanswered, number), (KillPhase.Answered, number)]);
        var failures = new ConcurrentBag<string>();
        var killed = 0;
        await Parallel.ForEachAsync(points.Index(), KilledRunTests.Several, async (entry, _) =>
        {
            var (index, (phase, at)) = entry;
            var (died, problem) = await ShootAsync(phase, at, cut: index % 3 == 0, fresh: index % FreshEvery == 0);
            if (died) Interlocked.Increment(ref killed);
            if (problem is not null) failures.Add($"{phase} {at}: {problem}");
        });

        output.WriteLine($"{killed} of {points.Count} killed, seed {Seed}");
        Assert.True(failures.IsEmpty, $"{failures.Count} were not put back.\n{string.Join("\n\n", failures.Take(5))}");
        Assert.True(killed >= FewestKills, $"Only {killed} of {points.Count} runs came to their kill point.");
    }

    /// <summary>Lets a run come to its end.</summary>
    private static async Task<KillTrap> MeasureAsync()
    {
        await using var sandbox = new WatchedSandbox(Seed);
        using var files = new Files();
        var never = new KillTrap(new KillPoint(files.Experiment, KillPhase.Unprocessed, int.MaxValue), () => sandbox.LogLength);
        sandbox.Handler.Obstacle = never;
        using var program = ChaosProgram.Start(files.Experiment.Arguments(sandbox));
        var run = await program.EndAsync();

        Assert.True(run.ExitCode == 0, $"The run ended with {run.ExitCode}: {run.Output}{run.Error}");
        Assert.Equal(files.Before, files.Look());
        return never;
    }

    /// <summary>Kills a run and has it put back.</summary>
    /// <param name="phase">In what of a request.</param>
    /// <param name="at">The request's number.</param>
    /// <param name="cut">Whether the last line of the log, which says that the last change was made, is not written to its end.</param>
    /// <param name="fresh">Whether a process of its own puts it back.</param>
    private static async Task<(bool Died, string? Problem)> ShootAsync(KillPhase phase, int at, bool cut, bool fresh)
    {
        await using var sandbox = new WatchedSandbox(Seed);
        using var files = new Files();
        var trap = new KillTrap(new KillPoint(files.Experiment, phase, at), () => sandbox.LogLength);
        sandbox.Handler.Obstacle = trap;
        using var program = ChaosProgram.Start(files.Experiment.Arguments(sandbox));
        trap.Set(program.Process);
        var run = await program.EndAsync();
        sandbox.Handler.Obstacle = null;
        var log = sandbox.LogText;
        var last = log.TrimEnd('\n').LastIndexOf('\n') + 1;
        if (trap.Sprung && cut && last > 0) sandbox.CutLog(last, 0.5);
        var left = files.Look();

        var restored = await sandbox.RestoreAsync(fresh);

        string[] different = [.. files.Look().Except(files.Before), .. files.Before.Except(files.Look()).Select(static line => $"not {line}")];
        if (restored.ExitCode == 0 && different.Length == 0) return (trap.Sprung, null);
        return (trap.Sprung, $"restore ended with {restored.ExitCode}; {string.Join(", ", different)}\nleft: {string.Join(", ", left)}\nrun: {run}\nrestore: {restored}\nlog: {log}");
    }

    /// <summary>A directory of files, and an experiment that changes them, with a request after each change.</summary>
    private sealed class Files : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaosps-killed-");

        public Files()
        {
            var bytes = new byte[70_000];
            new Random(Seed).NextBytes(bytes);
            File.WriteAllBytes(At("data"), bytes);
            File.WriteAllText(At("two"), "zwei\r\n");
            Directory.CreateDirectory(At("tree/deep"));
            File.WriteAllText(At("tree/deep/leaf"), "\u0001leaf");
            Directory.CreateDirectory(At("empty"));
            Directory.CreateDirectory(At("into"));
            Before = Look();
            var experiment = new JsonObject
            {
                ["title"] = "change files",
                ["description"] = "A run that will not end by itself.",
                ["configuration"] = new JsonObject { ["app"] = new JsonObject { ["type"] = "env", ["key"] = "APP_ENDPOINT" } },
                ["method"] = new JsonArray(
                [
                    .. Step("rename a file", "os", "rename", ("src", "data"), ("dst", "data.old")),
                    .. Step("rename another", "os", "replace", ("src", "two"), ("dst", "zwei")),
                    .. Step("move a tree", "shutil", "move", ("src", "tree"), ("dst", "into")),
                    .. Step("make directories", "os", "makedirs", ("name", "new/newer")),
                    .. Step("remove a directory", "os", "rmdir", ("path", "empty")),
                    .. Step("remove what was made", "os", "rmdir", ("path", "new/newer")),
                ]),
                ["rollbacks"] = new JsonArray([.. Step("rename back", "os", "rename", ("src", "data.old"), ("dst", "data"))]),
            };
            var path = Path.Combine(_folder.FullName, "experiment.json");
            File.WriteAllText(path, experiment.ToJsonString());
            Experiment = new RecoveryExperiment("change files", path, "--allow-external");
        }

        public RecoveryExperiment Experiment { get; }

        /// <summary>What was there before the run.</summary>
        public IReadOnlyList<string> Before { get; }

        /// <summary>Everything in the directory: each path, and of a file its bytes.</summary>
        public IReadOnlyList<string> Look() =>
        [
            .. _folder.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Where(static entry => entry.Name != "experiment.json")
                .Select(entry => $"{Path.GetRelativePath(_folder.FullName, entry.FullName)} {(entry is FileInfo ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(entry.FullName))) : "is a directory")}")
                .Order(StringComparer.Ordinal),
        ];

        public void Dispose() => _folder.Delete(recursive: true);

        private string At(string name) => Path.Combine(_folder.FullName, name);

        private IEnumerable<JsonNode> Step(string name, string module, string function, params (string Name, string Path)[] arguments)
        {
            var paths = new JsonObject();
            foreach (var (argument, path) in arguments) paths[argument] = At(path);
            yield return new JsonObject
            {
                ["type"] = "action",
                ["name"] = name,
                ["provider"] = new JsonObject { ["type"] = "python", ["module"] = module, ["func"] = function, ["arguments"] = paths },
            };
            yield return new JsonObject
            {
                ["type"] = "probe",
                ["name"] = $"after: {name}",
                ["provider"] = new JsonObject { ["type"] = "http", ["timeout"] = 600, ["url"] = "http://${app}/" },
            };
        }
    }
}
