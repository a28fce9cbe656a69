using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What a session is connected to.</summary>
public sealed class SessionTests
{
    [Theory]
    [InlineData("Get-ClusterNode")]
    [InlineData("Get-ClusterPod")]
    [InlineData("Get-PodDistribution")]
    [InlineData("Stop-ClusterNode x -Confirm:$false")]
    [InlineData("Test-AppHealth")]
    [InlineData("Set-WorkloadReplica x -Replicas 2")]
    public void Without_a_cluster_and_without_a_sandbox_the_error_names_both_ways(string command)
    {
        using var engine = new Engine();

        var error = Assert.Single(engine.Run(command).Errors);

        Assert.StartsWith("NoCluster,ChaosPS.Commands.", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("ConnectionError", error.CategoryInfo.Category.ToString());
        Assert.Contains("Connect-ChaosCluster", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("New-ChaosSandbox", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_sandbox_connects_the_session()
    {
        using var engine = new Engine();

        var sandbox = engine.Invoke("New-ChaosSandbox contactsapp -Seed 7").Single();

        Assert.Equal("contactsapp", sandbox.Properties["Name"].Value);
        Assert.Equal(7, sandbox.Properties["Seed"].Value);
        Assert.Equal(["contactsapp", "Sandbox"], engine.Invoke("(Get-ChaosConnection).Name; (Get-ChaosConnection).Kind").Select(static item => item.ToString()));
    }

    [Fact]
    public void Where_in_azure_a_new_sandbox_is_is_looked_up_when_it_is_asked_for()
    {
        using var engine = new Engine();
        engine.Invoke("$null = New-ChaosSandbox contactsapp");

        engine.Invoke("Add-ChaosSandboxFault ApiServerAway");
        Assert.Null(engine.Invoke("Get-ChaosConnection").Single().Properties["AksClusterName"].Value);
        engine.Invoke("Get-ChaosSandboxFault | Remove-ChaosSandboxFault");

        var connection = engine.Invoke("Get-ChaosConnection").Single();
        Assert.Equal(
            ["contactsapp", "contactsapp-rg", "MC_contactsapp-rg_contactsapp_westeurope", "Sandbox"],
            new[] { "AksClusterName", "ResourceGroupName", "NodeResourceGroupName", "AzureCloud" }.Select(name => (string)connection.Properties[name].Value));
        Assert.Same(connection.BaseObject, engine.Invoke("Get-ChaosConnection").Single().BaseObject);
    }

    [Fact]
    public void A_sandbox_connects_by_value_and_disconnecting_forgets_it()
    {
        using var engine = new Engine();

        Assert.Equal("contactsapp", engine.Invoke("New-ChaosSandbox contactsapp | Connect-ChaosCluster").Single().Properties["Name"].Value);
        Assert.Empty(engine.Invoke("Disconnect-ChaosCluster; Get-ChaosConnection"));
    }

    [Fact]
    public void An_unknown_sandbox_is_an_error_that_lists_the_built_in_ones()
    {
        using var engine = new Engine();

        var error = Assert.Single(engine.Run("New-ChaosSandbox nonesuch").Errors);

        Assert.Equal("SandboxNotFound,ChaosPS.Commands.NewChaosSandboxCommand", error.FullyQualifiedErrorId);
        Assert.Contains("contactsapp", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_connect_leaves_the_connection_that_was_there()
    {
        using var engine = Engine.WithSandbox();

        var error = Assert.Single(engine.Run("Connect-ChaosCluster -Context nonesuch").Errors);

        Assert.Equal("NoCluster,ChaosPS.Commands.ConnectChaosClusterCommand", error.FullyQualifiedErrorId);
        Assert.Equal("contactsapp", engine.Invoke("Get-ChaosConnection").Single().Properties["Name"].Value);
    }

    [Fact]
    public void Two_runspaces_have_two_connections()
    {
        using var first = Engine.WithSandbox(seed: 1);
        using var second = new Engine();

        Assert.Single(first.Invoke("Get-ChaosConnection"));
        Assert.Empty(second.Invoke("Get-ChaosConnection"));
    }

    [Theory]
    [InlineData("$node | Stop-ClusterNode -Confirm:$false", "StopClusterNodeCommand")]
    [InlineData("$node | Wait-ClusterNode -State Ready", "WaitClusterNodeCommand")]
    [InlineData("$node | Get-ClusterPod", "GetClusterPodCommand")]
    [InlineData("$spread | Set-WorkloadReplica -Replicas 2", "SetWorkloadReplicaCommand")]
    [InlineData("$spread | Add-PodAntiAffinity", "AddPodAntiAffinityCommand")]
    public void A_record_of_another_cluster_is_refused(string pipeline, string command)
    {
        using var engine = Engine.WithSandbox(seed: 1);
        engine.Invoke("$node = Get-ClusterNode *000000; $spread = Get-PodDistribution search-deploy");

        engine.Invoke("[void](New-ChaosSandbox contactsapp -Seed 2)");
        var error = Assert.Single(engine.Run(pipeline).Errors);

        Assert.Equal($"OtherCluster,ChaosPS.Commands.{command}", error.FullyQualifiedErrorId);
        Assert.Equal(["Running"], engine.Invoke("(Get-ClusterNode *000000 -PowerState).PowerState").Select(static item => item.ToString()));
    }

    [Fact]
    public void Time_in_a_sandbox_passes_only_when_it_is_told_to()
    {
        using var engine = Engine.WithSandbox();

        var times = engine.Invoke("$sandbox.Now; [void](Get-ClusterNode); $sandbox.Now; Step-ChaosSandbox -Duration 5m; ($sandbox | Step-ChaosSandbox 30s -PassThru).Now")
            .Select(static item => (DateTimeOffset)item.BaseObject).ToArray();

        Assert.Equal(times[0], times[1]);
        Assert.Equal(TimeSpan.FromMinutes(5.5), times[2] - times[1]);
    }

    [Fact]
    public void Time_cannot_be_moved_without_a_sandbox()
    {
        using var engine = new Engine();

        Assert.Equal("NoSandbox,ChaosPS.Commands.StepChaosSandboxCommand", Assert.Single(engine.Run("Step-ChaosSandbox 5m").Errors).FullyQualifiedErrorId);
    }
}
