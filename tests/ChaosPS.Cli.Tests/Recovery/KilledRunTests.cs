using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace ChaosPS.Cli.Tests.Recovery;

/// <summary>
/// Runs that die: a process of its own runs an experiment on a sandbox that this process serves, is killed, and another process puts everything back.
/// </summary>
public sealed class KilledRunTests(ITestOutputHelper output)
{
    /// <summary>What the histories of the sandboxes and the cuts of the logs come from.</summary>
    private const int Seed = 20261123;

    private const int FewestKills = 300;

    /// <summary>Every so manieth run is restored by a process that does nothing else; the others by this one, which is not the one that died either.</summary>
    private const int FreshEvery = 8;

    internal static ParallelOptions Several { get; } = new() { MaxDegreeOfParallelism = 2 * Environment.ProcessorCount };

    [Fact]
    public async Task A_run_that_is_killed_at_any_call_or_write_is_put_back_by_another_process()
    {
        var points = await PlanAsync();
        output.WriteLine($"{points.Count} points, seed {Seed}");
        var killed = new ConcurrentDictionary<KillPoint, bool>();
        var failures = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(points.Index(), Several, async (entry, _) =>
        {
            var (index, point) = entry;
            var (died, problem) = await ShootAsync(point, fresh: index % FreshEvery == 0);
            if (died) killed[point] = true;
            if (problem is not null) failures.Add($"{point}: {problem}");
        });

        output.WriteLine($"{killed.Count} killed");
        Assert.True(failures.IsEmpty, $"{failures.Count} were not put back.\n{string.Join("\n\n", failures.Take(10))}");
        Assert.True(killed.Count >= FewestKills, $"Only {killed.Count} of {points.Count} runs came to their kill point.");
    }

    /// <summary>
    /// Every request of the first experiment in every phase; of the others, which begin alike, every request from the first one on that the log announces, in one phase, or
    /// two where the cluster is told too; and every growth of all logs, as if it had not been, or cut somewhere.
    /// </summary>
    private async Task<IReadOnlyList<KillPoint>> PlanAsync()
    {
        var measured = new ConcurrentDictionary<RecoveryExperiment, KillTrap>();
        await Parallel.ForEachAsync(RecoveryExperiment.All, Several, async (experiment, _) => measured[experiment] = await MeasureAsync(experiment));
        var chance = new Random(Seed);
        List<KillPoint> points = [];
        KillPhase[] phases = [KillPhase.Unprocessed, KillPhase.Unanswered, KillPhase.Answered];
        foreach (var experiment in RecoveryExperiment.All)
        {
            var run = measured[experiment];
            output.WriteLine($"{experiment}: {run.Requests} requests, {run.FirstAnnounced} is the first announced; the log grew {run.Growths} times");
            var first = experiment == RecoveryExperiment.StopAndRestart;
            for (var number = first ? 1 : run.FirstAnnounced; number <= run.Requests; number++)
            {
                chance.Shuffle(phases);
                points.AddRange(phases.Take(first ? 3 : experiment == RecoveryExperiment.StopMarked ? 2 : 1).Select(phase => new KillPoint(experiment, phase, number)));
            }

            for (var growth = 1; growth <= run.Growths; growth++)
                points.Add(new KillPoint(experiment, KillPhase.Writing, growth, growth % 2 * chance.NextDouble()));
        }

        return points;
    }

    /// <summary>Lets a run come to its end.</summary>
    private static async Task<KillTrap> MeasureAsync(RecoveryExperiment experiment)
    {
        await using var sandbox = new WatchedSandbox(Seed);
        var before = await sandbox.LookAsync();
        var never = new KillTrap(new KillPoint(experiment, KillPhase.Unprocessed, int.MaxValue), () => sandbox.LogLength);
        sandbox.Handler.Obstacle = never;
        using var program = ChaosProgram.Start(experiment.Arguments(sandbox));
        var run = await program.EndAsync();

        Assert.True(run.ExitCode is 0 or 1, $"'{experiment}' ended with {run.ExitCode}: {run.Output}{run.Error}");
        sandbox.Clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(before, await sandbox.LookAsync());
        return never;
    }

    /// <summary>Kills a run and has it put back.</summary>
    private static async Task<(bool Died, string? Problem)> ShootAsync(KillPoint point, bool fresh)
    {
        await using var sandbox = new WatchedSandbox(Seed);
        var before = await sandbox.LookAsync();
        var trap = new KillTrap(point, () => sandbox.LogLength);
        sandbox.Handler.Obstacle = trap;
        using var program = ChaosProgram.Start(point.Experiment.Arguments(sandbox));
        trap.Set(program.Process);
        var run = await program.EndAsync();
        sandbox.Handler.Obstacle = null;
        if (trap.Sprung && point.Phase == KillPhase.Writing) sandbox.CutLog(trap.AnnouncedLength, point.Cut);
        var changes = sandbox.Handler.PowerChanges;

        var restored = await sandbox.RestoreAsync(fresh);

        List<string> problems = [];
        if (restored.ExitCode != 0) problems.Add($"restore ended with {restored.ExitCode}");
        if (changes == 0 && sandbox.Handler.PowerChanges > 0) problems.Add("the run had changed nothing, but the restore did");
        problems.AddRange(await Aftermath.ProblemsAsync(sandbox, before));
        if (problems.Count == 0) return (trap.Sprung, null);
        return (trap.Sprung, $"{string.Join("; ", problems)}\nrun: {run}\nrestore: {restored}\nlog: {sandbox.LogText}");
    }
}
