using System.Text.Json.Nodes;
using ChaosPS.Experiments;
using ChaosPS.Experiments.Runs;

namespace ChaosPS.Tests.Experiments;

/// <summary>
/// What holds for every run: of generated experiments whose activities succeed, fail, hang or throw, under every strategy, dry or not, with controls, interrupted at any
/// time. A failing case names its seed.
/// </summary>
public class AnyRunTests
{
    private const int Runs = 50;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 24).Select(static block => block * Runs)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_run_ends_in_one_outcome_with_a_finished_journal_its_rollbacks_as_the_table_says_and_everything_put_back(int first)
    {
        for (var seed = first; seed < first + Runs; seed++)
        {
            var any = AnyRun.Of(seed);
            using var world = new ExperimentWorld();
            try
            {
                var run = await any.PlayAsync(world);

                JournalIsFinished(run);
                OutcomeIsTheWorst(run, any);
                RollbacksAreAsTheTableSays(run, any);
                Assert.True(world.IsUp || run.Outcome == RunOutcome.RollbackIncomplete, "The machine is still off.");
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Assert.Fail($"Seed {seed}: {exception.Message}\n{any.Options}\nInterrupted after {any.InterruptAfter}\n{any.Experiment}\n{exception.StackTrace}");
            }
        }
    }

    private static void JournalIsFinished(ChaosRun run)
    {
        var journal = JsonNode.Parse(File.ReadAllText(run.JournalPath))!;
        Assert.True(JsonNode.DeepEquals(run.Journal, journal));
        Assert.Equal(run.Outcome.ToString(), (string?)journal["outcome"]);
        Assert.Equal(run.ExitCode, (int)journal["exit_code"]!);
        Assert.NotNull(journal["end"]);
        Assert.NotNull(journal["undo"]);
        Assert.Contains((string?)journal["status"], (string[])["completed", "failed", "aborted", "interrupted"]);
        Assert.All(Entries(journal), static entry => Assert.NotNull(entry["end"]));
        Assert.Equal(run.Activities.Count, Entries(journal).Count());
    }

    private static void OutcomeIsTheWorst(ChaosRun run, AnyRun any)
    {
        Assert.Equal(run.Outcome != RunOutcome.Passed || any.Options.Dry is not null || run.Activities.Any(static activity => activity.Status == ActivityStatus.Skipped), run.Reason is not null);
        if (any.Options.Compatibility == RunCompatibility.None) Assert.Equal(run.Outcome == RunOutcome.Untested && run.Dry is not (null or DryMode.Pause) ? 0 : (int)run.Outcome, run.ExitCode);
        if (run.Outcome is RunOutcome.Passed or RunOutcome.Untested)
            Assert.DoesNotContain(run.Activities, static activity => activity.ToleranceMet == false || activity.Status is ActivityStatus.Failed or ActivityStatus.Interrupted);
        if (run.Outcome == RunOutcome.NotStarted) Assert.Empty(run.Journal["run"]!.AsArray());
        if (run.Outcome == RunOutcome.Passed && run.Journal["experiment"]!["steady-state-hypothesis"] is not null)
            Assert.Contains(run.Activities, static activity => activity is { ToleranceMet: true, Status: not ActivityStatus.Skipped });
        if (Unmet(run)) Assert.True(run.Outcome is not (RunOutcome.Passed or RunOutcome.Untested) && run.Deviated, "What was not met is no deviation.");
    }

    private static void RollbacksAreAsTheTableSays(ChaosRun run, AnyRun any)
    {
        var there = any.Options.Compatibility == RunCompatibility.ChaosToolkit;
        if (there && run.Status == "aborted") return; // whether by its method or by its rollbacks cannot be seen from outside
        var entered = run.Journal["run"]!.AsArray().Count > 0;
        var plays = run.ErrorId is null && (there
            ? RollbackTable.PlaysThere(any.Options.RollbackStrategy!.Value, run.Status, run.Deviated, crashed: false)
            : RollbackTable.Plays(any.Options.RollbackStrategy!.Value, entered, Unmet(run)));

        var played = run.Activities.Where(static activity => activity.Phase == RunPhase.Rollbacks).Select(static activity => activity.Name).Distinct().Order();

        Assert.Equal(plays ? any.Rollbacks.Select(static activity => (string)activity!["name"]!) : [], played);
    }

    /// <summary>Whether the steady state was not met beside or after the method, or a tolerance in it. A check that was cut says nothing.</summary>
    private static bool Unmet(ChaosRun run)
    {
        var there = (string?)run.Journal["compatibility"] is not null;
        var states = run.Journal["steady_states"]!;
        IEnumerable<JsonNode?> checks = there ? [states["after"]] : [states["after"], .. states["during"]!.AsArray()];
        return checks.Any(static check => (bool?)check?["steady_state_met"] == false)
            || run.Activities.Any(static activity => activity is { Phase: RunPhase.Method, ToleranceMet: false } and not { Kind: ActivityKind.Action, Status: ActivityStatus.Failed });
    }

    private static IEnumerable<JsonNode> Entries(JsonNode journal)
    {
        var states = journal["steady_states"]!;
        IEnumerable<JsonNode?> checks = [states["before"], states["after"], .. states["during"]!.AsArray()];
        return checks.OfType<JsonNode>().SelectMany(static check => check["probes"]!.AsArray())
            .Concat(journal["run"]!.AsArray()).Concat(journal["rollbacks"]!.AsArray()).OfType<JsonNode>();
    }
}
