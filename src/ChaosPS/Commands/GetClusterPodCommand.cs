using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Completion;
using ChaosPS.Errors;

namespace ChaosPS.Commands;

/// <summary>Gets pods, of all namespaces unless one is named.</summary>
[Cmdlet(VerbsCommon.Get, "ClusterPod")]
[OutputType(typeof(ClusterPod))]
public sealed class GetClusterPodCommand : ClusterCommand
{
    private readonly HashSet<string> _nodes = [];

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

    /// <summary>Names of nodes, wildcards allowed: only the pods on them.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? NodeName { get; set; }

    /// <summary>Nodes: only the pods on them.</summary>
    [Parameter(ValueFromPipeline = true)]
    public ClusterNode[]? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var node in InputObject ?? [])
        {
            Try(() =>
            {
                RequireSameCluster($"Node {node.Name}", node.Cluster);
                _nodes.Add(node.Name);
            });
        }
    }

    /// <summary>Reads once, however many nodes came through the pipeline: a large cluster's pods take seconds.</summary>
    protected override void Finish()
    {
        if (MyInvocation.ExpectingInput && _nodes.Count == 0) return;
        var pods = Run((connection, _, stop) => OnlyNode() is { } node
            ? connection.Cluster.GetPodsOnNodeAsync(node, stop)
            : connection.Cluster.GetPodsAsync(Namespaces.Single(Namespace), LabelSelector, stop));
        Wildcards names = new(Name), namespaces = new(Namespace), nodes = new(NodeName);
        ClusterPod[] found = [.. pods.Where(pod =>
            names.Match(pod.Name) && namespaces.Match(pod.Namespace) && nodes.Match(pod.NodeName) && (_nodes.Count == 0 || _nodes.Contains(pod.NodeName ?? "")))];
        foreach (var pod in found) WriteObject(pod);
        foreach (var name in Wildcards.Missing(Name, found.Select(static pod => pod.Name)))
            Try(() => throw ChaosErrors.PodNotFound(name, Namespace, [.. _nodes, .. NodeName ?? []]));
    }

    /// <summary>The node that the server can choose by, when there is one and nothing else that it can choose by.</summary>
    private string? OnlyNode()
    {
        if (LabelSelector is not null || Namespaces.Single(Namespace) is not null) return null;
        if (_nodes.Count == 1 && NodeName is null) return _nodes.Single();
        return _nodes.Count == 0 && NodeName is [var name] && !WildcardPattern.ContainsWildcardCharacters(name) ? name : null;
    }
}
