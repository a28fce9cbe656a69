using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>Says before a change of a workload is made whether its rollout can end.</summary>
public static class RolloutForecast
{
    /// <summary>Rolls a change out in a simulation of the cluster.</summary>
    /// <param name="connection">The cluster: its nodes, pods and workloads are read.</param>
    /// <param name="change">The change.</param>
    /// <param name="log">Is told where they cannot be read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why it does not roll out, in the scheduler's words; null where it does, and where that cannot be known.</returns>
    public static async Task<string?> FindHitchAsync(ChaosConnection connection, ClusterOverlay change, IChaosLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(log);
        try
        {
            var cluster = connection.Cluster;
            var nodes = await cluster.GetNodesAsync(cancellationToken);
            if (nodes.Count == 0) return null;
            var snapshot = new ClusterSnapshot
            {
                Cluster = nodes[0].Cluster,
                TakenAt = connection.Time.GetUtcNow(),
                Version = "",
                Nodes = nodes,
                Workloads = await cluster.GetWorkloadsAsync(null, cancellationToken),
                Pods = await cluster.GetPodsAsync(null, null, cancellationToken),
            };
            if (snapshot.Workloads.Any(it => it.Held is not null && change.Workloads.Any(other => (other.Kind, other.Namespace, other.Name) == (it.Kind, it.Namespace, it.Name)))) return null; // which is somebody's wish
            return change.Try(snapshot, new SimulationOptions(), cancellationToken).Hitch;
        }
        catch (ChaosException exception)
        {
            // It is advice: who may change a workload need not be allowed to see nodes and pods, and what is really wrong the change itself runs into.
            log.Write(ChaosLogLevel.Verbose, $"Whether the rollout can end is not known: {exception.Summary}");
            return null;
        }
    }
}
