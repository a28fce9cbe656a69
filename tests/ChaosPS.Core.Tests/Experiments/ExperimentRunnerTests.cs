using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Tests.Experiments;

public sealed class ExperimentRunnerTests : IDisposable
{
    private readonly ExperimentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task An_application_that_survives_passes_and_the_node_is_put_back()
    {
        var run = await _world.RunAsync(Workshop.Corrected);

        Assert.Equal((RunOutcome.Passed, 0, "completed", false, null), (run.Outcome, run.ExitCode, run.Status, run.Deviated, run.Reason));
        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
        Assert.Equal(PowerState.Running, _world.Machines.Instances[0].PowerState);
        Assert.True(_world.Cluster.Nodes[0].Ready);
        Assert.Equal(
            ["frontend-must-still-respond", "stop-instance", "frontend-must-still-respond", "restart-instance"],
            run.Activities.Select(static activity => activity.Name));
    }

    [Fact]
    public async Task An_application_that_lives_on_the_stopped_node_deviates_with_probe_expected_and_got()
    {
        _world.PutAllOnOneNode();

        var run = await _world.RunAsync(Workshop.Corrected);

        Assert.Equal((RunOutcome.Deviated, 1, "completed", true), (run.Outcome, run.ExitCode, run.Status, run.Deviated));
        Assert.Contains("'frontend-must-still-respond': expected status 200, got status 503.", run.Reason, StringComparison.Ordinal);
        var probe = run.Activities.Single(static activity => activity.Phase == RunPhase.After);
        Assert.Equal((false, "status 200", "status 503"), (probe.ToleranceMet, probe.Expected, probe.Got));
        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
        Assert.True(_world.IsUp);
    }

    [Theory]
    [InlineData("stop_vmss")]
    [InlineData("stop_kubelet")]
    public async Task A_run_that_may_not_see_whether_its_node_is_back_does_not_begin(string action)
    {
        _world.Cluster.MissingRights.Add("get nodes");

        var run = await _world.RunAsync(Workshop.Corrected.Replace("stop_vmss", action, StringComparison.Ordinal).Replace("restart_vmss", action, StringComparison.Ordinal));

        Assert.Equal((RunOutcome.NotStarted, "RightsMissing"), (run.Outcome, run.ErrorId));
        Assert.Contains("""a ClusterRole with the rule {apiGroups: [""], resources: ["nodes"], verbs: ["get"]}""", run.Reason, StringComparison.Ordinal);
        Assert.Empty(_world.Machines.Calls);
    }

    [Fact]
    public async Task The_pause_after_the_stop_is_time_on_the_runs_clock()
    {
        var run = await _world.RunAsync(Workshop.Text("AZURE_CLUSTER_VMSS_NAME", "60"));

        var stop = run.Activities.Single(static activity => activity.Name == "stop-instance");
        var after = run.Activities.Single(static activity => activity.Phase == RunPhase.After);
        Assert.Equal(TimeSpan.FromSeconds(10), stop.Duration);
        Assert.Equal(TimeSpan.FromSeconds(60), after.Start - stop.End);
    }

