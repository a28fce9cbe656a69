using System.Management.Automation;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Several nodes at once: how long that takes, what one failure means to the others, and that the budget holds.</summary>
public sealed class ThrottleTests : IDisposable
{
    private const string Node0 = "aks-nodepool1-28510090-vmss000000";
    private const string Node1 = "aks-nodepool1-28510090-vmss000001";
    private const string Node2 = "aks-nodepool1-28510090-vmss000002";
    private const string Node3 = "aks-nodepool1-28510090-vmss000003";
    private const string Node4 = "aks-nodepool1-28510090-vmss000004";

    private const string Manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web, namespace: default }
        spec:
          replicas: 1
          selector: { matchLabels: { app: web } }
          template:
            metadata: { labels: { app: web } }
            spec: { containers: [{ name: web, image: nginx }] }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine = new();

    public ThrottleTests() => UseSandbox();

    private string StatePath => Path.Combine(_folder.FullName, "state");

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Three_nodes_started_together_take_as_long_as_one()
    {
        Stop("$nodes[0]");
        var one = Elapsed("$nodes[0] | Start-ClusterNode");

        Stop("$nodes[0..2]");
        var three = Elapsed("$nodes[0..2] | Start-ClusterNode");

        Assert.Equal(one, three);
        AssertOff();
    }

    [Theory]
    [InlineData("Start-ClusterNode -ThrottleLimit 1", 4)]
    [InlineData("Start-ClusterNode -ThrottleLimit 2", 2)]
    [InlineData("Start-ClusterNode -ThrottleLimit 3", 2)]
    [InlineData("Start-ClusterNode", 1)]
    public void No_more_nodes_than_the_limit_says_are_started_at_once(string command, int times)
    {
        Stop("$nodes[0]");
        var one = Elapsed("$nodes[0] | Start-ClusterNode");

        Stop("$nodes[0..3]");

        Assert.Equal(one * times, Elapsed($"$nodes[0..3] | {command}"));
        AssertOff();
    }

    [Fact]
    public void Stops_are_sent_together_as_far_as_the_budget_goes_and_the_rest_is_refused_each_by_its_own_error()
    {
        var result = _engine.Run("$nodes | Stop-ClusterNode -MaxNodesDown 2 -PassThru");

        Assert.Equal([Node0, Node1], result.Output.Select(Name));
        Assert.Single(result.Output.Select(SentAt).Distinct());
        Assert.Equal([Node2, Node3, Node4], result.Errors.Select(static error => Name(new PSObject(error.TargetObject))));
        Assert.All(result.Errors, static error => Assert.StartsWith("TooManyNodesDown,", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        AssertOff(Node0, Node1);
    }

    [Fact]
    public void Restarts_go_on_when_the_ones_before_are_done_so_no_more_than_the_budget_are_down()
    {
        var restarted = _engine.Invoke("$nodes | Restart-ClusterNode -MaxNodesDown 2 -PassThru");

        Assert.Equal([Node0, Node1, Node2, Node3, Node4], restarted.Select(Name));
        var sent = restarted.Select(SentAt).ToArray();
        Assert.Equal([2, 2, 1], sent.GroupBy(static at => at).Select(static group => group.Count()));
    }

    [Theory]
    [InlineData("FailedOperation", "PowerOperationFailed")]
    [InlineData("CanceledOperation", "PowerOperationFailed")]
    public void One_that_fails_keeps_no_other_from_being_stopped_and_is_the_target_of_its_error(string fault, string id)
    {
        _engine.Invoke($"Add-ChaosSandboxFault {fault} -NodeName *1");

        var result = _engine.Run("$nodes[0..2] | Stop-ClusterNode -MaxNodesDown 3 -PassThru");

        Assert.Equal([Node0, Node2], result.Output.Select(Name));
        var error = Assert.Single(result.Errors);
        Assert.Equal($"{id},ChaosPS.Commands.StopClusterNodeCommand", error.FullyQualifiedErrorId);
        Assert.Equal(Node1, Name(new PSObject(error.TargetObject)));
        if (fault == "FailedOperation") AssertOff(Node0, Node2);
    }

    [Fact]
    public void One_that_Azure_refuses_keeps_no_other_from_being_started()
    {
        Stop("$nodes[0..2]");
        _engine.Invoke("Add-ChaosSandboxFault Refusal -Code ScopeLocked -Count 1");

        var error = Assert.Single(_engine.Run("$nodes[0..2] | Start-ClusterNode").Errors);

        Assert.Equal("AzureLocked,ChaosPS.Commands.StartClusterNodeCommand", error.FullyQualifiedErrorId);
        AssertOff(Name(new PSObject(error.TargetObject)));
    }

    [Fact]
    public void Nodes_of_one_run_that_are_started_together_end_the_run()
    {
        Stop("$nodes[0..2]");
        Assert.Equal(["Held"], Texts($"(Get-ChaosRun -StatePath '{StatePath}').State"));

        _engine.Invoke($"$nodes[0..2] | Start-ClusterNode -StatePath '{StatePath}'");

        Assert.DoesNotContain("Held", Texts($"(Get-ChaosRun -StatePath '{StatePath}').State"));
    }

    [Fact]
    public void A_node_that_comes_twice_is_not_asked_for_twice_at_once()
    {
        Assert.Equal([Node0, Node0], _engine.Invoke("$nodes[0], $nodes[0] | Stop-ClusterNode -MaxNodesDown 2 -PassThru").Select(Name));
        AssertOff(Node0);
    }

    [Fact]
    public void A_stop_of_the_pipeline_ends_all_waits_at_once_and_says_of_each_node_how_to_start_it()
    {
        var start = Now();

        Interruption.StopAt(_engine, TimeSpan.FromSeconds(2), "$nodes[0..2] | Stop-ClusterNode -MaxNodesDown 3");

        Assert.InRange(Now() - start, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        Assert.All([Node0, Node1, Node2], node =>
            Assert.Contains($"Azure goes on stopping {node}, and nothing starts it again by itself. This does: Start-ClusterNode {node}\n", _engine.Host.Text, StringComparison.Ordinal));
        _engine.Invoke("Step-ChaosSandbox 1m");
        AssertOff(Node0, Node1, Node2);
    }

    [Fact]
    public void A_stop_of_the_pipeline_tells_of_the_nodes_before_too_and_leaves_alone_what_has_not_been_its_turn()
    {
        Interruption.StopAt(_engine, TimeSpan.FromSeconds(20), "$nodes[0..2] | Stop-ClusterNode -MaxNodesDown 3 -ThrottleLimit 1");

        Assert.Contains($"{Node0} was stopped, and nothing starts it again by itself. This does: Start-ClusterNode {Node0}\n", _engine.Host.Text, StringComparison.Ordinal);
        Assert.Contains($"Azure goes on stopping {Node1},", _engine.Host.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"Start-ClusterNode {Node2}", _engine.Host.Text, StringComparison.Ordinal);
        _engine.Invoke("Step-ChaosSandbox 1m");
        AssertOff(Node0, Node1);
    }

    [Fact]
    public void A_failure_that_nobody_reads_any_more_is_told_by_the_host()
    {
        _engine.Invoke("Add-ChaosSandboxFault SlowStart -NodeName *0 -Delay 4m");
        Stop("$nodes[0, 2]");
        _engine.Invoke("Add-ChaosSandboxFault FailedOperation -NodeName *2");

        Interruption.StopAt(_engine, TimeSpan.FromMinutes(2), "$nodes[0, 2] | Start-ClusterNode");

        Assert.Contains("WARNING: Azure accepted to start instance", _engine.Host.Text, StringComparison.Ordinal);
        Assert.Contains($"Wait-ClusterNode {Node0} -State Ready", _engine.Host.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_time_does_not_stand_still_each_record_comes_when_its_node_is_done()
    {
        UseSandbox("-Listen -Speed 500");
        Stop("$nodes[0..1]");
        _engine.Invoke("Add-ChaosSandboxFault SlowStart -NodeName *0 -Delay 10m");

        Assert.Equal([Node1, Node0], _engine.Invoke("$nodes[0..1] | Start-ClusterNode -PassThru").Select(Name));
        _engine.Invoke("Get-ChaosSandbox | Remove-ChaosSandbox");
    }

    [Fact]
    public void Under_WhatIf_all_are_named_and_none_is_stopped()
    {
        _engine.Invoke("$nodes[0..2] | Stop-ClusterNode -MaxNodesDown 3 -WhatIf");

        Assert.All([Node0, Node1, Node2], node => Assert.Contains($"on target \"{node} of", _engine.Host.Text, StringComparison.Ordinal));
        AssertOff();
    }

    private static string Name(PSObject node) => (string)node.Properties["Name"].Value;

    private static object SentAt(PSObject node) => new PSObject(node.Properties["Change"].Value).Properties["At"].Value;

    private void UseSandbox(string more = "")
    {
        var path = _folder.Write("web.yaml", Manifest);
        _engine.Invoke($"$sandbox = New-ChaosSandbox -Path '{path}' -Nodes 5 -SimulationOption @{{ Start = '25s'; PowerOff = '12s' }} {more}; $nodes = Get-ClusterNode");
    }

    private void Stop(string nodes) => _engine.Invoke($"{nodes} | Stop-ClusterNode -MaxNodesDown 4 -StatePath '{StatePath}'");

    private TimeSpan Elapsed(string command)
    {
        var start = Now();
        _engine.Invoke(command);
        return Now() - start;
    }

    private DateTimeOffset Now() => (DateTimeOffset)_engine.Invoke("$sandbox.Now").Single().BaseObject;

    private void AssertOff(params string[] names) =>
        Assert.Equal(names, Texts("Get-ClusterNode -PowerState | Where-Object PowerState -ne Running | ForEach-Object Name"));

    private IEnumerable<string> Texts(string script) => _engine.Invoke(script).Select(static item => item.ToString());
}
