using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Faults of the platform, and what cmdlets make of them.</summary>
public sealed class SandboxFaultTests
{
    [Fact]
    public void Faults_are_added_listed_and_removed()
    {
        using var engine = Engine.WithSandbox();
        engine.Invoke("Add-ChaosSandboxFault Throttling -Target Azure -Count 3 -Duration 1m; Add-ChaosSandboxFault SlowStart -NodeName *0a");

        Assert.Equal(["1 Throttling Azure 3", "2 SlowStart *0a 00:05:00"], Texts(engine, "Get-ChaosSandboxFault | ForEach-Object { \"$($_.Id) $($_.Fault) $($_.Target)$($_.NodeName) $($_.Count)$($_.Delay)\" }"));

        engine.Invoke("Get-ChaosSandboxFault | Where-Object Fault -eq SlowStart | Remove-ChaosSandboxFault");
        Assert.Equal(["Throttling"], Texts(engine, "(Get-ChaosSandboxFault).Fault"));
        engine.Invoke("Step-ChaosSandbox 1m");
        Assert.Empty(engine.Invoke("Get-ChaosSandboxFault"));
    }

    [Theory]
    [InlineData("Remove-ChaosSandboxFault 7", "FaultNotFound,ChaosPS.Commands.RemoveChaosSandboxFaultCommand")]
    [InlineData("Add-ChaosSandboxFault SlowStart -NodeName nonesuch", "FaultRefused,ChaosPS.Commands.AddChaosSandboxFaultCommand")]
    [InlineData("Disconnect-ChaosCluster; Add-ChaosSandboxFault AzureAway", "NoSandbox,ChaosPS.Commands.AddChaosSandboxFaultCommand")]
    public void What_cannot_be_is_an_error(string line, string id)
    {
        using var engine = Engine.WithSandbox();

        Assert.Equal(id, Assert.Single(engine.Run(line).Errors).FullyQualifiedErrorId);
    }

    [Fact]
    public void Another_session_meets_the_faults_of_a_sandbox_that_is_served()
    {
        using var serving = new Engine();
        var uri = Texts(serving, "(New-ChaosSandbox contactsapp -Listen).Uri").Single();
        using var other = new Engine();
        other.Invoke($"$null = Connect-ChaosCluster -Sandbox {uri}; Add-ChaosSandboxFault Throttling -Target Kubernetes -Count 1");

        Assert.Equal(["1"], Texts(serving, "(Get-ChaosSandboxFault).Count"));
        Assert.Equal(["3"], Texts(serving, "(Get-ClusterNode).Count"));
        Assert.Empty(other.Invoke("Get-ChaosSandboxFault"));

        serving.Invoke("Add-ChaosSandboxFault ApiServerAway");
        Assert.Equal("ClusterUnreachable", other.Run("Get-ClusterNode").Errors.Single().FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void A_throttled_stop_waits_as_long_as_it_is_told_on_the_sandboxs_clock()
    {
        using var engine = Engine.WithSandbox();
        engine.Invoke("Add-ChaosSandboxFault Throttling -Target Azure -Count 2; Add-ChaosSandboxFault Throttling -Target Kubernetes -Count 2");

        Assert.Equal("Stopped", engine.Invoke("Stop-ClusterNode *000000 -PassThru").Single().Properties["PowerState"].Value.ToString());

        Assert.Empty(engine.Invoke("Get-ChaosSandboxFault"));
        Assert.True((bool)engine.Invoke("$sandbox.Now -gt [datetimeoffset]'2026-11-23T09:00:22Z'").Single().BaseObject);
    }

    [Fact]
    public void A_lost_restart_is_an_error_that_says_so_and_a_lost_stop_is_seen_by_the_machine()
    {
        using var engine = Engine.WithSandbox();
        engine.Invoke("Add-ChaosSandboxFault LostOperation -Count 2");

        Assert.Equal("PowerOperationLost,ChaosPS.Commands.RestartClusterNodeCommand", Assert.Single(engine.Run("Restart-ClusterNode *000000").Errors).FullyQualifiedErrorId);
        engine.Invoke("Wait-ClusterNode *000000 -State Ready; Stop-ClusterNode *000000");

        Assert.Equal("True", Texts(engine, "(Start-ClusterNode *000000 -PassThru | Wait-ClusterNode -State Ready).Ready").Single());
    }

    [Fact]
    public void A_slow_start_makes_the_waiting_longer()
    {
        using var engine = Engine.WithSandbox();
        engine.Invoke("Stop-ClusterNode *000000; Add-ChaosSandboxFault SlowStart -Delay 4m");

        var elapsed = (TimeSpan)engine.Invoke("Start-ClusterNode *000000 -PassThru | Wait-ClusterNode -State Ready").Single().Properties["Elapsed"].Value;

        Assert.InRange(elapsed, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(7));
    }

    private static IEnumerable<string> Texts(Engine engine, string script) => engine.Invoke(script).Select(static item => item.ToString());
}
