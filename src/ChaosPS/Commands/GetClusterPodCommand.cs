using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Completion;

namespace ChaosPS.Commands;

/// <summary>Gets pods, of all namespaces unless one is named.</summary>
[Cmdlet(VerbsCommon.Get, "ClusterPod")]
[OutputType(typeof(ClusterPod))]
public sealed class GetClusterPodCommand : ClusterCommand
{
    /// <summary>Names; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [Alias("PodName")]
    [ArgumentCompleter(typeof(PodNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Namespaces; wildcards are allowed.</summary>
    [Parameter]
    [Alias("Ns")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Namespace { get; set; }

    /// <summary>A label selector as kubectl takes it, such as <c>service=searchapi</c>.</summary>
    [Parameter]
    [Alias("Selector", "l")]
    [ValidateNotNullOrEmpty]
    public string? LabelSelector { get; set; }

    /// <summary>Nodes: only the pods on them.</summary>
    [Parameter(ValueFromPipeline = true)]
    public ClusterNode[]? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var node in InputObject ?? []) RequireSameCluster($"Node {node.Name}", node.Cluster);
        var pods = Run((connection, _, stop) => connection.Cluster.GetPodsAsync(Namespaces.Single(Namespace), LabelSelector, stop));
        Wildcards names = new(Name), namespaces = new(Namespace);
        foreach (var pod in pods)
        {
            if (!names.Match(pod.Name) || !namespaces.Match(pod.Namespace)) continue;
            if (InputObject is not null && !Array.Exists(InputObject, node => node.Name == pod.NodeName)) continue;
            WriteObject(pod);
        }
    }
}
