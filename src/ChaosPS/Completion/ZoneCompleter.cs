using ChaosPS.Ports;

namespace ChaosPS.Completion;

/// <summary>Completes zones.</summary>
public sealed class ZoneCompleter : ClusterCompleter
{
    private protected override async Task<IEnumerable<string?>> ReadAsync(
        ChaosConnection connection, string? scope, CancellationToken cancellationToken) =>
        (await connection.Cluster.GetNodesAsync(cancellationToken)).Select(static item => item.Zone);
}
