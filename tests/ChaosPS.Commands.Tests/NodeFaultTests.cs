using System.Management.Automation;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Faults inside machines: Start-NodeFault and Stop-NodeFault.</summary>
public sealed class NodeFaultTests : IDisposable
{
    private const string Node = "aks-nodepool1-36421985-vmss000000";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Start-NodeFault *000000 Cpu -Duration 1m", "Cpu", "Keep the processors 100 % busy")]
    [InlineData("Get-ClusterNode *000000 | Start-NodeFault -Fault Memory -Percent 80 -Duration 60", "Memory", "Fill the memory to 80 %")]
    [InlineData("Start-NodeFault -NodeName *000000 -Fault Disk -Path /mnt -Duration PT1M", "Disk", "Fill the file system of /mnt to 95 %")]
    [InlineData("[pscustomobject]@{ ResourceId = (Get-ClusterNode *000000).ResourceId } | Start-NodeFault -Fault DiskIO -Duration 1m", "DiskIO", "Keep the disk of /var/lib/kubelet writing")]
    [InlineData("Start-NodeFault *000000 Network -Delay 1s -Jitter 100ms -Duration 1m", "Network", "Delay what it sends by 1000 ms, 100 ms more or less")]
    [InlineData("Start-NodeFault *000000 Kubelet -Duration 1m", "Kubelet", "Stop the kubelet")]
    public void A_fault_says_what_runs_where_and_until_when(string command, string kind, string effect)
    {
        using var engine = Sandbox();

        var fault = Assert.Single(engine.Invoke(command));

        Assert.Equal((Node, kind, effect), (Value(fault, "NodeName"), Value(fault, "Fault"), Value(fault, "Effect")));
        Assert.Equal("01:00", ((TimeSpan)((DateTimeOffset)fault.Properties["Until"].Value - (DateTimeOffset)fault.Properties["StartTime"].Value)).ToString("mm\\:ss"));
        Assert.Null(fault.Properties["EndedBy"].Value);
        Assert.Equal(["Held"], Invoke(engine, "(Get-ChaosRun).State"));
    }

    [Theory]
    [InlineData("$fault | Stop-NodeFault")]
    [InlineData("Stop-NodeFault *000000")]
    [InlineData("Get-ClusterNode *000000 | Stop-NodeFault")]
    [InlineData("Stop-NodeFault -Id $fault.Id")]
    public void A_fault_is_ended_by_record_node_or_id_and_its_run_is_over(string command)
    {
        using var engine = Sandbox();
        engine.Invoke("$fault = Start-NodeFault *000000 Kubelet -Duration 1h; Get-ClusterNode *000000 | Wait-ClusterNode -State NotReady | Out-Null");

        var ended = Assert.Single(engine.Invoke(command));

        Assert.Equal("Stopped", Value(ended, "EndedBy"));
        Assert.Equal(["Ready"], Invoke(engine, "(Get-ClusterNode *000000).Status"));
        Assert.Equal(["Ended"], Invoke(engine, "(Get-ChaosRun).State"));
        Assert.Equal("NodeFaultNotFound,ChaosPS.Commands.StopNodeFaultCommand", Assert.Single(engine.Run("Stop-NodeFault *000000").Errors).FullyQualifiedErrorId);
    }

    [Fact]
    public void A_fault_that_has_ended_by_itself_says_so()
    {
        using var engine = Sandbox();
        engine.Invoke("Start-NodeFault *000000 Cpu -Duration 30s; Step-ChaosSandbox -Duration 1m");

        var ended = Assert.Single(engine.Invoke("Stop-NodeFault *000000"));

        Assert.Equal("TimeUp", Value(ended, "EndedBy"));
        Assert.NotNull(ended.Properties["EndTime"].Value);
    }

    [Fact]
    public void A_fault_whose_machine_was_restarted_is_gone()
    {
        using var engine = Sandbox();
        engine.Invoke("Start-NodeFault *000000 Cpu -Duration 1h; Restart-ClusterNode *000000 -MaxNodesDown 2");

        Assert.Equal("Gone", Value(Assert.Single(engine.Invoke("Stop-NodeFault *000000")), "EndedBy"));
    }

