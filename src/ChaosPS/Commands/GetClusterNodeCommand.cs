using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Completion;
using ChaosPS.Ports;
using ChaosPS.Views;

namespace ChaosPS.Commands;

/// <summary>Gets the nodes of the cluster, with pool, zone, scale set and instance, and on request the power state of their machines.</summary>
[Cmdlet(VerbsCommon.Get, "ClusterNode", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ClusterNode))]
public sealed class GetClusterNodeCommand : MachineCommand
{
    private const string NameSet = "Name";

    /// <summary>Names, wildcards allowed, or Azure resource ids of the machines.</summary>
    [Parameter(ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true)]
    [Alias("NodeName")]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Node pools; wildcards are allowed.</summary>
    [Parameter]
    [Alias("AgentPoolName")]
    [ArgumentCompleter(typeof(NodePoolCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? NodePoolName { get; set; }

    /// <summary>Zones as the nodes' label has them, such as <c>westeurope-1</c>; wildcards are allowed.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ZoneCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Zone { get; set; }

    /// <summary>Asks Azure for the power states too.</summary>
    [Parameter]
    public SwitchParameter PowerState { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var all = Run(static (connection, _, stop) => connection.Cluster.GetNodesAsync(stop));
        var nodes = ByMachine ? FindByMachine(all) : FindByName(Name, all);
        Wildcards pools = new(NodePoolName), zones = new(Zone);
        nodes = [.. nodes.Where(node => pools.Match(node.NodePoolName) && zones.Match(node.Zone))];
        if (PowerState) nodes = Run((connection, _, stop) => connection.Power.WithPowerStatesAsync(nodes, stop));
        foreach (var node in nodes) WriteObject(NodeView.Of(node));
    }
}
