using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Questions before a change, and hosts that cannot show them.</summary>
public sealed class PromptTests : IDisposable
{
    private const int Yes = 0;
    private const int No = 1;

    private readonly Engine _engine = Engine.WithSandbox();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("Stop-ClusterNode *000000 -Confirm", "StopClusterNodeCommand")]
    [InlineData("Set-WorkloadReplica ca-deploy -Replicas 2 -Confirm", "SetWorkloadReplicaCommand")]
    [InlineData("Add-PodAntiAffinity search-deploy -Confirm", "AddPodAntiAffinityCommand")]
    [InlineData("Invoke-ChaosExperiment $sample -Confirm", "InvokeChaosExperimentCommand")]
    [InlineData("$ConfirmPreference = 'Medium'; Stop-ClusterNode *000000", "StopClusterNodeCommand")]
    public void A_question_that_cannot_be_shown_is_an_error_that_names_the_way_around_it(string command, string source)
    {
        _engine.Invoke($"$sample = '{Places.Sample("stop-node.yaml")}'");

        var error = Assert.Single(_engine.Run(command).Errors);

        Assert.Equal($"CannotAsk,ChaosPS.Commands.{source}", error.FullyQualifiedErrorId);
        Assert.Contains("-Confirm:$false", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        AssertNothingChanged();
    }

    [Fact]
    public void A_question_that_is_shown_names_the_target_in_full()
    {
        _engine.Host.Choice = Yes;

        _engine.Invoke("Stop-ClusterNode *000000 -Confirm");

        Assert.Contains("Performing the operation \"Stop\" on target \"aks-nodepool1-36421985-vmss000000 of contactsapp (/subscriptions/",
            _engine.Host.Text, StringComparison.Ordinal);
        Assert.Equal("Stopped", _engine.Invoke("(Get-ClusterNode *000000 -PowerState).PowerState").Single().ToString());
    }

    [Theory]
    [InlineData("Stop-ClusterNode *000000")]
    [InlineData("Set-WorkloadReplica ca-deploy -Replicas 2")]
    [InlineData("Invoke-ChaosExperiment $sample")]
    public void A_cluster_that_nobody_chose_is_not_changed_where_nobody_can_be_asked(string command)
    {
        BeImplicit();

        var error = Assert.Single(_engine.Run(command).Errors);

        Assert.StartsWith("ImplicitContext,ChaosPS.Commands.", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Connect-ChaosCluster -Context 'contactsapp'", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        AssertNothingChanged();
    }

    [Fact]
    public void The_first_change_of_a_cluster_that_nobody_chose_asks_and_the_second_does_not()
    {
        BeImplicit();
        _engine.Host.Choice = Yes;
        _engine.Invoke("Set-WorkloadReplica ca-deploy -Replicas 2");
        Assert.Contains("'contactsapp' (https://kubernetes.contactsapp.sandbox) is the kubeconfig's current context", _engine.Host.Text, StringComparison.Ordinal);

        _engine.Host.Choice = null;
        _engine.Invoke("Set-WorkloadReplica frontend-deploy -Replicas 2");

        Assert.Equal(["2", "2"], _engine.Invoke("(Get-PodDistribution ca-deploy, frontend-deploy).Replicas").Select(static item => item.ToString()));
    }

    [Fact]
    public void No_means_no()
    {
        BeImplicit();
        _engine.Host.Choice = No;

        _engine.Invoke("Stop-ClusterNode *000000");

        AssertNothingChanged();
    }

    [Fact]
    public void Nothing_is_asked_before_reading_or_under_WhatIf()
    {
        BeImplicit();

        Assert.Equal(3, _engine.Invoke("Get-ClusterNode; Stop-ClusterNode *000000 -WhatIf").Count);
    }

    // The session has chosen nothing, and finds the sandbox where it would find the kubeconfig's current context.
    private void BeImplicit() => _engine.Invoke($$"""
        $sample = '{{Places.Sample("stop-node.yaml")}}'
        $connection = Get-ChaosConnection
        Disconnect-ChaosCluster
        $type = (Get-Command Get-ClusterNode).ImplementingType.Assembly.GetType('ChaosPS.Sessions.Session')
        $find = $type.GetProperty('FindImplicit', [Reflection.BindingFlags] 'NonPublic, Instance')
        $find.SetValue($type.GetProperty('Current').GetValue($null), [Func[ChaosPS.Ports.ChaosConnection]] { $connection }.GetNewClosure())
        """);

    private void AssertNothingChanged()
    {
        Assert.Equal(["Running", "Running", "Running"], _engine.Invoke("(Get-ClusterNode -PowerState).PowerState").Select(static item => item.ToString()));
        Assert.Equal(["1", "2"], _engine.Invoke("(Get-PodDistribution ca-deploy, search-deploy).Replicas").Select(static item => item.ToString()));
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero), _engine.Invoke("$sandbox.Now").Single().BaseObject);
    }
}
