using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>The base of the cmdlets that work on the cluster of the session.</summary>
public abstract class ClusterCommand : AsyncCommand
{
    private ChaosConnection? _connection;
    private ClusterIdentity? _identity;

    /// <summary>The session's connection. Looked for at the first record, since an earlier cmdlet of the pipeline may have made it.</summary>
    protected ChaosConnection Connection
    {
        get
        {
            if (_connection is not null) return _connection;
            try
            {
                return _connection = Session.Current.Open();
            }
            catch (ChaosException exception)
            {
                ThrowTerminatingError(exception.ToErrorRecord()); // no record can succeed
                throw;
            }
        }
    }

    /// <summary>Runs <paramref name="work"/> on the connection, as a member of its clock.</summary>
    protected T Run<T>(Func<ChaosConnection, CommandSink, CancellationToken, Task<T>> work)
    {
        var connection = Connection;
        return Run(connection.Time, (sink, stop) => work(connection, sink, stop));
    }

    /// <summary>Refuses a record that was read from another cluster than the connection's.</summary>
    /// <param name="what">The record in words, such as <c>Node aks-…000000</c>.</param>
    /// <param name="cluster">Where it was read.</param>
    /// <exception cref="ChaosException">It was read from another cluster: id <c>OtherCluster</c>.</exception>
    protected void RequireSameCluster(string what, ClusterIdentity cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        _identity ??= Run(static (connection, _, stop) => connection.Cluster.GetIdentityAsync(stop));
        if (cluster.Id != _identity.Id) throw ChaosErrors.OtherCluster(what, cluster.Name, _identity.Name);
    }
}
