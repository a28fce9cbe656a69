using ChaosPS.Azure;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Tests.Experiments;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Azure;

/// <summary>Where in Azure a cluster is, without anybody naming it.</summary>
public sealed class AzureDiscoveryTests : IDisposable
{
    private readonly FakeAzure _azure = new();
    private readonly FakeWorld _world;
    private readonly RecordingLog _log = new();

    public AzureDiscoveryTests() => _world = new FakeWorld(azure: _azure);

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task The_nodes_lead_to_the_cluster_of_aks()
    {
        var found = await AzureDiscovery.LocateAsync(_world.Connection, _log, default);

        Assert.Equal(
            ("AzureCloud", "t1", "s1", "rg", "MC_rg", "aks"),
            (found.AzureCloud, found.TenantId, found.SubscriptionId, found.ResourceGroupName, found.NodeResourceGroupName, found.AksClusterName));
        Assert.Equal(["GetAccountAsync", "FindAksClusterAsync s1 MC_rg"], _azure.Calls);
        Assert.Equal(
        [
            "Azure is asked by AzureCli, as amelie@example.com, in subscription s1, tenant t1, AzureCloud.",
            "Scale set aks-nodepool1-vmss: instances 0, 1, 2 in subscription s1, tenant t1, AzureCloud.",
            "AKS cluster aks in resource group rg in subscription s1, tenant t1, AzureCloud; its machines are in MC_rg.",
        ], _log.Messages.Select(static message => message.Message));
        Assert.Same(_world.Connection.Power, found.Power);
        Assert.Null(_world.Connection.Site);
    }

    [Fact]
    public async Task A_cluster_elsewhere_has_nothing_to_do_with_azure()
    {
        _world.Cluster.Nodes.Clear();
        Assert.Same(_world.Connection, await AzureDiscovery.LocateAsync(_world.Connection, _log, default));
        Assert.Empty(_azure.Calls);
    }

    [Fact]
    public async Task A_cluster_that_may_not_be_seen_leaves_what_the_nodes_say()
    {
        _azure.Aks = null;
        var found = await AzureDiscovery.LocateAsync(_world.Connection, _log, default);
        Assert.Equal(("s1", "MC_rg", null, "t1"), (found.SubscriptionId, found.NodeResourceGroupName, found.AksClusterName, found.TenantId));
        Assert.EndsWith("No AKS cluster was found. None has its machines in MC_rg in subscription s1, tenant t1, AzureCloud, or it may not be seen.", _log.Messages.Last().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_warned_and_can_go_on_reading()
    {
        _azure.Failures["GetAccountAsync"] = ChaosErrors.AzureSignInFailed(new AzureScope("s1", "AzureCloud", null), AzureTokenSource.Default, [("AzureCli", "Please run az login")]);
        var found = await AzureDiscovery.LocateAsync(_world.Connection, _log, default);
        Assert.Equal(("s1", null), (found.SubscriptionId, found.AzureCloud));
        var warning = Assert.Single(_log.Messages, static message => message.Level == ChaosLogLevel.Warning).Message;
        Assert.StartsWith("The machines behind the nodes cannot be reached: Cannot sign in to Azure (subscription s1, an unknown tenant, AzureCloud). Log in: az login.", warning, StringComparison.Ordinal);
    }
}
