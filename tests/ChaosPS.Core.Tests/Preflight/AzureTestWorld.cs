using ChaosPS.Clusters;
using ChaosPS.Preflight;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Preflight;

/// <summary>A cluster of three nodes in which the pre-flight finds nothing to mend until a test changes something.</summary>
public abstract class AzureTestWorld : IDisposable
{
    private protected readonly FakeAzure _azure = new();
    private protected readonly FakeWorld _world;

    protected AzureTestWorld()
    {
        _world = new FakeWorld(azure: _azure);
        for (var i = 0; i < 3; i++)
        {
            _world.Cluster.Nodes[i] = _world.Cluster.Nodes[i] with { NodePoolName = "nodepool1", Allocatable = new ResourceQuantities(3860, 0) };
            _world.Machines.Instances[i] = _world.Machines.Instances[i] with { ProvisioningState = "Succeeded" };
        }
    }

    public void Dispose()
    {
        _world.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Task<IReadOnlyList<ConnectionFinding>> RunAsync() => AzureTest.RunAsync(_world.Connection, null, default);

    private protected async Task<ConnectionFinding> OneAsync(string check, ConnectionSeverity severity, string evidence)
    {
        var finding = Assert.Single(await RunAsync(), static finding => finding.Severity != ConnectionSeverity.Ok);
        Assert.Equal((check, severity), (finding.Check, finding.Severity));
        Assert.Contains(evidence, finding.Evidence, StringComparison.Ordinal);
        return finding;
    }
}
