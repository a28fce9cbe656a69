using ChaosPS.Ports;

namespace ChaosPS.Completion;

/// <summary>Completes names of workloads.</summary>
public sealed class WorkloadNameCompleter : ClusterCompleter
{
    private protected override async Task<IEnumerable<string?>> ReadAsync(ChaosConnection connection, CancellationToken cancellationToken) =>
        (await connection.Cluster.GetWorkloadsAsync(null, cancellationToken)).Select(static item => item.Name);
}
