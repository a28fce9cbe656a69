using ChaosPS.Ports;

namespace ChaosPS.Completion;

/// <summary>Completes names of pods.</summary>
public sealed class PodNameCompleter : NamespacedNameCompleter
{
    private protected override async Task<IEnumerable<(string Namespace, string Name)>> ReadItemsAsync(
        ChaosConnection connection, string? @namespace, CancellationToken cancellationToken) =>
        (await connection.Cluster.GetPodsAsync(@namespace, null, cancellationToken)).Select(static item => (item.Namespace, item.Name));
}