    [Fact]
    public void With_Wait_it_returns_when_the_machine_has_ended_the_fault_and_the_node_is_ready()
    {
        using var engine = Sandbox();

        var fault = Assert.Single(engine.Invoke("Start-NodeFault *000000 Kubelet -Duration 5m -Wait"));

        Assert.Equal("TimeUp", Value(fault, "EndedBy"));
        Assert.Equal(["Ready"], Invoke(engine, "(Get-ClusterNode *000000).Status"));
        Assert.Equal(["Ended"], Invoke(engine, "(Get-ChaosRun).State"));
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(60, true)]
    public void Ctrl_C_ends_what_has_begun_or_is_about_to(int seconds, bool wait)
    {
        using var engine = Sandbox();

        Assert.Equal(
            PSInvocationState.Stopped,
            Interruption.StopAt(engine, TimeSpan.FromSeconds(seconds), $"Start-NodeFault *000000 Kubelet -Duration 1h{(wait ? " -Wait" : "")}"));

        Assert.Contains("Ended the Kubelet fault of aks-nodepool1-36421985-vmss000000 in subscription 6e0a63cf-54c1-4d4f-9c0b-3f6d2a8b7c10, tenant 2f8d1b7e-93a4-4b52-8f6d-0c5e7a9b4d31, Sandbox.", engine.Host.Text, StringComparison.Ordinal);
        Assert.Equal(["Ended"], Invoke(engine, "(Get-ChaosRun).State"));
        Assert.Equal(["Ready"], Invoke(engine, "(Get-ClusterNode *000000).Status"));
        Assert.Equal(["Ready"], Invoke(engine, "Step-ChaosSandbox -Duration 2m; (Get-ClusterNode *000000).Status"));
    }

    [Fact]
    public void Another_process_ends_what_is_held()
    {
        using var engine = Sandbox();
        engine.Invoke("Start-NodeFault *000000 Network -Duration 1h");

        var restored = Assert.Single(engine.Invoke("Get-ChaosRun | Restore-ChaosRun"));

        Assert.Equal("Ended the Network fault of aks-nodepool1-36421985-vmss000000 in subscription 6e0a63cf-54c1-4d4f-9c0b-3f6d2a8b7c10, tenant 2f8d1b7e-93a4-4b52-8f6d-0c5e7a9b4d31, Sandbox.", Assert.Single((IEnumerable<string>)restored.Properties["Steps"].Value));
        Assert.Equal(["Ended"], Invoke(engine, "(Get-ChaosRun).State"));
    }

