using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>A cluster that does not say who it is, at an address that proves nothing: a forwarded port, to somebody who may not read kube-system.</summary>
public sealed class UncertainClusterTests : IDisposable
{
    private readonly SmallApiServer _server = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine = new();

    public UncertainClusterTests() =>
        _engine.Invoke($"function Connect {{ $null = Connect-ChaosCluster -KubeConfigPath '{_folder.Write("config", _server.KubeConfig())}' -WarningAction Ignore }}; Connect");

    public void Dispose()
    {
        _engine.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Set-WorkloadReplica -InputObject $workload -Replicas 2 -Confirm:$false")]
    [InlineData("$workload | Add-PodAntiAffinity -LabelKey app -Confirm:$false")]
    public void A_record_of_an_earlier_connection_is_refused_and_nothing_is_changed(string command)
    {
        _engine.Invoke("$workload = (Get-PodDistribution -Namespace shop).Workload; Connect");

        var error = Assert.Single(_engine.Run(command).Errors);

        Assert.StartsWith("ClusterUncertain,ChaosPS.Commands.", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("InvalidOperation", error.CategoryInfo.Category.ToString());
        Assert.Contains("Deployment/shop/web", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("certificate-authority", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Requests, static request => !request.StartsWith("GET ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_record_of_this_connection_is_taken()
    {
        _engine.Invoke("$workload = (Get-PodDistribution -Namespace shop).Workload");

        Assert.DoesNotContain(
            _engine.Run("Set-WorkloadReplica -InputObject $workload -Replicas 2 -WhatIf").Errors,
            static error => error.FullyQualifiedErrorId.StartsWith("ClusterUncertain", StringComparison.Ordinal));
    }
}
