using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Completion;

namespace ChaosPS.Commands;

/// <summary>Gets how the pods of each workload are spread over nodes and zones, and whether it survives the loss of one node.</summary>
[Cmdlet(VerbsCommon.Get, "PodDistribution")]
[OutputType(typeof(PodDistribution))]
public sealed class GetPodDistributionCommand : ClusterCommand
{
    /// <summary>Names of workloads; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [Alias("WorkloadName")]
    [ArgumentCompleter(typeof(WorkloadNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Namespaces; wildcards are allowed. All when it is left out.</summary>
    [Parameter]
    [Alias("Ns")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Namespace { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var all = Run((connection, _, stop) => PodDistribution.ReadAsync(connection.Cluster, Namespaces.Single(Namespace), stop));
        Wildcards names = new(Name), namespaces = new(Namespace);
        foreach (var distribution in all)
        {
            if (names.Match(distribution.Name) && namespaces.Match(distribution.Namespace)) WriteObject(distribution);
        }
    }
}
