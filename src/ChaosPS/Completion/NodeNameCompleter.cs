using ChaosPS.Ports;

namespace ChaosPS.Completion;

/// <summary>Completes names of nodes.</summary>
public sealed class NodeNameCompleter : ClusterCompleter
{
    private protected override async Task<IEnumerable<string?>> ReadAsync(
        ChaosConnection connection, string? scope, CancellationToken cancellationToken) =>
        (await connection.Cluster.GetNodesAsync(cancellationToken)).Select(static item => item.Name);
}
