using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Commands;

/// <summary>The base of the cmdlets that take nodes by the Azure machines behind them, as Az's cmdlets name and write these.</summary>
/// <remarks>
/// Nothing here is called Name: what Get-AzVmssVM writes has a <c>Name</c> that is the instance's, neither its node's nor its scale set's.
/// An object with an id and with names binds both; the id says all, so the set of ids takes the names too, and passes over them. Were they
/// in the other set alone, PowerShell could not tell which set is meant.
/// </remarks>
public abstract class MachineCommand : ClusterCommand
{
    /// <summary>The parameter set of Azure resource ids.</summary>
    protected const string ResourceIdSet = "ResourceId";

    /// <summary>The parameter set of scale set and instance.</summary>
    protected const string InstanceSet = "Instance";

    /// <summary>Azure resource ids of the machines, <c>…/virtualMachineScaleSets/&lt;scale set&gt;/virtualMachines/&lt;instance&gt;</c>, or nodes' providerIDs.</summary>
    [Parameter(ParameterSetName = ResourceIdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    public string[]? ResourceId { get; set; }

    /// <summary>The scale set's resource group: of AKS, the node resource group.</summary>
    [Parameter(ParameterSetName = InstanceSet, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ResourceIdSet, DontShow = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? ResourceGroupName { get; set; }

    /// <summary>The scale set.</summary>
    [Parameter(ParameterSetName = InstanceSet, Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ResourceIdSet, DontShow = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VmssName")]
    [ValidateNotNullOrEmpty]
    public string? VMScaleSetName { get; set; }

    /// <summary>The instances in the scale set, decimal.</summary>
    [Parameter(ParameterSetName = InstanceSet, Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ResourceIdSet, DontShow = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[]? InstanceId { get; set; }

    /// <summary>Whether the parameters name machines.</summary>
    private protected bool ByMachine => ParameterSetName is ResourceIdSet or InstanceSet;

    /// <summary>
    /// The nodes that names, patterns or machines' resource ids stand for; no node has a name like an id. One that names nothing becomes an error, and
    /// the others follow.
    /// </summary>
    private protected IReadOnlyList<ClusterNode> FindByName(string[]? names, IReadOnlyList<ClusterNode> all)
    {
        var ids = (names ?? []).Where(static name => AzureMachineId.TryParse(name, out _)).ToArray();
        var nodes = FindByResourceId(ids, all);
        string[]? rest = names?.Except(ids).ToArray();
        if (rest is []) return nodes;
        foreach (var name in Wildcards.Missing(rest, all.Select(static node => node.Name)))
            Try(() => throw ChaosErrors.NodeNotFound(name, Connection.Name, all.Select(static node => node.Name)));
        var patterns = new Wildcards(rest);
        nodes.AddRange(all.Where(node => patterns.Match(node.Name)));
        return nodes;
    }

    /// <summary>The nodes on the machines that the parameters name. A machine that no node runs on becomes an error, and the others follow.</summary>
    private protected IReadOnlyList<ClusterNode> FindByMachine(IReadOnlyList<ClusterNode> all)
    {
        if (ParameterSetName == ResourceIdSet) return FindByResourceId(ResourceId!, all);
        var nodes = new List<ClusterNode>();
        foreach (var instance in InstanceId!)
        {
            Try(() => nodes.Add(Find(all, $"{ResourceGroupName}/{VMScaleSetName}/{instance}",
                node => Same(node.ResourceGroupName, ResourceGroupName) && Same(node.VMScaleSetName, VMScaleSetName) && Same(node.InstanceId, instance))));
        }

        return nodes;
    }

    private List<ClusterNode> FindByResourceId(IEnumerable<string> ids, IReadOnlyList<ClusterNode> all)
    {
        var nodes = new List<ClusterNode>();
        foreach (var id in ids)
            Try(() => nodes.Add(Find(all, id, node => AzureMachineId.TryParse(id, out var machine) && Same(node.ResourceId, machine.ResourceId))));
        return nodes;
    }

    private ClusterNode Find(IReadOnlyList<ClusterNode> all, string machine, Func<ClusterNode, bool> match) =>
        all.FirstOrDefault(match) ?? throw ChaosErrors.NoNodeOnMachine(machine, Connection.Power.FullName(machine), Connection.Name);

    // Azure does not keep the case of its names.
    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
