using System.Net;
using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

/// <summary>What guards a run ends it, wherever it is.</summary>
public sealed class SafeguardTests : IDisposable
{
    private readonly ControlWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_safeguard_that_is_not_met_beforehand_keeps_the_run_from_starting_and_says_which_it_was()
    {
        _world.Down("/alert", 0);

        var run = await _world.PlayAsync(controls: ControlledExperiment.Safeguards(ControlledExperiment.Guard("""  "frequency": 2 """)));

        Assert.Equal((RunOutcome.NotStarted, "interrupted", 4), (run.Outcome, run.Status, run.ExitCode));
        Assert.Equal("A safeguard was not met before the method, so nothing was done. 'no-alert': expected status 200, got status 503.", run.Reason);
        Assert.Equal(["GET /alert"], _world.Requests);
    }

    [Fact]
    public async Task A_safeguard_is_looked_at_all_along_and_ends_the_pause_that_the_run_is_in()
    {
        _world.Down("/alert", 7);

        var run = await _world.PlayAsync(controls: ControlledExperiment.Safeguards(ControlledExperiment.Guard("""  "frequency": 2 """)));

        Assert.Equal((RunOutcome.Interrupted, "interrupted"), (run.Outcome, run.Status));
        Assert.Equal("A safeguard was not met. 'no-alert': expected status 200, got status 503.", run.Reason);
        Assert.Equal(["GET /alert", "GET /", "GET /first", "GET /alert", "GET /alert", "GET /alert", "GET /alert", "GET /back"], _world.Requests);
        Assert.InRange(run.Duration.TotalSeconds, 8, 8.5);
        var guard = Assert.Single(run.Journal["safeguards"]!.AsArray())!;
        Assert.Equal(("no-alert", 5, false, "status 503"), ((string?)guard["name"], (int)guard["checks"]!, (bool)guard["met"]!, (string?)guard["got"]));
    }

    [Fact]
    public async Task A_safeguard_ends_an_activity_that_hangs_and_what_was_changed_is_put_back()
    {
        _world.Down("/alert", 30);
        var experiment = Workshop.Text("AZURE_CLUSTER_VMSS_NAME", "0", more: """
            , {"type": "probe", "name": "hang", "provider": {"type": "http", "url": "http://app.invalid/hang", "timeout": 600}}
            """).Replace("\"method\":", ControlledExperiment.Controls(ControlledExperiment.Safeguards(ControlledExperiment.Guard(""" "frequency": 5 """))) + " \"method\":", StringComparison.Ordinal);

        var run = await _world.RunAsync(experiment);

        Assert.Equal(RunOutcome.Interrupted, run.Outcome);
        Assert.Equal(ActivityStatus.Interrupted, run.Activities.Single(static activity => activity.Name == "hang").Status);
        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
    }

    [Fact]
    public async Task A_safeguard_in_the_background_is_looked_at_once_beside_the_run()
    {
        var slow = ControlledExperiment.Guard(""" "background": true """, path: "/slow");
        _world.Answer = static request => new HttpResponseMessage(request.RequestUri!.AbsolutePath == "/slow" ? HttpStatusCode.BadGateway : HttpStatusCode.OK);

        var run = await _world.PlayAsync(controls: ControlledExperiment.Safeguards(slow));

        Assert.Equal(RunOutcome.Interrupted, run.Outcome);
        Assert.Contains("got status 502", run.Reason, StringComparison.Ordinal);
        Assert.InRange(run.Duration.TotalSeconds, 2.6, 3);
        Assert.Single(_world.Requests, static request => request == "GET /slow");
    }

    [Theory]
    [InlineData(RunCompatibility.None)]
    [InlineData(RunCompatibility.ChaosToolkit)]
    public async Task A_safeguard_whose_probe_cannot_do_its_work_is_not_met(RunCompatibility compatibility)
    {
        _world.Answer = static request => request.RequestUri!.AbsolutePath == "/alert" ? throw new InvalidOperationException("broken") : new HttpResponseMessage(HttpStatusCode.OK);

        var run = await _world.PlayAsync(ControlledExperiment.Safeguards(ControlledExperiment.Guard("")), new RunOptions { Compatibility = compatibility });

        Assert.Equal((RunOutcome.NotStarted, "interrupted"), (run.Outcome, run.Status));
        Assert.Contains("'no-alert': expected status 200, got nothing: InvalidOperationException: broken", run.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollbacks_are_not_interrupted_by_a_safeguard()
    {
        _world.Down("/alert", 10.05);

        var run = await _world.PlayAsync(
            ControlledExperiment.Safeguards(ControlledExperiment.Guard(""" "frequency": 0.5 """)),
            rollbacks: """{"type": "action", "name": "back", "pauses": {"before": 60}, "provider": {"type": "http", "url": "http://app.invalid/back"}}""");

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.Contains("GET /back", _world.Requests);
        Assert.True((bool)run.Journal["safeguards"]![0]!["met"]!);
    }

    [Fact]
    public async Task Judged_as_the_Chaos_Toolkit_judges_a_safeguard_interrupts_and_no_rollback_is_played()
    {
        _world.Down("/alert", 7);

        var run = await _world.PlayAsync(ControlledExperiment.Safeguards(ControlledExperiment.Guard(""" "frequency": 2 """)), new RunOptions { Compatibility = RunCompatibility.ChaosToolkit });

        Assert.Equal(("interrupted", 1), (run.Status, run.ExitCode));
        Assert.DoesNotContain("GET /back", _world.Requests);
    }

    [Theory]
    [InlineData(""" "type": "probe", "name": "p", "provider": {"type": "http", "url": "http://x/"} """, "ToleranceMissing")]
    [InlineData(""" "type": "probe", "name": "p", "tolerance": {"type": "rgex"}, "provider": {"type": "http", "url": "http://x/"} """, "ToleranceInvalid")]
    [InlineData(""" "type": "action", "name": "p", "tolerance": 200, "provider": {"type": "http", "url": "http://x/"} """, "WrongType")]
    [InlineData(""" "type": "probe", "name": "p", "tolerance": 200, "frequency": -2, "provider": {"type": "http", "url": "http://x/"} """, "WrongType")]
    [InlineData(""" "type": "probe", "name": "p", "tolerance": 200, "provider": {"type": "python", "module": "m", "func": "f"} """, "UnknownModule")]
    public void A_safeguard_that_could_not_guard_is_an_error(string probe, string code)
    {
        var validation = ControlledExperiment.Validate(ControlledExperiment.Text(ControlledExperiment.Safeguards("{" + probe + "}")));

        Assert.Equal(code, Assert.Single(validation.Errors).Code);
    }

    [Fact]
    public void In_a_sandbox_a_safeguard_may_not_leave_it()
    {
        var experiment = ControlledExperiment.Read(ControlledExperiment.Text(ControlledExperiment.Safeguards(ControlledExperiment.Guard("").Replace("app.invalid", "elsewhere.invalid", StringComparison.Ordinal))));

        var validation = ExperimentValidator.Validate(experiment, ControlledExperiment.Environment, null, new Confinement("box", ["app.invalid"]));

        Assert.Equal("LeavesSandbox", Assert.Single(validation.Errors).Code);
    }
}
