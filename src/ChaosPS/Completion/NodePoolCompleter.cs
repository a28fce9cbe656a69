using ChaosPS.Ports;

namespace ChaosPS.Completion;

/// <summary>Completes names of node pools.</summary>
public sealed class NodePoolCompleter : ClusterCompleter
{
    private protected override async Task<IEnumerable<string?>> ReadAsync(
        ChaosConnection connection, string? scope, CancellationToken cancellationToken) =>
        (await connection.Cluster.GetNodesAsync(cancellationToken)).Select(static item => item.NodePoolName);
}
