using System.Net;
using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

/// <summary>The hypothesis beside the method, and runs that only pretend.</summary>
public sealed class HypothesisStrategyTests : IDisposable
{
    private const string Experiment = """
        {"title": "t", "description": "d",
         "steady-state-hypothesis": {"title": "h", "probes": [{"type": "probe", "name": "up", "tolerance": 200, "provider": {"type": "http", "url": "http://app.invalid/"}}]},
         "method": [{"type": "action", "name": "first", "pauses": {"after": 10}, "provider": {"type": "http", "url": "http://app.invalid/first"}},
                    {"type": "action", "name": "second", "provider": {"type": "http", "url": "http://app.invalid/second"}}],
         "rollbacks": [{"type": "action", "name": "back", "provider": {"type": "http", "url": "http://app.invalid/back"}}]}
        """;

    private readonly ExperimentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_deviation_that_has_healed_when_the_method_is_over_is_a_deviation()
    {
        DownBetween(4, 6);

        var run = await _world.RunAsync(Experiment, new RunOptions { HypothesisStrategy = HypothesisStrategy.Continuously });

        Assert.Equal((RunOutcome.Deviated, 1, true), (run.Outcome, run.ExitCode, run.Deviated));
        Assert.Contains("was not met in 2 of 10 checks while the method was played. The first: 'up': expected status 200, got status 503.", run.Reason, StringComparison.Ordinal);
        Assert.Equal(10, run.Journal["steady_states"]!["during"]!.AsArray().Count);
        Assert.True((bool)run.Journal["steady_states"]!["after"]!["steady_state_met"]!);
    }

    [Fact]
    public async Task Failing_fast_ends_the_method_at_the_first_deviation_and_plays_the_rollbacks()
    {
        DownBetween(4, 6);

        var run = await _world.RunAsync(Experiment, new RunOptions { HypothesisStrategy = HypothesisStrategy.DuringMethodOnly, FailFast = true });

        Assert.Equal(RunOutcome.Deviated, run.Outcome);
        Assert.DoesNotContain("GET /second", _world.Requests);
        Assert.Contains("GET /back", _world.Requests);
        Assert.True(run.Duration < TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task The_checks_are_as_far_apart_as_the_frequency_says()
    {
        var run = await _world.RunAsync(
            Experiment, new RunOptions { HypothesisStrategy = HypothesisStrategy.DuringMethodOnly, HypothesisFrequency = TimeSpan.FromSeconds(4) });

        Assert.Equal(3, run.Activities.Count(static activity => activity.Phase == RunPhase.During));
        Assert.Equal(RunOutcome.Passed, run.Outcome);
    }

    [Theory]
    [InlineData(DryMode.Probes, "GET /first, GET /second, GET /back")]
    [InlineData(DryMode.Actions, "GET /, GET /")]
    [InlineData(DryMode.Activities, "")]
    [InlineData(DryMode.Pause, "GET /, GET /first, GET /second, GET /, GET /back")]
    public async Task A_dry_run_leaves_out_what_it_is_told_to_and_says_so(DryMode dry, string requests)
    {
        var run = await _world.RunAsync(Experiment, new RunOptions { Dry = dry });

        Assert.Equal(requests, string.Join(", ", _world.Requests));
        Assert.Equal(dry, run.Dry);
        Assert.Equal(dry != DryMode.Pause, run.Activities.Any(static activity => activity.Status == ActivityStatus.Skipped));
        Assert.Equal(dry == DryMode.Probes, run.Duration > TimeSpan.FromSeconds(10));
        Assert.StartsWith("Dry run", run.Reason, StringComparison.Ordinal);
        Assert.Equal((dry == DryMode.Pause ? RunOutcome.Passed : RunOutcome.Untested, 0), (run.Outcome, run.ExitCode));
    }

    [Fact]
    public async Task A_hypothesis_that_is_not_to_be_checked_is_not_passed()
    {
        var run = await _world.RunAsync(Experiment, new RunOptions { HypothesisStrategy = HypothesisStrategy.Skip });

        Assert.Equal((RunOutcome.Untested, 8, "completed"), (run.Outcome, run.ExitCode, run.Status));
        Assert.Equal("Nothing was held against a tolerance: no check of the hypothesis was carried out.", run.Reason);
        Assert.Equal(["GET /first", "GET /second", "GET /back"], _world.Requests);
    }

    [Fact]
    public async Task A_dry_run_of_actions_stops_no_machine()
    {
        await _world.RunAsync(Workshop.Corrected, new RunOptions { Dry = DryMode.Actions });

        Assert.Empty(_world.Machines.Calls);
    }

    private void DownBetween(double from, double to)
    {
        var start = _world.Clock.GetUtcNow();
        _world.Answer = request =>
        {
            var now = (_world.Clock.GetUtcNow() - start).TotalSeconds;
            return new HttpResponseMessage(request.RequestUri!.AbsolutePath == "/" && now > from && now < to ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
        };
    }
}
