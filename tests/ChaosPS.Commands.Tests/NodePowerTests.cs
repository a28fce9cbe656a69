using System.Management.Automation;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Stopping, starting, restarting nodes and waiting for them.</summary>
public sealed class NodePowerTests
{
    private const string PowerStates = "Get-ClusterNode -PowerState | ForEach-Object { [string]$_.PowerState }";

    [Theory]
    [InlineData("Get-ClusterNode *000000 | Stop-ClusterNode")]
    [InlineData("Stop-ClusterNode *000000")]
    [InlineData("Stop-ClusterNode -NodeName aks-nodepool1-36421985-vmss000000 -SkipShutdown")]
    [InlineData("[pscustomobject]@{ ResourceId = (Get-ClusterNode *000000).ResourceId } | Stop-ClusterNode")]
    public void A_node_is_stopped_by_record_name_or_resource_id(string command)
    {
        using var engine = Engine.WithSandbox();

        Assert.Empty(engine.Invoke(command));

        Assert.Equal(["Stopped", "Running", "Running"], engine.Invoke(PowerStates).Select(static item => item.ToString()));
    }

    [Fact]
    public void Deallocating_gives_up_the_hardware_and_starting_brings_the_node_back()
    {
        using var engine = Engine.WithSandbox();

        Assert.Equal("Deallocated", engine.Invoke("Stop-ClusterNode *000000 -Deallocate -PassThru").Single().Properties["PowerState"].Value.ToString());
        var ready = engine.Invoke("Get-ClusterNode *000000 | Start-ClusterNode -PassThru | Wait-ClusterNode -State Ready").Single();

        Assert.Equal(true, ready.Properties["Ready"].Value);
        Assert.Equal(["Running", "Running", "Running"], engine.Invoke(PowerStates).Select(static item => item.ToString()));
    }

    [Fact]
    public void A_node_is_started_though_the_state_directory_cannot_be_written()
    {
        using var engine = Engine.WithSandbox();
        engine.Invoke("Stop-ClusterNode *000000");

        var started = engine.Run($"Start-ClusterNode *000000 -StatePath '{typeof(NodePowerTests).Assembly.Location}'");

        Assert.Empty(started.Errors);
        Assert.Contains("lacks the Start of aks-nodepool1-36421985-vmss000000", Assert.Single(started.Warnings).ToString(), StringComparison.Ordinal);
        Assert.Equal(["Running", "Running", "Running"], engine.Invoke(PowerStates).Select(static item => item.ToString()));
    }

    [Fact]
    public void Restarting_a_node_that_is_off_starts_it()
    {
        using var engine = Engine.WithSandbox();

        var node = engine.Invoke("Stop-ClusterNode *000000; Restart-ClusterNode *000000 -PassThru").Single();

        Assert.Equal("Running", node.Properties["PowerState"].Value.ToString());
        Assert.Equal("Start", ((PSObject)new PSObject(node.Properties["Change"].Value)).Properties["Action"].Value.ToString());
    }

