using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>What can be said of changes whose lines the recovery log has lost: nobody knows what was changed, so what is decides.</summary>
internal static class LostLines
{
    /// <summary>Looks at all nodes and their machines. As long as one is down, the run is not finished.</summary>
    public static async Task LookAsync(
        RecordedRun run, ChaosConnection connection, RecoveryLog recovery, List<string> steps, List<string> remaining, CancellationToken cancellationToken)
    {
        var lost = $"The log lacks {(run.Lost.Count == 1 ? "line" : "lines")} {string.Join(", ", run.Lost)}, and what the run changed there is not known.";
        try
        {
            var nodes = await connection.Cluster.GetNodesAsync(cancellationToken);
            var down = await FindDownAsync(nodes, connection.Power, cancellationToken);
            if (down.Count > 0)
            {
                remaining.Add($"{lost} Now these are off or not Ready: {string.Join(", ", down)}. Start them (Start-ClusterNode), then restore the run again.");
                return;
            }

            steps.Add($"{lost} Now all {nodes.Count} nodes are Ready and their machines run; compare the workloads yourself, with what {run.Folder} has of them.");
            recovery.Forgo(run.Lost);
        }
        catch (Exception exception) when (exception is ChaosException or OperationCanceledException)
        {
            remaining.Add($"{lost} The cluster could not be looked at: {exception.Message}");
        }
    }

    private static async Task<IReadOnlyList<string>> FindDownAsync(IReadOnlyList<ClusterNode> nodes, INodePower power, CancellationToken cancellationToken)
    {
        var off = await power.FindOffAsync(nodes.Select(static node => node.ResourceId), cancellationToken);
        ClusterNode[] down = [.. nodes.Where(node => !node.Ready || (node.ResourceId is { } id && off.Contains(id)))];
        off.ExceptWith(down.Select(static node => node.ResourceId).OfType<string>());
        return [.. down.Select(static node => node.Name), .. off]; // a machine may be off so long that it has no node any more
    }
}
