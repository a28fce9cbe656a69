using BenchmarkDotNet.Attributes;
using ChaosPS.Clusters;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Sandbox;
using ChaosPS.Time;

namespace ChaosPS.Benchmarks;

/// <summary>
/// A whole loss of a node in a new sandbox, through the real clients: connect, stop instance 0, wait until Kubernetes says NotReady. Some 50 seconds of
/// the cluster's time.
/// </summary>
[MemoryDiagnoser]
public class LoseNode
{
    private readonly Composition _composition = new();
    private int _seed;

    [Benchmark]
    public Task<ClusterNode> StopAndWaitNotReady()
    {
        var connection = _composition.Connect(SandboxFactory.Create("contactsapp", _seed++));
        return connection.Time.RunAsync(() => StopAsync(connection));
    }

    private static async Task<ClusterNode> StopAsync(ChaosConnection connection)
    {
        var nodes = await connection.Cluster.GetNodesAsync(CancellationToken.None);
        var node = nodes[0];
        var instance = await connection.Power.GetInstanceAsync(node.ResourceId!, CancellationToken.None);
        var at = connection.Time.GetUtcNow();
        await connection.Power.BeginAsync(instance, PowerAction.PowerOff, skipShutdown: false, CancellationToken.None);
        var changed = node with { Change = new(PowerAction.PowerOff, at, "bench") };
        return await NodeWaiter.WaitAsync(connection, changed, NodeState.NotReady, TimeSpan.FromMinutes(5), NullLog.Instance, CancellationToken.None);
    }
}
