using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Resilience;
using ChaosPS.Sandboxes;
using ChaosPS.Sessions;
using ChaosPS.Snapshots;

namespace ChaosPS.Commands;

/// <summary>The base of the cmdlets that look for what would hurt workloads, and for what ends it, in one look at a cluster, a snapshot of one, or manifests.</summary>
public abstract class ResilienceCommand : PredictionCommand
{
    private protected const string NameSet = "Name";
    private protected const string InputObjectSet = "InputObject";

    /// <summary>Names of workloads; wildcards are allowed. All when it is left out.</summary>
    [Parameter(ParameterSetName = NameSet, Position = 0)]
    [Alias("WorkloadName")]
    [ArgumentCompleter(typeof(WorkloadNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Namespaces; wildcards are allowed. All when it is left out.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [Alias("Ns")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Namespace { get; set; }

    /// <summary>Workloads, or their distributions from Get-PodDistribution.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [Workload]
    [ValidateNotNullOrEmpty]
    public Workload[]? InputObject { get; set; }

    /// <summary>How many nodes the cluster of the manifests has, where they bring none; three when it is left out.</summary>
    [Parameter]
    [Alias("NodeCount")]
    [ValidateRange(1, 1000)]
    public int Nodes { get; set; }

    /// <summary>The zones of those nodes, in turn: <c>1</c>, or with the region <c>westeurope-1</c>.</summary>
    [Parameter]
    [Alias("Zones")]
    [ValidateNotNullOrEmpty]
    public string[] Zone { get; set; } = [];

    /// <summary>The manifests that <see cref="Path"/> has; null where it has none.</summary>
    private protected ManifestPlaces? Manifests { get; private set; }

    /// <summary>The workloads that came by the pipeline, and that <see cref="Name"/> and <see cref="Namespace"/> choose of a snapshot.</summary>
    private protected HashSet<(string Kind, string Namespace, string Name)> Piped { get; } = [];

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var workload in InputObject ?? [])
        {
            if (Path is null) RequireSameCluster(workload.ToString(), workload.Cluster);
            Piped.Add((workload.Kind, workload.Namespace, workload.Name));
        }
    }

    /// <inheritdoc/>
    private protected override ClusterSnapshot LoadFile(string path)
    {
        var isSnapshot = SnapshotFile.IsCompressed(path) || path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        if (isSnapshot && SnapshotFile.Load(path) is { } document) return document.ToSnapshot();
        var options = new SandboxOptions { Seed = Seed, Nodes = MyInvocation.BoundParameters.ContainsKey(nameof(Nodes)) ? Nodes : null, Zones = Zone };
        var sandbox = Run(TimeProvider.System, (sink, _) => Task.FromResult(Composer.CreateSandbox(path, options, sink)));
        Manifests = ManifestPlaces.Read(path, Composer.Composition.Documents);
        var connection = Composer.Composition.Connect(sandbox);
        return Run(sandbox.Clock, (sink, stop) => ClusterExport.TakeAsync(connection, [], sink, stop)).ToSnapshot();
    }

    /// <summary>Whether a workload is one of those that are asked about.</summary>
    private protected Func<string, string, string, bool> Chosen(ClusterSnapshot snapshot)
    {
        if (ParameterSetName != NameSet) return (kind, space, name) => Piped.Contains((kind, space, name));
        Wildcards names = new(Name), namespaces = new(Namespace);
        string[] known = [.. snapshot.Workloads.Where(it => namespaces.Match(it.Namespace)).Select(static it => it.Name)];
        foreach (var name in Wildcards.Missing(Name, known)) Try(() => throw ChaosErrors.WorkloadNotFound(name, Namespaces.Single(Namespace), known));
        return (_, space, name) => names.Match(name) && namespaces.Match(space);
    }
}
