using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Completion;
using ChaosPS.Errors;

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
        PodDistribution[] found = [.. all.Where(distribution => names.Match(distribution.Name) && namespaces.Match(distribution.Namespace))];
        foreach (var distribution in found) WriteObject(distribution);
        foreach (var name in Wildcards.Missing(Name, found.Select(static distribution => distribution.Name)))
            Try(() => throw ChaosErrors.WorkloadNotFound(name, Namespaces.Single(Namespace), all.Where(it => namespaces.Match(it.Namespace)).Select(static it => it.Name)));
    }
}
