using System.Management.Automation;
using ChaosPS.Clusters;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Resilience;

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

    /// <summary>
    /// Says under <c>-WhatIf</c> what the cmdlet would do to the workloads, from one look at the cluster. As with PowerShell's own lines nothing of it is in the
    /// pipeline, and whatever is in the way of it is a warning.
    /// </summary>
    private protected void ShowForecast(LossAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (action.Nodes.Count == 0) return;
        try
        {
            var forecast = Run((connection, log, stop) => LossForecaster.MakeAsync(connection, [action], log, stop));
            foreach (var line in forecast.Describe()) WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST"]);
        }
        catch (ChaosException exception)
        {
            WriteWarning($"What would become of the workloads cannot be predicted. {exception.Message}");
        }
    }
}
