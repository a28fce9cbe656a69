using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;
using ChaosPS.Views;

namespace ChaosPS.Commands;

/// <summary>
/// Waits until nodes are Ready or NotReady, or their machines Running or Stopped, and says how long it took: from the change that was piped in, or
/// else from the beginning of the wait.
/// </summary>
/// <remarks>All nodes are waited for together, from the moment that the last one has come through the pipeline.</remarks>
[Cmdlet(VerbsLifecycle.Wait, "ClusterNode", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ClusterNode))]
public sealed class WaitClusterNodeCommand : NodeCommand
{
    private readonly List<ClusterNode> _nodes = [];

    /// <summary>What to wait for.</summary>
    [Parameter(Mandatory = true)]
    public NodeState State { get; set; }

    /// <summary>How long at most: <c>30s</c>, <c>5m</c>, <c>PT5M</c>, or a number of seconds.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [Duration]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    protected override void Process() => _nodes.AddRange(ResolveNodes());

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (_nodes.Count == 0) return;
        foreach (var (node, error) in Run(WaitAsync))
        {
            if (node is not null) WriteObject(NodeView.Waited(node, State));
            else WriteError(error!.ToErrorRecord());
        }
    }

    private async Task<IReadOnlyList<(ClusterNode? Node, ChaosException? Error)>> WaitAsync(
        ChaosConnection connection, CommandSink log, CancellationToken stop)
    {
        Task<(ClusterNode? Node, ChaosException? Error)>[] waits =
            [.. _nodes.Select(node => connection.Time.RunAsync(() => WaitAsync(connection, node, log, stop)))];
        await connection.Time.WhenAllAsync(waits);
        return [.. waits.Select(static wait => wait.Result)];
    }

    private async Task<(ClusterNode? Node, ChaosException? Error)> WaitAsync(
        ChaosConnection connection, ClusterNode node, CommandSink log, CancellationToken stop)
    {
        try
        {
            return (await NodeWaiter.WaitAsync(connection, node, State, Timeout, log, stop), null);
        }
        catch (ChaosException exception)
        {
            return (null, exception);
        }
    }
}
