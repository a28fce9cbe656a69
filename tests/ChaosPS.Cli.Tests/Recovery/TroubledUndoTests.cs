using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace ChaosPS.Cli.Tests.Recovery;

/// <summary>Runs whose undo meets with troubles of its own: nobody to talk to, nowhere to write, clocks that do not agree.</summary>
public sealed partial class TroubledUndoTests(ITestOutputHelper output)
{
    private const int Seed = 7;

    [Theory]
    [InlineData("kubernetes.")]
    [InlineData("management.")]
    [InlineData(".")]
    public async Task A_server_that_is_away_during_the_undo_leaves_a_run_that_says_so_and_is_finished_when_it_is_back(string away)
    {
        await using var sandbox = new WatchedSandbox(Seed);
        var before = await sandbox.LookAsync();
        sandbox.Handler.Obstacle = new Away(away, () => sandbox.LogText.Contains("\"state\":\"Done\"", StringComparison.Ordinal));
        using var program = ChaosProgram.Start(RecoveryExperiment.StopOnly.Arguments(sandbox));
        var run = await program.EndAsync();
        var meanwhile = await sandbox.RestoreAsync(fresh: true);
        sandbox.Handler.Obstacle = null;
        var restored = await sandbox.RestoreAsync(fresh: true);

        Assert.True(run.ExitCode == 7, run.ToString());
        Assert.Contains("Start-ClusterNode aks-nodepool1-36421985-vmss000000", run.Output, StringComparison.Ordinal);
        Assert.True(meanwhile.ExitCode == 7, meanwhile.ToString());
        Assert.Contains("LEFT: ", meanwhile.Output, StringComparison.Ordinal);
        Assert.True(restored.ExitCode == 0, restored.ToString());
        Assert.Empty(await Aftermath.ProblemsAsync(sandbox, before));
    }