    [Fact]
    public void A_node_with_a_fault_counts_as_down()
    {
        using var engine = Sandbox();
        engine.Invoke("Stop-ClusterNode *000009");

        Assert.StartsWith("TooManyNodesDown,", Assert.Single(engine.Run("Start-NodeFault *000000 Cpu -Duration 1m").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith(
            "TooManyNodesDown,",
            Assert.Single(engine.Run("Start-ClusterNode *000009; Get-ClusterNode *000000, *00000a | Start-NodeFault -Fault Cpu -Duration 1m").Errors).FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Several_nodes_get_it_together_if_so_many_may_be_down()
    {
        using var engine = Sandbox();

        var faults = engine.Invoke("Get-ClusterNode *000000, *000009 | Start-NodeFault -Fault Cpu -Duration 10m -MaxNodesDown 2 -Wait");

        Assert.Equal(2, faults.Count);
        Assert.All(faults, static fault => Assert.Equal("TimeUp", Value(fault, "EndedBy")));
        Assert.Single(faults.Select(static fault => fault.Properties["RunId"].Value).Distinct());
    }

    [Theory]
    [InlineData("Start-NodeFault *000000 Kubelet -Percent 50 -Duration 1m", "FaultInvalid")]
    [InlineData("Start-NodeFault *000000 Cpu -Delay 1s -Duration 1m", "FaultInvalid")]
    [InlineData("Start-NodeFault *000000 Cpu -Duration 0", "FaultInvalid")]
    [InlineData("Start-NodeFault *000000 Cpu -Duration 7h", "FaultInvalid")]
    [InlineData("Start-NodeFault *000000 Network -Delay 11s -Duration 1m", "FaultInvalid")]
    [InlineData("Start-NodeFault *000000 Network -Delay 1s -Jitter 2s -Duration 1m", "FaultInvalid")]
    [InlineData("Start-NodeFault *000000 DiskIO -Path 'relative' -Duration 1m", "FaultInvalid")]
    [InlineData("Start-NodeFault *000000 Disk -Percent 10 -Duration 1m", "FaultFailed")]
    [InlineData("Start-NodeFault nobody Cpu -Duration 1m", "NodeNotFound")]
    [InlineData("Stop-ClusterNode *000000; Start-NodeFault *000000 Cpu -Duration 1m", "FaultMachineOff")]
    public void What_cannot_be_is_an_error_that_leaves_nothing(string command, string id)
    {
        using var engine = Sandbox();

        var (error, _) = Try(engine, command);

        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain("Held", Invoke(engine, "Get-ChaosRun | Where-Object Command -like *Fault | ForEach-Object State"));
    }

    [Fact]
    public void A_held_fault_whose_time_is_up_is_ended_and_can_still_be_asked_about()
    {
        using var engine = Sandbox();
        engine.Invoke("Start-NodeFault *000000 Cpu -Duration 1m | Out-Null; Step-ChaosSandbox -Duration 1m");
        Assert.Equal(["Held"], Invoke(engine, "(Get-ChaosRun).State"));

        engine.Invoke("Step-ChaosSandbox -Duration 2m");
        Assert.Equal(["Ended"], Invoke(engine, "(Get-ChaosRun).State"));
        Assert.Equal(["0"], Invoke(engine, "(Get-ChaosRun).Remaining"));
        Assert.Equal(["TimeUp"], Invoke(engine, "(Stop-NodeFault *000000).EndedBy"));
    }

    [Fact]
    public void A_fault_counts_against_the_budget_of_the_next_cmdlet_until_it_is_over()
    {
        using var engine = Sandbox();
        engine.Invoke("Start-NodeFault *000000 Cpu -Duration 10m | Out-Null");

        Assert.Equal("TooManyNodesDown,ChaosPS.Commands.StopClusterNodeCommand", Assert.Single(engine.Run("Stop-ClusterNode *000009").Errors).FullyQualifiedErrorId);
        engine.Invoke("Stop-NodeFault *000000 | Out-Null; Stop-ClusterNode *000009; Start-ClusterNode *000009");
        engine.Invoke("Start-NodeFault *000000 Cpu -Duration 10m | Out-Null; New-ChaosSandbox contactsapp | Out-Null; Stop-ClusterNode *000009"); // another one, of the same seed
    }

    /// <summary>A sandbox whose runs are in a directory of the test's own: sandboxes of one seed share their identity.</summary>
    private Engine Sandbox()
    {
        var engine = Engine.WithSandbox();
        foreach (var cmdlet in new[] { "Start-NodeFault", "Stop-NodeFault", "Get-ChaosRun", "Stop-ClusterNode", "Restart-ClusterNode" })
            engine.Invoke($"$PSDefaultParameterValues['{cmdlet}:StatePath'] = '{_folder.FullName}'");
        return engine;
    }

    private static (ErrorRecord Error, int Count) Try(Engine engine, string command)
    {
        try
        {
            var result = engine.Run(command);
            return (Assert.Single(result.Errors), result.Errors.Count);
        }
        catch (RuntimeException exception)
        {
            return (exception.ErrorRecord, 1);
        }
    }

    private static string[] Invoke(Engine engine, string script) => [.. engine.Invoke(script).Select(static item => item.ToString())];

    private static string? Value(PSObject item, string name) => item.Properties[name].Value?.ToString();
}
