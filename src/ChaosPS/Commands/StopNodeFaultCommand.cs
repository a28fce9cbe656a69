using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Faults;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Commands;

/// <summary>Ends faults inside the machines of nodes before their time is up, or finds out how they have ended.</summary>
[Cmdlet(VerbsLifecycle.Stop, "NodeFault", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(NodeFault))]
public sealed class StopNodeFaultCommand : ClusterCommand
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";
    private const string InputObjectSet = "InputObject";

    /// <summary>Names of nodes, wildcards allowed: all of their faults that recovery logs of this machine tell of.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("NodeName")]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Faults from Start-NodeFault.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public NodeFault[]? InputObject { get; set; }

    /// <summary>Ids of faults.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string[]? Id { get; set; }

    /// <summary>The directory that holds the run folders; the user's state directory when it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StatePath { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var store = new RunStore(ResolvePath(StatePath));
        if (InputObject is not null)
        {
            foreach (var fault in InputObject)
            {
                Try(() =>
                {
                    RequireSameCluster(fault.ToString(), fault.Cluster);
                    Stop(store, fault);
                }, fault);
            }

            return;
        }

        var identity = Run(static (connection, _, stop) => connection.Cluster.GetIdentityAsync(stop));
        var faults = HeldFaults.List(store, identity, unreadable: exception => WriteVerbose(exception.Message));
        foreach (var fault in Id is null ? FindByName(faults, store) : FindById(faults, store)) Try(() => Stop(store, fault), fault);
    }

    private List<NodeFault> FindByName(IReadOnlyList<NodeFault> faults, RunStore store)
    {
        foreach (var name in Name!.Where(name => !faults.Any(fault => new Wildcards([name]).Match(fault.NodeName))))
            Try(() => throw ChaosErrors.NodeFaultNotFound(name, store.Directory));
        var patterns = new Wildcards(Name);
        return [.. faults.Where(fault => patterns.Match(fault.NodeName))];
    }

    private List<NodeFault> FindById(IReadOnlyList<NodeFault> faults, RunStore store)
    {
        foreach (var id in Id!.Where(id => !faults.Any(fault => fault.Id == id))) Try(() => throw ChaosErrors.NodeFaultNotFound(id, store.Directory));
        return [.. faults.Where(fault => Id!.Contains(fault.Id, StringComparer.Ordinal))];
    }

    private void Stop(RunStore store, NodeFault fault)
    {
        if (!MayChange($"{fault.NodeName} of {fault.Cluster.Name} ({Connection.Power.FullName(fault.ResourceId)})", $"End the fault '{fault.Effect}'")) return;
        WriteObject(Run((connection, log, stop) => HeldFaults.EndAsync(store, fault, connection, log, stop)));
    }
}
