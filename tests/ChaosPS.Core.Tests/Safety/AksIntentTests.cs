using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Tests.Fakes;
using ChaosPS.Time;

namespace ChaosPS.Tests.Safety;

/// <summary>Whole clusters: what the rules forbid, and what another process puts back.</summary>
public sealed class AksIntentTests : IDisposable
{
    private readonly FakeAzure _azure = new();
    private readonly FakeWorld _world;

    public AksIntentTests() => _world = new FakeWorld(azure: _azure);

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(PowerAction.PowerOff, "Stopped", "Started AKS cluster aks in subscription s1, tenant t1, AzureCloud.")]
    [InlineData(PowerAction.PowerOff, "Running", null)] // somebody else has started it since
    public async Task Another_process_starts_a_cluster_that_was_stopped(PowerAction action, string state, string? step)
    {
        await _world.Clock.RunAsync(async () =>
        {
            using var recovery = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default);
            var changes = new ChangeSet(_world.Connection, recovery, NullLog.Instance);
            changes.Note(changes.Intend(AksIntent.Of(_azure.Aks!, action, 3)), ChangeState.Accepted);
            _azure.Aks = _azure.Aks! with { PowerState = state };
        });

        var left = Assert.Single(new RunStore(_world.StateDirectory).List());
        var restored = await RunRecovery.RestoreAsync(left, _world.Connection, TimeSpan.FromMinutes(20), NullLog.Instance, default);

        Assert.True(restored.Complete);
        Assert.Equal(step is null ? ["3 nodes are Ready."] : [step, "3 nodes are Ready."], restored.Steps);
        Assert.Equal("Running", _azure.Aks!.PowerState);
        Assert.Equal(step is null ? 0 : 1, _azure.Calls.Count(static call => call == "BeginAsync Start aks"));
    }

    [Theory]
    [InlineData(2, "TooManyNodesDown")]
    [InlineData(3, null)]
    public async Task All_nodes_of_the_connected_cluster_count_as_down(int most, string? rule) =>
        Assert.Equal(rule ?? "3 ready", await CheckAsync(_azure.Aks!, most));

    [Theory]
    [InlineData(4, "TooManyNodesDown")]
    [InlineData(5, "0 ready")]
    public async Task Those_of_another_cluster_count_as_azure_counts_them(int most, string outcome) => Assert.Equal(outcome, await CheckAsync(
        _azure.Aks! with { Name = "other", NodeResourceGroupName = "MC_other", NodePools = [FakeAzure.GoodPool with { Count = 5 }] }, most));

    [Fact]
    public async Task A_protected_node_protects_its_cluster()
    {
        _world.Cluster.Nodes[1] = _world.Cluster.Nodes[1] with { IsProtected = true };
        Assert.Equal("NodeProtected", await CheckAsync(_azure.Aks!, 3));
    }

    [Fact]
    public async Task A_start_is_a_repair() => Assert.Equal("0 ready", await CheckAsync(_azure.Aks!, 1, PowerAction.Start));

    private async Task<string> CheckAsync(AksCluster cluster, int most, PowerAction action = PowerAction.PowerOff)
    {
        var policy = new BlastPolicy { Source = "a", MaxNodesDown = most };
        var gate = await BlastGate.OpenAsync(_world.Connection, [policy], new RunStore(_world.StateDirectory), default);
        try
        {
            return $"{await gate.CheckAsync(cluster, action, null, default)} ready";
        }
        catch (ChaosException refusal)
        {
            return refusal.ErrorId;
        }
    }
}
