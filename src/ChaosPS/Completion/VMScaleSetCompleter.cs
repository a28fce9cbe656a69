using ChaosPS.Ports;

namespace ChaosPS.Completion;

/// <summary>Completes names of the scale sets that nodes are in.</summary>
public sealed class VMScaleSetCompleter : ClusterCompleter
{
    private protected override async Task<IEnumerable<string?>> ReadAsync(
        ChaosConnection connection, string? scope, CancellationToken cancellationToken) =>
        (await connection.Cluster.GetNodesAsync(cancellationToken)).Select(static item => item.VMScaleSetName);
}
