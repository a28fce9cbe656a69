using ChaosPS.Ports;

namespace ChaosPS.Completion;

/// <summary>Completes names of workloads.</summary>
public sealed class WorkloadNameCompleter : NamespacedNameCompleter
{
    private protected override async Task<IEnumerable<(string Namespace, string Name)>> ReadItemsAsync(
        ChaosConnection connection, string? @namespace, CancellationToken cancellationToken) =>
        (await connection.Cluster.GetWorkloadsAsync(@namespace, cancellationToken)).Select(static item => (item.Namespace, item.Name));
}
