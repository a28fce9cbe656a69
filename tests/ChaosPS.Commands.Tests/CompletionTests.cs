using System.Management.Automation;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What Tab offers.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("Stop-ClusterNode aks", "aks-nodepool1-36421985-vmss000000 aks-nodepool1-36421985-vmss000009 aks-nodepool1-36421985-vmss00000a")]
    [InlineData("Get-ClusterNode -Name 'AKS-nodepool1-36421985-vmss00000a", "'aks-nodepool1-36421985-vmss00000a'")]
    [InlineData("Get-ClusterNode -NodePoolName ", "nodepool1")]
    [InlineData("Get-ClusterPod -Namespace con", "contactsapp")]
    [InlineData("Set-WorkloadReplica se", "search-deploy search-function-deploy")]
    [InlineData("New-ChaosSandbox ", "contactsapp")]
    [InlineData("Wait-ClusterNode -State N", "NotReady")]
    public void Names_that_the_cluster_knows_are_completed(string line, string expected)
    {
        using var engine = Engine.WithSandbox();

        Assert.Equal(expected.Split(' '), Complete(engine, line));
    }

    [Fact]
    public void Zones_are_completed()
    {
        using var engine = Engine.WithSandbox();

        Assert.Equal(engine.Invoke("(Get-ClusterNode).Zone").Select(static zone => zone.ToString()).Distinct().Order(), Complete(engine, "Get-ClusterNode -Zone "));
    }

    [Fact]
    public void Another_connection_forgets_what_was_read()
    {
        using var engine = Engine.WithSandbox();
        Assert.Equal(3, Complete(engine, "Stop-ClusterNode aks").Count);

        engine.Invoke("Disconnect-ChaosCluster");

        Assert.Empty(Complete(engine, "Stop-ClusterNode aks"));
    }

    [Fact]
    public void Without_a_cluster_nothing_is_completed_and_nothing_is_said()
    {
        using var engine = new Engine();

        Assert.Empty(Complete(engine, "Stop-ClusterNode aks"));
        Assert.Equal("", engine.Host.Text);
        Assert.Empty(engine.Invoke("$Error"));
    }

    private static List<string> Complete(Engine engine, string line)
    {
        using var shell = PowerShell.Create(engine.Runspace);
        return [.. CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches
            .Where(static match => match.ResultType == CompletionResultType.ParameterValue).Select(static match => match.CompletionText)];
    }
}
