using ChaosPS.Ports;
using ChaosPS.Sessions;
using ChaosPS.Time;

namespace ChaosPS.Completion;

/// <summary>Completes an argument with names that the cluster knows.</summary>
public abstract class ClusterCompleter : CachedCompleter
{
    /// <summary>Reads the names within a scope.</summary>
    private protected abstract Task<IEnumerable<string?>> ReadAsync(ChaosConnection connection, string? scope, CancellationToken cancellationToken);

    private protected sealed override Task<IEnumerable<string?>> ReadAsync(Session session, string? scope, CancellationToken cancellationToken)
    {
        var connection = session.Open();
        return connection.Time.RunAsync(() => ReadAsync(connection, scope, cancellationToken));
    }
}
