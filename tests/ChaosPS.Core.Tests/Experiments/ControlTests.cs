using System.Net;
using ChaosPS.Experiments;
using ChaosPS.Ports;

namespace ChaosPS.Tests.Experiments;

/// <summary>Activities that are left out, or played several times.</summary>
public sealed class ControlTests : IDisposable
{
    private readonly ControlWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(""" "target_names": ["first"] """, "GET /, GET /second, GET /, GET /back", 1, RunOutcome.Passed)]
    [InlineData(""" "target_names": "${left_out}" """, "GET /, GET /second, GET /, GET /back", 1, RunOutcome.Passed)]
    [InlineData(""" "target_type": "action" """, "GET /, GET /", 3, RunOutcome.Untested)]
    [InlineData(""" "target_type": "probe" """, "GET /first, GET /second, GET /back", 2, RunOutcome.Untested)]
    public async Task What_a_bypass_names_is_not_carried_out_and_the_run_says_so(string arguments, string requests, int count, RunOutcome outcome)
    {
        var run = await _world.PlayAsync(ControlledExperiment.Control("chaosaddons.controls.bypass", arguments));

        Assert.Equal(requests, string.Join(", ", _world.Requests));
        Assert.Equal((outcome, (int)outcome), (run.Outcome, run.ExitCode));
        Assert.EndsWith(" of 5 activities were left out by controls.", run.Reason, StringComparison.Ordinal);
        Assert.Equal(count, run.Activities.Count(static activity => activity.Status == ActivityStatus.Skipped));
        Assert.All(
            run.Activities.Where(static activity => activity.Status == ActivityStatus.Skipped),
            static activity => Assert.Equal("left out by the control 'c'", activity.Reason));
        Assert.Contains(_world.Log.Messages, static message => message.Level == ChaosLogLevel.Warning && message.Message.StartsWith("The control 'c' leaves out ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_action_that_is_left_out_needs_no_target_and_stands_in_the_journal_as_the_original_leaves_it()
    {
        var experiment = Workshop.AsPrinted.Replace(
            "\"method\":", ControlledExperiment.Controls(ControlledExperiment.Control("chaosaddons.controls.bypass", """ "target_type": "action" """)) + " \"method\":", StringComparison.Ordinal);

        var run = await _world.RunAsync(experiment);

        Assert.Equal(RunOutcome.Untested, run.Outcome);
        Assert.StartsWith("No action of the method was carried out: ", run.Reason, StringComparison.Ordinal);
        Assert.Empty(_world.Machines.Calls);
        var entry = run.Journal["run"]![0]!;
        Assert.Equal(
            (true, "succeeded", null, true, "left out by the control 'c'"),
            ((bool)entry["activity"]!["dry"]!, (string?)entry["status"], entry["output"], (bool)entry["dry"]!, (string?)entry["reason"]));
    }

    [Fact]
    public async Task A_steady_state_whose_probes_are_left_out_is_not_said_to_be_met()
    {
        await _world.PlayAsync(ControlledExperiment.Control("chaosaddons.controls.bypass", """ "target_type": "probe" """));

        Assert.DoesNotContain(_world.Log.Messages, static message => message.Message == "The steady state is met.");
        Assert.Contains(_world.Log.Messages, static message => message.Message == "The steady state was not looked at: its probes were not carried out.");
    }

    [Theory]
    [InlineData(3, HttpStatusCode.OK, 3)]
    [InlineData(1, HttpStatusCode.OK, 1)]
    [InlineData(0, HttpStatusCode.OK, 1)]
    [InlineData(3, HttpStatusCode.InternalServerError, 3)]
    public async Task An_activity_is_played_as_often_as_repeat_says(int count, HttpStatusCode status, int played)
    {
        _world.Answer = request => new HttpResponseMessage(request.RequestUri!.AbsolutePath == "/first" ? status : HttpStatusCode.OK);

        var run = await _world.PlayAsync(ofFirst: ControlledExperiment.Control("chaosaddons.controls.repeat", $""" "repeat_count": {count} """));

        Assert.Equal(played, _world.Requests.Count(static request => request == "GET /first"));
        Assert.Equal(
            [null, .. Enumerable.Range(1, played - 1).Select(static index => (int?)index), null],
            run.Journal["run"]!.AsArray().Select(static entry => (int?)entry!["activity"]!["iteration_index"]));
    }

    [Fact]
    public async Task Repeating_ends_when_a_time_has_failed_if_it_is_to()
    {
        var first = 0;
        _world.Answer = request => request.RequestUri!.AbsolutePath == "/first" && ++first == 2 ? throw new HttpRequestException("gone") : new HttpResponseMessage(HttpStatusCode.OK);

        await _world.PlayAsync(ofFirst: ControlledExperiment.Control("chaosaddons.controls.repeat", """ "repeat_count": 5, "break_if_previous_iteration_failed": true """));

        Assert.Equal(2, first);
    }

    [Fact]
    public async Task A_control_of_an_activity_replaces_the_one_of_the_experiment_that_has_its_name()
    {
        await _world.PlayAsync(
            ControlledExperiment.Control("chaosaddons.controls.repeat", """ "repeat_count": 2 """),
            ofFirst: ControlledExperiment.Control("chaosaddons.controls.repeat", """ "repeat_count": 4 """));

        Assert.Equal("GET /, GET /, GET /first, GET /first, GET /first, GET /first, GET /second, GET /second, GET /, GET /, GET /back, GET /back", string.Join(", ", _world.Requests));
    }

    [Fact]
    public async Task One_that_is_not_automatic_applies_to_no_activity()
    {
        var control = ControlledExperiment.Control("chaosaddons.controls.bypass", """ "target_type": "action" """).Replace("\"name\": \"c\"", "\"name\": \"c\", \"automatic\": false", StringComparison.Ordinal);

        var run = await _world.PlayAsync(control);

        Assert.Null(run.Reason);
    }
}
