using ChaosPS.Ports;

namespace ChaosPS.Completion;

/// <summary>Completes namespaces that have workloads.</summary>
public sealed class NamespaceCompleter : ClusterCompleter
{
    private protected override async Task<IEnumerable<string?>> ReadAsync(
        ChaosConnection connection, string? scope, CancellationToken cancellationToken) =>
        (await connection.Cluster.GetWorkloadsAsync(null, cancellationToken)).Select(static item => item.Namespace);
}