    [Fact]
    public void One_node_at_a_time_the_others_are_refused_with_the_rule_and_how_to_raise_it()
    {
        using var engine = Engine.WithSandbox();

        var result = engine.Run("Get-ClusterNode | Stop-ClusterNode");

        Assert.Equal(2, result.Errors.Count);
        Assert.All(result.Errors, static error =>
        {
            Assert.Equal("TooManyNodesDown,ChaosPS.Commands.StopClusterNodeCommand", error.FullyQualifiedErrorId);
            Assert.Contains("MaxNodesDown", error.ToString(), StringComparison.Ordinal);
            Assert.Contains("-MaxNodesDown", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        });
        Assert.Equal(["Stopped", "Running", "Running"], engine.Invoke(PowerStates).Select(static item => item.ToString()));
    }

    [Fact]
    public void A_raised_budget_lets_two_go_but_never_the_last_system_node()
    {
        using var engine = Engine.WithSandbox();

        var error = Assert.Single(engine.Run("Get-ClusterNode | Stop-ClusterNode -MaxNodesDown 3").Errors);

        Assert.Equal("LastSystemNode,ChaosPS.Commands.StopClusterNodeCommand", error.FullyQualifiedErrorId);
        Assert.Equal(["Stopped", "Stopped", "Running"], engine.Invoke(PowerStates).Select(static item => item.ToString()));
    }

    [Theory]
    [InlineData("Get-ClusterNode *000000 | Stop-ClusterNode -WhatIf", "Stop")]
    [InlineData("Stop-ClusterNode *000000 -Deallocate -WhatIf", "Deallocate")]
    [InlineData("Restart-ClusterNode *000000 -WhatIf", "Restart")]
    [InlineData("Start-ClusterNode *000000 -WhatIf", "Start")]
    public void Under_WhatIf_the_target_is_named_in_full_and_nothing_is_changed(string command, string action)
    {
        using var engine = Engine.WithSandbox();

        Assert.Empty(engine.Invoke(command));

        Assert.Contains($"What if: Performing the operation \"{action}\" on target \"aks-nodepool1-36421985-vmss000000 of contactsapp (/subscriptions/",
            engine.Host.Text, StringComparison.Ordinal);
        Assert.Equal(["Running", "Running", "Running"], engine.Invoke(PowerStates).Select(static item => item.ToString()));
        Assert.Equal(engine.Invoke("$sandbox.Now").Single().BaseObject, new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void WhatIf_shows_the_refusals_too()
    {
        using var engine = Engine.WithSandbox();

        Assert.Equal(2, engine.Run("Get-ClusterNode | Stop-ClusterNode -WhatIf").Errors.Count);
    }

    [Fact]
    public void Deallocate_and_SkipShutdown_exclude_each_other()
    {
        using var engine = Engine.WithSandbox();

        Assert.Equal("DeallocateShutsDown,ChaosPS.Commands.StopClusterNodeCommand",
            Assert.Single(engine.Run("Stop-ClusterNode *000000 -Deallocate -SkipShutdown").Errors).FullyQualifiedErrorId);
    }

    [Fact]
    public void A_stopped_node_is_noticed_after_40_to_55_seconds_whatever_the_seed()
    {
        using var engine = new Engine();
        for (var seed = 1; seed <= 20; seed++)
        {
            engine.UseSandbox(seed);

            var node = engine.Invoke("Get-ClusterNode -Name *000000 | Stop-ClusterNode -PassThru | Wait-ClusterNode -State NotReady").Single();

            Assert.Equal(false, node.Properties["Ready"].Value);
            Assert.InRange((TimeSpan)node.Properties["Elapsed"].Value, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(55));
        }
    }

    [Fact]
    public void Pods_of_a_dead_node_stay_Running_but_are_not_ready_and_are_replaced_five_minutes_later()
    {
        using var engine = Engine.WithSandbox();
        const string Search = "Get-ClusterPod -Namespace contactsapp -LabelSelector service=searchapi";

        engine.Invoke("Get-ClusterNode *000000 | Stop-ClusterNode -PassThru | Wait-ClusterNode -State NotReady");
        var pods = engine.Invoke(Search);

        Assert.Equal(2, pods.Count);
        Assert.All(pods, static pod =>
        {
            Assert.Equal("Running", pod.Properties["Status"].Value);
            Assert.Equal(1, pod.Properties["ReadyContainers"].Value);
            Assert.Equal(1, pod.Properties["Containers"].Value);
            Assert.Equal(false, pod.Properties["Ready"].Value);
        });
        Assert.Equal(2, engine.Invoke($"Step-ChaosSandbox 280s; {Search}").Count);
        Assert.Equal(4, engine.Invoke($"Step-ChaosSandbox 60s; {Search}").Count);
        Assert.Equal(2, engine.Invoke($"{Search} | Where-Object Ready").Count);
    }

    [Fact]
    public void A_wait_that_takes_too_long_is_an_error_that_says_what_was_seen()
    {
        using var engine = Engine.WithSandbox();

        var error = Assert.Single(engine.Run("Wait-ClusterNode *000000 -State NotReady -Timeout 30s").Errors);

        Assert.Equal("WaitTimeout,ChaosPS.Commands.WaitClusterNodeCommand", error.FullyQualifiedErrorId);
        Assert.Equal("OperationTimeout", error.CategoryInfo.Category.ToString());
    }

    [Fact]
    public void Machines_can_be_waited_for_after_a_stop_that_does_not_wait()
    {
        using var engine = Engine.WithSandbox();

        var node = engine.Invoke("Stop-ClusterNode *000000 -NoWait -PassThru | Wait-ClusterNode -State Stopped -Timeout 5m").Single();

        Assert.Equal("Stopped", node.Properties["State"].Value.ToString());
        Assert.True((TimeSpan)node.Properties["Elapsed"].Value > TimeSpan.Zero);
    }

    [Fact]
    public void Stopping_the_pipeline_ends_the_waiting_keeps_the_node_down_and_says_how_to_start_it()
    {
        using var engine = Engine.WithSandbox();

        var state = Interruption.StopAt(engine, TimeSpan.FromSeconds(2), "Stop-ClusterNode *000000");

        Assert.Equal(PSInvocationState.Stopped, state);
        Assert.Contains("Start-ClusterNode aks-nodepool1-36421985-vmss000000", engine.Host.Text, StringComparison.Ordinal);
        Assert.Equal(["Stopped", "Running", "Running"],
            engine.Invoke($"Step-ChaosSandbox 5m; {PowerStates}").Select(static item => item.ToString()));
    }
}
