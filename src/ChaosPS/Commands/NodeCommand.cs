using System.Management.Automation;
using ChaosPS.Clusters;
using ChaosPS.Completion;

namespace ChaosPS.Commands;

/// <summary>The base of the cmdlets that do something with named or piped nodes.</summary>
public abstract class NodeCommand : MachineCommand
{
    /// <summary>The parameter set of names.</summary>
    protected const string NameSet = "Name";

    /// <summary>The parameter set of records.</summary>
    protected const string InputObjectSet = "InputObject";

    /// <summary>Names of nodes, wildcards allowed, or Azure resource ids of the machines behind them.</summary>
    /// <remarks>Does not bind by property name: the name of an Azure scale set instance is not that of its node.</remarks>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("NodeName")]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Nodes from Get-ClusterNode.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public ClusterNode[]? InputObject { get; set; }

    /// <summary>The nodes that the parameters name. One that does not exist or is another cluster's becomes an error, and the others follow.</summary>
    protected IReadOnlyList<ClusterNode> ResolveNodes()
    {
        var nodes = new List<ClusterNode>();
        if (InputObject is not null)
        {
            foreach (var node in InputObject)
            {
                Try(() =>
                {
                    RequireSameCluster($"Node {node.Name}", node.Cluster);
                    nodes.Add(node);
                });
            }

            return nodes;
        }

        var all = Run(static (connection, _, stop) => connection.Cluster.GetNodesAsync(stop));
        return ByMachine ? FindByMachine(all) : FindByName(Name, all);
    }
}