    [Fact]
    public async Task A_disk_that_is_full_from_any_write_on_keeps_nothing_from_being_put_back_by_the_run_itself()
    {
        if (!OperatingSystem.IsLinux()) return; // elsewhere nobody can fill the disk of another process alone
        var chance = new Random(Seed);
        output.WriteLine($"seed {Seed}");
        var points = Enumerable.Range(0, 12).Select(growth => (Growth: growth, Room: growth % 2 * chance.Next(1, 200))).ToArray();
        await Parallel.ForEachAsync(points, KilledRunTests.Several, async (point, _) =>
        {
            await using var sandbox = new WatchedSandbox(Seed);
            var before = await sandbox.LookAsync();
            var disk = new FullDisk(sandbox, point.Growth, point.Room);
            sandbox.Handler.Obstacle = disk;
            using var program = FileSizeLimit.Ignoring(RecoveryExperiment.StopTwo.Arguments(sandbox));
            disk.Set(program.Process);
            var run = await program.EndAsync();
            sandbox.Handler.Obstacle = null;

            Assert.True(run.ExitCode is 0 or 1 or 4 or 5, run.ToString());
            var after = await sandbox.LookAsync();
            Assert.True(before.SequenceEqual(after), $"{point}: {string.Join("; ", after.Except(before))}\n{run}\n{sandbox.LogText}");
            var restored = await sandbox.RestoreAsync();
            Assert.True(restored.ExitCode == 0, $"{point}: {restored}\n{sandbox.LogText}");
            Assert.Empty(await Aftermath.ProblemsAsync(sandbox, before));
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    public async Task A_disk_that_was_full_for_a_while_hides_no_later_change(int room)
    {
        if (!OperatingSystem.IsLinux()) return;
        await using var sandbox = new WatchedSandbox(Seed);
        var before = await sandbox.LookAsync();
        var disk = new FullAtFirstStop(sandbox, room);
        sandbox.Handler.Obstacle = disk;
        using var program = FileSizeLimit.Ignoring(RecoveryExperiment.StopTwo.Arguments(sandbox));
        disk.Set(program.Process);
        var run = await program.EndAsync();
        sandbox.Handler.Obstacle = null;

        Assert.True(sandbox.Handler.TakenDown.Count == 2, run.ToString()); // it died when it had stopped the second one
        var restored = await sandbox.RestoreAsync();
        Assert.True(restored.ExitCode == 0, $"{restored}\n{sandbox.LogText}");
        Assert.Empty(await Aftermath.ProblemsAsync(sandbox, before));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public async Task A_restore_needs_no_room_on_the_disk(double cut)
    {
        if (!OperatingSystem.IsLinux()) return;
        await using var sandbox = new WatchedSandbox(Seed);
        var before = await sandbox.LookAsync();
        await KillAsync(sandbox, RecoveryExperiment.StopOnly, growth: 3, cut);
        var disk = new FullDisk(sandbox, growth: 0, room: 0);
        sandbox.Handler.Obstacle = disk;
        using var program = FileSizeLimit.Ignoring(sandbox.RestoreArguments);
        disk.Set(program.Process);
        var restored = await program.EndAsync();
        sandbox.Handler.Obstacle = null;

        Assert.True(restored.ExitCode == 0, $"{restored}\n{sandbox.LogText}");
        Assert.Equal(before, await sandbox.LookAsync());
        Assert.Equal(0, (await sandbox.RestoreAsync()).ExitCode); // writes what there was no room for
        Assert.Empty(await Aftermath.ProblemsAsync(sandbox, before));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(0, -1)]
    [InlineData(30, -365)]
    public async Task A_restore_does_not_care_what_time_it_was_for_the_run(int daysOfTheCluster, int daysOfTheLog)
    {
        await using var sandbox = new WatchedSandbox(Seed);
        var before = await sandbox.LookAsync();
        await KillAsync(sandbox, RecoveryExperiment.StopMarked, growth: 4, cut: 1);
        sandbox.Clock.Advance(TimeSpan.FromDays(daysOfTheCluster));
        await File.WriteAllTextAsync(sandbox.LogPath!, Time().Replace(
            sandbox.LogText, match => DateTimeOffset.Parse(match.Value, CultureInfo.InvariantCulture).AddDays(daysOfTheLog).ToString("O")));
        var restored = await sandbox.RestoreAsync();

        Assert.True(restored.ExitCode == 0, $"{restored}\n{sandbox.LogText}");
        Assert.Empty(await Aftermath.ProblemsAsync(sandbox, before));
    }

    /// <summary>Kills a run right after it was told that its stop is accepted; the line that says so is there in part.</summary>
    private static async Task KillAsync(WatchedSandbox sandbox, RecoveryExperiment experiment, int growth, double cut)
    {
        var trap = new KillTrap(new KillPoint(experiment, KillPhase.Writing, growth), () => sandbox.LogLength);
        sandbox.Handler.Obstacle = trap;
        using var program = ChaosProgram.Start(experiment.Arguments(sandbox));
        trap.Set(program.Process);
        var run = await program.EndAsync();
        sandbox.Handler.Obstacle = null;
        Assert.True(trap.Sprung && sandbox.Handler.TakenDown.Count == 1, run.ToString());
        sandbox.CutLog(trap.AnnouncedLength, cut);
    }

    [GeneratedRegex("(?<=\"(at|startedAt|heartbeatBefore)\":\")[^\"]+")]
    private static partial Regex Time();

    /// <summary>Servers whose connections break from one moment on.</summary>
    private sealed class Away(string host, Func<bool> gone) : Obstacle
    {
        public override Task ArrivedAsync(SeenRequest request) =>
            IsMeant(request.Uri.Host) && gone() ? Task.FromException(Broken()) : Task.CompletedTask;

        private bool IsMeant(string asked) => host == "."
            ? asked.StartsWith("kubernetes.", StringComparison.Ordinal) || asked.StartsWith("management.", StringComparison.Ordinal)
            : asked.StartsWith(host, StringComparison.Ordinal);
    }

    /// <summary>A disk that is full once the log has grown so many times, but for some room.</summary>
    private class FullDisk(WatchedSandbox sandbox, int growth, int room) : Obstacle
    {
        private readonly Lock _lock = new();
        private readonly TaskCompletionSource<Process> _program = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _length = -1;
        private int _growths = -1;

        protected Task<Process> Program => _program.Task;

        protected WatchedSandbox Sandbox => sandbox;

        public void Set(Process program) => _program.SetResult(program);

        public override async Task ArrivedAsync(SeenRequest request)
        {
            lock (_lock)
            {
                var length = sandbox.LogLength;
                if (length == _length) return;
                _length = length;
                if (++_growths != growth) return;
            }

            await FillAsync(room);
        }

        protected async Task FillAsync(int left) => FileSizeLimit.Set(await Program, sandbox.LogLength + left);
    }

    /// <summary>A disk that is full while the first machine is being stopped; the process dies when it has stopped the second.</summary>
    private sealed class FullAtFirstStop(WatchedSandbox sandbox, int room) : FullDisk(sandbox, int.MaxValue, room)
    {
        private readonly int _room = room;

        public override async Task ArrivedAsync(SeenRequest request)
        {
            if (!request.TakesDown) FileSizeLimit.Set(await Program, null);
            else if (Sandbox.Handler.TakenDown.IsEmpty) await FillAsync(_room);
        }

        public override async Task ProcessedAsync(SeenRequest request)
        {
            if (!request.TakesDown || Sandbox.Handler.TakenDown.Count < 2) return;
            var program = await Program;
            program.Kill();
            await program.WaitForExitAsync();
            throw Broken();
        }
    }
}
