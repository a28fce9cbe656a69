using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

/// <summary>Tolerances in the method, and waiting until a probe is within one.</summary>
public sealed class ToleranceControlTests : IDisposable
{
    private readonly ControlWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(RunCompatibility.None, "completed")]
    [InlineData(RunCompatibility.ChaosToolkit, "completed")]
    public async Task A_tolerance_of_the_method_that_is_not_met_is_a_deviation_and_the_method_goes_on(RunCompatibility compatibility, string status)
    {
        _world.Down("/first", 0);

        var run = await _world.PlayAsync(
            ofFirst: ControlledExperiment.Control("chaosps.controls.tolerance", ""), tolerance: "200", options: new RunOptions { Compatibility = compatibility });

        Assert.Equal((RunOutcome.Deviated, true, status, 1), (run.Outcome, run.Deviated, run.Status, run.ExitCode));
        Assert.Equal("A tolerance of the method was not met. 'first': expected status 200, got status 503.", run.Reason);
        Assert.Contains("GET /second", _world.Requests);
        Assert.False((bool)run.Journal["run"]![0]!["tolerance_met"]!);
    }

    [Fact]
    public async Task Without_the_control_nothing_is_held_against_a_tolerance_of_the_method_and_validation_says_so()
    {
        _world.Down("/first", 0);

        var run = await _world.PlayAsync(tolerance: "200");

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.Contains(_world.Log.Messages, static message => message.Message.Contains("ToleranceIgnored", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wait_looks_until_the_probe_is_within_its_tolerance()
    {
        _world.Down("/first", 0, until: 9);

        var run = await _world.PlayAsync(ofFirst: ControlledExperiment.Wait(60, 2), tolerance: "200");

        Assert.Equal((RunOutcome.Passed, null), (run.Outcome, run.Reason));
        Assert.Equal((6, true), ((int)run.Journal["run"]![0]!["attempts"]!, (bool)run.Journal["run"]![0]!["tolerance_met"]!));
        Assert.InRange(run.Activities.Single(static activity => activity.Name == "first").Duration.TotalSeconds, 9, 11);
    }

    [Theory]
    [InlineData("http://app.invalid/first", "'first': expected status 200, got status 503 (waited for 20 s).")]
    [InlineData("http://app.invalid/hang", "'first': expected status 200, got nothing: it did not answer within 20 s.")]
    public async Task A_wait_that_is_in_vain_ends_after_its_time_and_ends_the_method(string url, string reason)
    {
        _world.Down("/first", 0);

        var run = await _world.PlayAsync(ofFirst: ControlledExperiment.Wait(20, 2), tolerance: "200", url: url);

        Assert.Equal(RunOutcome.Deviated, run.Outcome);
        Assert.Equal($"A tolerance of the method was not met. {reason}", run.Reason);
        Assert.Equal(20, run.Activities.Single(static activity => activity.Name == "first").Duration.TotalSeconds);
        Assert.DoesNotContain("GET /second", _world.Requests);
        Assert.Contains("GET /back", _world.Requests);
    }

    [Fact]
    public async Task A_hypothesis_can_wait_too()
    {
        _world.Down("/", 5, until: 30);

        var run = await _world.PlayAsync(ofHypothesis: ControlledExperiment.Wait(60, 1));

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.InRange(run.Duration.TotalSeconds, 30, 31.5);
    }

    [Fact]
    public async Task A_wait_is_ended_with_the_run()
    {
        _world.Down("/first", 0);

        var run = await _world.PlayAsync(ofFirst: ControlledExperiment.Wait(3600, 1), tolerance: "200", options: new RunOptions { MaxDuration = TimeSpan.FromSeconds(30) });

        Assert.Equal(RunOutcome.Interrupted, run.Outcome);
        Assert.Equal(30, run.Duration.TotalSeconds, 0.5);
    }
}