    [Fact]
    public async Task The_workshops_filter_matches_nothing_so_nothing_is_touched_and_the_error_says_what_exists()
    {
        var run = await _world.RunAsync(Workshop.AsPrinted);

        Assert.Equal((RunOutcome.NotStarted, 4, "failed", "ScaleSetNotMatched"), (run.Outcome, run.ExitCode, run.Status, run.ErrorId));
        Assert.Empty(_world.Machines.Calls);
        Assert.Empty(_world.Requests);
        Assert.Contains("\"where resourceGroup=~'MC_rg' and name=~'MC_rg'\"", run.Reason, StringComparison.Ordinal);
        Assert.Contains("virtual machine scale sets", run.Reason, StringComparison.Ordinal);
        Assert.Contains("aks-nodepool1-vmss (resource group MC_rg)", run.Reason, StringComparison.Ordinal);
        Assert.Contains(_world.Log.Messages, static message => message.Level == ChaosLogLevel.Warning && message.Message.Contains("VariableShared", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Criteria_that_match_no_instance_touch_nothing_and_the_error_says_which_exist()
    {
        var run = await _world.RunAsync(Workshop.Corrected.Replace("\"name\": \"${azure_vmss_instanceId}\"", "\"instanceId\": \"7\"", StringComparison.Ordinal));

        Assert.Equal((RunOutcome.NotStarted, "InstanceNotMatched"), (run.Outcome, run.ErrorId));
        Assert.Contains("aks-nodepool1-vmss_2 (instance_id 2)", run.Reason, StringComparison.Ordinal);
        Assert.Empty(_world.Machines.Calls);
    }

    [Fact]
    public async Task An_empty_filter_touches_nothing()
    {
        var run = await _world.RunAsync(Method("""{"filter": "${nothing}"}""", configuration: """{"nothing": ""}"""));

        Assert.Equal((RunOutcome.NotStarted, "FilterEmpty"), (run.Outcome, run.ErrorId));
        Assert.Empty(_world.Machines.Calls);
    }

    [Fact]
    public async Task A_rollback_without_a_target_is_found_out_before_anything_is_touched()
    {
        var broken = Workshop.Corrected.Replace("\"func\": \"restart_vmss\", \"arguments\": {\n    \"filter\": \"where", "\"func\": \"restart_vmss\", \"arguments\": {\n    \"filter\": \"where x and", StringComparison.Ordinal)
            .Replace("where x and resourceGroup=~'${azure_resource_group}' and name=~'${azure_vmss_name}'", "where name=~'other'", StringComparison.Ordinal);

        var run = await _world.RunAsync(broken);

        Assert.Equal((RunOutcome.NotStarted, "ScaleSetNotMatched"), (run.Outcome, run.ErrorId));
        Assert.Contains("'restart-instance' (restart_vmss)", run.Reason, StringComparison.Ordinal);
        Assert.Empty(_world.Machines.Calls);
    }

    [Fact]
    public async Task A_steady_state_that_is_not_met_before_the_method_touches_nothing_and_plays_no_rollback()
    {
        _world.Answer = static _ => new HttpResponseMessage(HttpStatusCode.NotFound);

        var run = await _world.RunAsync(Workshop.Corrected);

        Assert.Equal((RunOutcome.NotStarted, "completed", false), (run.Outcome, run.Status, run.Deviated));
        Assert.Contains("expected status 200, got status 404", run.Reason, StringComparison.Ordinal);
        Assert.Empty(_world.Machines.Calls);
        Assert.DoesNotContain(run.Activities, static activity => activity.Phase == RunPhase.Rollbacks);
    }

    [Fact]
    public async Task A_probe_that_gets_no_answer_in_time_is_not_met_with_the_originals_words()
    {
        var run = await _world.RunAsync(Workshop.Text("AZURE_CLUSTER_VMSS_NAME", "15", path: "/hang"));

        var probe = Assert.Single(run.Activities);
        Assert.Equal((RunOutcome.NotStarted, "failed"), (run.Outcome, run.Status));
        Assert.Equal((ActivityStatus.Failed, false, "status 200", TimeSpan.FromSeconds(2)), (probe.Status, probe.ToleranceMet, probe.Expected, probe.Duration));
        Assert.StartsWith("nothing: activity took too long to complete", probe.Got, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_refused_is_not_met_with_the_originals_words()
    {
        _world.Answer = static _ => throw new HttpRequestException("Connection refused");

        var run = await _world.RunAsync(Workshop.Corrected);

        Assert.Contains("failed to connect to http://app.invalid/: Connection refused", run.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_action_that_fails_shows_in_outcome_and_status_and_the_rollbacks_are_played()
    {
        _world.Machines.Failures.Enqueue(ChaosErrors.OtherCluster("x", "y", "z"));

        var run = await _world.RunAsync(Workshop.Corrected);

        Assert.Equal((RunOutcome.ActivityFailed, 5, "failed"), (run.Outcome, run.ExitCode, run.Status));
        Assert.Contains("'stop-instance' of the method failed", run.Reason, StringComparison.Ordinal);
        Assert.Contains(run.Activities, static activity => activity is { Phase: RunPhase.Rollbacks, Status: ActivityStatus.Succeeded });
        Assert.True(_world.IsUp);
    }

    [Fact]
    public async Task An_unexpected_exception_in_an_activity_is_a_failed_activity_and_everything_is_put_back()
    {
        var calls = 0;
        _world.Answer = _ => calls++ == 1 ? throw new InvalidOperationException("boom") : new HttpResponseMessage(HttpStatusCode.OK);

        var run = await _world.RunAsync(Workshop.Corrected);

        Assert.Equal(RunOutcome.Deviated, run.Outcome);
        Assert.Contains("InvalidOperationException: boom", run.Reason, StringComparison.Ordinal);
        Assert.True(_world.IsUp);
    }

    [Fact]
    public async Task Without_rollbacks_the_run_itself_puts_back_what_it_changed()
    {
        var run = await _world.RunAsync(Method("""{"filter": "where name=~'aks-nodepool1-vmss'", "instance_criteria": [{"instance_id": 1}]}"""));

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.Equal(["PowerOff 1", "Start 1"], _world.Machines.Calls);
        Assert.Equal(["Started aks-nodepool1-vmss000001 in subscription s1, tenant t1, AzureCloud.", "Node aks-nodepool1-vmss000001 is Ready."], run.UndoSteps);
        Assert.True((bool)run.Journal["undo"]!["complete"]!);
    }

    [Fact]
    public async Task An_interruption_stops_the_method_at_once_and_the_rollbacks_and_the_undo_still_run()
    {
        using var interruption = new CancellationTokenSource(TimeSpan.FromSeconds(13), _world.Clock);

        var run = await _world.RunAsync(Workshop.Text("AZURE_CLUSTER_VMSS_NAME", "3600"), cancellationToken: interruption.Token);

        Assert.Equal((RunOutcome.Interrupted, 6, "interrupted"), (run.Outcome, run.ExitCode, run.Status));
        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
        Assert.True(_world.IsUp);
        Assert.True(run.Duration < TimeSpan.FromMinutes(2));
        Assert.DoesNotContain(run.Activities, static activity => activity.Phase == RunPhase.After);
    }

    [Fact]
    public async Task An_interruption_while_Azure_still_stops_the_machine_waits_and_starts_it_again()
    {
        using var interruption = new CancellationTokenSource(TimeSpan.FromSeconds(5), _world.Clock);

        var run = await _world.RunAsync(
            Method("""{"filter": "where name=~'aks-nodepool1-vmss'", "instance_criteria": [{"instance_id": "0"}]}"""), cancellationToken: interruption.Token);

        Assert.Equal(RunOutcome.Interrupted, run.Outcome);
        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
        Assert.True(_world.IsUp);
        var cut = (JsonObject)run.Journal["run"]![0]!;
        Assert.False(cut.ContainsKey("status"));
        Assert.Null(cut["output"]);
    }

    [Fact]
    public async Task An_interruption_before_the_method_plays_no_rollback()
    {
        using var interruption = new CancellationTokenSource(TimeSpan.FromSeconds(1), _world.Clock);

        var run = await _world.RunAsync(Workshop.Text("AZURE_CLUSTER_VMSS_NAME", "15", path: "/hang"), cancellationToken: interruption.Token);

        Assert.Equal(RunOutcome.Interrupted, run.Outcome);
        Assert.Empty(_world.Machines.Calls);
    }

    [Fact]
    public async Task A_run_is_over_when_the_steady_state_holds_again()
    {
        DateTimeOffset? back = null;
        _world.Answer = _ =>
        {
            var now = _world.Clock.GetUtcNow();
            if (!_world.IsUp) back = now + TimeSpan.FromSeconds(95); // pods need longer than their node
            return new HttpResponseMessage(now < back ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
        };

        var run = await _world.RunAsync(Workshop.Corrected);

        Assert.Equal(RunOutcome.Deviated, run.Outcome);
        Assert.Matches(@"^The steady state holds again after [\d.]+ s\.$", run.UndoSteps[^1]);
        Assert.True(run.End >= back);
    }

    [Fact]
    public async Task A_steady_state_that_does_not_come_back_leaves_the_rollback_incomplete()
    {
        var broken = false;
        _world.Answer = _ => new HttpResponseMessage((broken |= !_world.IsUp) ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);

        var run = await _world.RunAsync(Workshop.Corrected, new RunOptions { SteadyStateTimeout = TimeSpan.FromMinutes(3) });

        Assert.Equal(RunOutcome.RollbackIncomplete, run.Outcome);
        Assert.Contains("the steady state does not hold again after 3 min 0 s: 'frontend-must-still-respond': expected status 200, got status 503.",
            run.Reason, StringComparison.Ordinal);
        Assert.True(_world.IsUp);
    }

    [Fact]
    public async Task A_run_that_takes_longer_than_it_may_is_interrupted_and_undone()
    {
        var run = await _world.RunAsync(Workshop.Text("AZURE_CLUSTER_VMSS_NAME", "3600"), new RunOptions { MaxDuration = TimeSpan.FromMinutes(2) });

        Assert.Equal(RunOutcome.Interrupted, run.Outcome);
        Assert.Contains("longer than 2 min 0 s", run.Reason, StringComparison.Ordinal);
        Assert.True(_world.IsUp);
        Assert.True(run.Duration < TimeSpan.FromMinutes(4));
    }

    [Fact]
    public async Task A_stop_lever_ends_a_run_and_keeps_the_next_from_beginning()
    {
        var lever = Path.Combine(_world.StateDirectory, "stop");
        var options = new RunOptions { Policies = [new BlastPolicy { Source = "the test", StopFile = lever }] };
        _world.Clock.CreateTimer(_ => File.WriteAllText(lever, ""), null, TimeSpan.FromSeconds(60), Timeout.InfiniteTimeSpan);

        var run = await _world.RunAsync(Workshop.Text("AZURE_CLUSTER_VMSS_NAME", "3600"), options);
        var next = await _world.RunAsync(Workshop.Corrected, options);

        Assert.Equal(RunOutcome.Interrupted, run.Outcome);
        Assert.Contains($"stopped by the file {lever}", run.Reason, StringComparison.Ordinal);
        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
        Assert.Equal((RunOutcome.NotStarted, "StopLeverPulled"), (next.Outcome, next.ErrorId));
    }

    [Fact]
    public async Task A_stop_lever_that_cannot_be_looked_at_keeps_nothing_from_being_put_back()
    {
        var began = _world.Clock.GetUtcNow();
        _world.Cluster.ConfigMapFailure = () => _world.Clock.GetUtcNow() - began > TimeSpan.FromSeconds(2) && !_world.IsUp ? new InvalidOperationException("boom") : null;
        var options = new RunOptions { Policies = [new BlastPolicy { Source = "the test", StopConfigMap = "ops/stop" }] };

        var run = await _world.RunAsync(Workshop.Text("AZURE_CLUSTER_VMSS_NAME", "60"), options);

        Assert.Contains(_world.Log.Messages, static message => message.Message.Contains("InvalidOperationException: boom", StringComparison.Ordinal));
        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.True(_world.IsUp);
    }

    [Fact]
    public async Task What_watches_a_run_and_fails_keeps_nothing_from_being_put_back()
    {
        var began = _world.Clock.GetUtcNow();
        _world.Cluster.ConfigMapFailure = () => _world.Clock.GetUtcNow() - began > TimeSpan.FromSeconds(2) && !_world.IsUp ? new InvalidOperationException("boom") : null;
        _world.Log.OnMessage = static message =>
        {
            if (message.Contains("boom", StringComparison.Ordinal) && message.Contains("stop lever", StringComparison.Ordinal)) throw new IOException("nobody listens");
        };
        var options = new RunOptions { Policies = [new BlastPolicy { Source = "the test", StopConfigMap = "ops/stop" }] };

        var run = await _world.RunAsync(Workshop.Text("AZURE_CLUSTER_VMSS_NAME", "60"), options);

        Assert.Contains(_world.Log.Messages, static said => said.Message.StartsWith("The stop lever in the cluster cannot be looked at: InvalidOperationException: boom", StringComparison.Ordinal));
        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.True(_world.IsUp);
        Assert.Equal(RunState.Ended, new RunStore(_world.StateDirectory).Get(run.RunId).State);
    }

    [Fact]
    public async Task A_run_leaves_a_record_of_what_it_changed_and_how_it_ended()
    {
        var run = await _world.RunAsync(Workshop.Corrected);

        var recorded = new RunStore(_world.StateDirectory).Get(run.RunId);
        Assert.Equal((RunState.Ended, "Passed", 0), (recorded.State, recorded.Outcome, recorded.Remaining));
        Assert.Equal(
            ["PowerOff aks-nodepool1-vmss000000", "Start aks-nodepool1-vmss000000"], recorded.Changes.Select(static change => change.ToString()));
        Assert.Equal(run.JournalPath, recorded.JournalPath);
    }

    [Fact]
    public async Task A_rollback_that_fails_is_incomplete_though_the_undo_puts_the_machine_back()
    {
        _world.Machines.Failures.Enqueue(null);
        _world.Machines.Failures.Enqueue(ChaosErrors.OtherCluster("x", "y", "z"));

        var run = await _world.RunAsync(Workshop.Corrected);

        Assert.Equal((RunOutcome.RollbackIncomplete, 7), (run.Outcome, run.ExitCode));
        Assert.Contains("'restart-instance' failed", run.Reason, StringComparison.Ordinal);
        Assert.Equal(["PowerOff 0", "Start 0", "Start 0"], _world.Machines.Calls);
        Assert.True(_world.IsUp);
    }

    [Fact]
    public async Task A_machine_that_cannot_be_put_back_is_incomplete_and_says_how_to_finish()
    {
        _world.Machines.Failures.Enqueue(null);
        _world.Machines.Failures.Enqueue(ChaosErrors.OtherCluster("x", "y", "z"));

        var run = await _world.RunAsync(Method("""{"filter": "where name=~'aks-nodepool1-vmss'", "instance_criteria": [{"instance_id": "0"}]}"""));

        Assert.Equal(RunOutcome.RollbackIncomplete, run.Outcome);
        Assert.Contains("Start-ClusterNode aks-nodepool1-vmss000000", run.Reason, StringComparison.Ordinal);
        Assert.False((bool)run.Journal["undo"]!["complete"]!);
    }

    [Fact]
    public async Task The_worst_that_applies_is_the_outcome()
    {
        _world.PutAllOnOneNode();
        _world.Machines.Failures.Enqueue(null);
        _world.Machines.Failures.Enqueue(ChaosErrors.OtherCluster("x", "y", "z"));

        var run = await _world.RunAsync(Workshop.Corrected);

        Assert.True(run.Deviated);
        Assert.Equal(RunOutcome.RollbackIncomplete, run.Outcome);
    }

    [Fact]
    public async Task An_invalid_definition_is_refused_with_every_finding_and_no_run()
    {
        var exception = await Assert.ThrowsAsync<ChaosException>(() => _world.RunAsync("""{"title": "t", "rollback": []}"""));

        Assert.Equal("ExperimentInvalid", exception.ErrorId);
        Assert.Equal(2, ((ExperimentValidation)exception.Target!).Errors.Count());
        Assert.Empty(Directory.GetFileSystemEntries(_world.StateDirectory));
    }

    [Fact]
    public async Task A_real_cluster_is_stopped_and_put_back_like_the_sandbox()
    {
        using var world = new ExperimentWorld(ConnectionKind.Cluster);

        var run = await world.RunAsync(Workshop.Corrected);

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.Equal(["PowerOff 0", "Start 0"], world.Machines.Calls);
    }

    [Fact]
    public async Task Two_nodes_in_one_action_are_more_than_the_budget_until_it_is_raised()
    {
        const string Both = """{"filter": "where name=~'aks-nodepool1-vmss'", "instance_criteria": [{"instance_id": "0"}, {"name": "aks-nodepool1-vmss_1"}]}""";

        var refused = await _world.RunAsync(Method(Both));
        Assert.Equal((RunOutcome.NotStarted, "TooManyNodesDown"), (refused.Outcome, refused.ErrorId));
        Assert.Empty(_world.Machines.Calls);

        var run = await _world.RunAsync(Method(Both), new RunOptions { Policies = [new BlastPolicy { Source = "the test", MaxNodesDown = 2 }] });
        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.Equal(["PowerOff 0", "PowerOff 1", "Start 1", "Start 0"], _world.Machines.Calls);
    }

    [Fact]
    public async Task What_cannot_be_undone_must_be_allowed()
    {
        var delete = Method("""{"filter": "where name=~'aks-nodepool1-vmss'", "instance_criteria": [{"instance_id": "2"}]}""", function: "delete_vmss");

        var refused = await _world.RunAsync(delete);
        Assert.Equal((RunOutcome.NotStarted, "IrreversibleNotAllowed"), (refused.Outcome, refused.ErrorId));
        Assert.Empty(_world.Machines.Calls);

        await _world.RunAsync(delete, new RunOptions { AllowIrreversible = true });
        Assert.Equal(["Delete 2"], _world.Machines.Calls);
    }

    [Fact]
    public async Task Without_criteria_one_machine_is_chosen_by_the_seed_and_the_rollback_takes_the_same()
    {
        const string Filter = """{"filter": "where name=~'aks-nodepool1-vmss'"}""";
        var experiment = Method(Filter, rollback: Filter);
        var chosen = new List<string>();
        for (var seed = 0; seed < 8; seed++)
        {
            using var world = new ExperimentWorld();
            var run = await world.RunAsync(experiment, new RunOptions { Seed = seed });
            Assert.Equal(2, run.Targets.Count);
            Assert.Single(run.Targets.OfType<MachineTarget>().Select(static target => target.Instance.InstanceId).Distinct());
            chosen.Add(((MachineTarget)run.Targets[0]).Instance.InstanceId);

            using var again = new ExperimentWorld();
            Assert.Equal(world.Machines.Calls, (await RunAgain(again)).Machines.Calls);

            async Task<ExperimentWorld> RunAgain(ExperimentWorld other)
            {
                await other.RunAsync(experiment, new RunOptions { Seed = seed });
                return other;
            }
        }

        Assert.True(chosen.Distinct().Count() > 1);
    }

    [Theory]
    [InlineData(RollbackStrategy.Default, true)]
    [InlineData(RollbackStrategy.Always, true)]
    [InlineData(RollbackStrategy.Deviated, false)]
    [InlineData(RollbackStrategy.Never, false)]
    public async Task Rollbacks_are_played_as_the_strategy_says_and_the_machine_is_put_back_all_the_same(RollbackStrategy strategy, bool played)
    {
        var run = await _world.RunAsync(Workshop.Corrected, new RunOptions { RollbackStrategy = strategy });

        Assert.Equal(played, run.Activities.Any(static activity => activity.Phase == RunPhase.Rollbacks));
        Assert.True(_world.IsUp);
    }

    [Fact]
    public async Task A_background_activity_goes_on_while_the_method_does_and_both_are_in_the_journal_in_order_of_their_start()
    {
        const string Slow = """
            , {"type": "probe", "name": "slow", "background": true, "provider": {"type": "http", "url": "http://app.invalid/hang", "timeout": 50}},
              {"type": "probe", "name": "quick", "provider": {"type": "http", "url": "http://app.invalid/"}}
            """;

        var run = await _world.RunAsync(Workshop.Text("AZURE_CLUSTER_VMSS_NAME", "0", more: Slow));

        var names = ((JsonArray)run.Journal["run"]!).Select(static entry => (string?)entry!["activity"]!["name"]);
        Assert.Equal(["stop-instance", "slow", "quick"], names);
        var (slow, quick) = (run.Activities.Single(static a => a.Name == "slow"), run.Activities.Single(static a => a.Name == "quick"));
        Assert.True(quick.End < slow.End);
        Assert.Equal(TimeSpan.FromSeconds(50), slow.Duration);
        Assert.True(run.Activities.Single(static a => a.Phase == RunPhase.After).Start >= slow.End);
    }

    [Fact]
    public async Task A_variable_of_the_run_comes_before_the_environment()
    {
        var run = await _world.RunAsync(
            Workshop.AsPrinted, new RunOptions { Variables = new Dictionary<string, object?> { ["azure_vmss_name"] = "aks-nodepool1-vmss" } });

        Assert.Equal(RunOutcome.Passed, run.Outcome);
    }

    [Fact]
    public async Task A_pause_from_the_environment_may_be_a_text()
    {
        var run = await _world.RunAsync(
            Workshop.Text("AZURE_CLUSTER_VMSS_NAME", "\"${azure_subscription_id}\""),
            new RunOptions { Variables = new Dictionary<string, object?> { ["azure_subscription_id"] = "90" } });

        Assert.Equal(TimeSpan.FromSeconds(90), run.Activities.Single(static a => a.Phase == RunPhase.After).Start - run.Activities[1].End);
    }

    private static string Method(string arguments, string function = "stop_vmss", string configuration = "{}", string? rollback = null) => $$$"""
        {"title": "t", "description": "d", "configuration": {{{configuration}}}, "method": [
          {"type": "action", "name": "m",
           "provider": {"type": "python", "module": "chaosazure.vmss.actions", "func": "{{{function}}}", "arguments": {{{arguments}}} }}],
         "rollbacks": [{{{(rollback is null ? "" : Rollback(rollback))}}}]}
        """;

    private static string Rollback(string arguments) => $$$"""
        {"type": "action", "name": "r", "provider": {"type": "python", "module": "chaosazure.vmss.actions", "func": "start_vmss", "arguments": {{{arguments}}} }}
        """;
}
