using System.Collections;
using System.Globalization;
using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Resilience;

namespace ChaosPS.Commands;

/// <summary>Predicts what the loss of nodes would do to each workload, from one look at the cluster. Nothing is changed.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "NodeLoss", DefaultParameterSetName = NameSet)]
[OutputType(typeof(NodeLossPrediction), typeof(WorkloadResilience))]
public sealed class MeasureNodeLossCommand : PredictionCommand
{
    private const string NameSet = "Name";
    private const string InputObjectSet = "InputObject";
    private const string ZoneSet = "Zone";
    private const string PoolSet = "NodePoolName";
    private const string ScaleSetSet = "VMScaleSetName";

    private static readonly NodeLossKind[] s_groups = [NodeLossKind.Zone, NodeLossKind.NodePool, NodeLossKind.VMScaleSet];

    private readonly List<ClusterNode> _piped = [];
    private readonly List<string> _names = [];
    private readonly List<(NodeLossKind Kind, string Name)> _groups = [];

    /// <summary>Names of nodes; wildcards are allowed. All nodes when it is left out. A name that no node has may be that of a zone, a pool or a scale set.</summary>
    [Parameter(ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true)]
    [Alias("NodeName")]
    [GroupName]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Nodes from Get-ClusterNode.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public ClusterNode[]? InputObject { get; set; }

    /// <summary>Zones, each lost as a whole; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = ZoneSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ZoneCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Zone { get; set; }

    /// <summary>Node pools, each lost as a whole; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = PoolSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("AgentPoolName")]
    [ArgumentCompleter(typeof(NodePoolCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? NodePoolName { get; set; }

    /// <summary>Scale sets, each lost as a whole; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = ScaleSetSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VmssName")]
    [ArgumentCompleter(typeof(VMScaleSetCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? VMScaleSetName { get; set; }

    /// <summary>Loses each two of the nodes at the same moment, instead of each by itself.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [Parameter(ParameterSetName = InputObjectSet)]
    public SwitchParameter Pairs { get; set; }

    /// <summary>Only workloads of these names; wildcards are allowed.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(WorkloadNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? WorkloadName { get; set; }

    /// <summary>Only workloads of these namespaces; wildcards are allowed.</summary>
    [Parameter]
    [Alias("Ns")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Namespace { get; set; }

    /// <summary>How many times each loss is simulated at most; fewer where more would tell nothing new.</summary>
    [Parameter]
    [Alias("Runs", "Run")]
    [ValidateRange(1, 10_000)]
    public int RunCount { get; set; } = 20;

    /// <summary>Rolls up: for each workload what it survives, the worst loss, and the fewest nodes that take it down.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }

    /// <summary>What if the chosen workloads had so many replicas?</summary>
    [Parameter]
    [Alias("Replicas")]
    [ValidateRange(0, 10_000)]
    public int ReplicaCount { get; set; }

    /// <summary>What if pods of the chosen workloads stayed only so long on a node that cannot be reached: seconds.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int TolerationSeconds { get; set; }

    /// <summary>What if pools had so many nodes: <c>@{ nodepool1 = 5 }</c>. Nodes are added, never taken away.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable PoolSize { get; set; } = [];

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var node in InputObject ?? [])
        {
            if (Path is null) RequireSameCluster($"Node {node.Name}", node.Cluster);
            _piped.Add(node);
        }

        _names.AddRange(Name ?? []);
        _groups.AddRange((Zone ?? []).Select(static it => (NodeLossKind.Zone, it)));
        _groups.AddRange((NodePoolName ?? []).Select(static it => (NodeLossKind.NodePool, it)));
        _groups.AddRange((VMScaleSetName ?? []).Select(static it => (NodeLossKind.VMScaleSet, it)));
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (MyInvocation.ExpectingInput && _piped.Count + _names.Count + _groups.Count == 0) return;
        var snapshot = TakeSnapshot();
        Wildcards names = new(WorkloadName), namespaces = new(Namespace);
        string[] known = [.. snapshot.Workloads.Where(it => namespaces.Match(it.Namespace)).Select(static it => it.Name), .. snapshot.Pods.Where(it => namespaces.Match(it.Namespace)).Select(static it => it.OwnerName ?? it.Name)];
        foreach (var name in Wildcards.Missing(WorkloadName, known))
            Try(() => throw ChaosErrors.WorkloadNotFound(name, Namespaces.Single(Namespace), snapshot.Workloads.Where(it => namespaces.Match(it.Namespace)).Select(static it => it.Name)));
        var options = Options(snapshot) with { Runs = RunCount };
        var overlay = MakeOverlay(snapshot, names, namespaces);
        if (!overlay.IsEmpty) snapshot = Run(TimeProvider.System, (_, stop) => Task.FromResult(overlay.Apply(snapshot, options.Simulation, stop)));
        var losses = FindLosses(snapshot.Nodes);
        if (losses.Count == 0) return;
        var predictor = new NodeLossPredictor(snapshot, options);
        var predicted = Run(TimeProvider.System, (sink, stop) =>
        {
            const string Activity = "Predicting losses of nodes";
            var made = predictor.Predict(losses, percent => sink.Progress(Activity, $"{losses.Count} losses", percent, completed: false), stop);
            sink.Progress(Activity, "done", 100, completed: true);
            return Task.FromResult(made);
        });
        NodeLossPrediction[] wanted = [.. predicted.Where(it => names.Match(it.Name) && namespaces.Match(it.Namespace))];
        if (Summary) WriteObject(predictor.Summarize(wanted), enumerateCollection: true);
        else WriteObject(wanted, enumerateCollection: true);
    }

    private ClusterOverlay MakeOverlay(ClusterSnapshot snapshot, Wildcards names, Wildcards namespaces)
    {
        int? replicas = MyInvocation.BoundParameters.ContainsKey(nameof(ReplicaCount)) ? ReplicaCount : null;
        long? seconds = MyInvocation.BoundParameters.ContainsKey(nameof(TolerationSeconds)) ? TolerationSeconds : null;
        var sizes = SimulationText.Table(PoolSize).ToDictionary(
            static it => it.Key, static it => int.TryParse(it.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : throw ChaosErrors.PoolSizeInvalid(it.Key, it.Value));
        var pools = snapshot.Nodes.Select(static node => node.NodePoolName).OfType<string>().Distinct().ToArray();
        foreach (var name in Wildcards.Missing(sizes.Keys, pools)) throw ChaosErrors.NodeGroupNotFound(nameof(NodeLossKind.NodePool), name, pools);
        return new ClusterOverlay
        {
            PoolSizes = sizes,
            Workloads = replicas is null && seconds is null
                ? []
                :
                [
                    .. snapshot.Workloads.Where(it => it.Kind is "Deployment" or "StatefulSet" && names.Match(it.Name) && namespaces.Match(it.Namespace))
                        .Select(it => new WorkloadOverlay(it.Kind, it.Namespace, it.Name) { Replicas = replicas, TolerationSeconds = seconds }),
                ],
        };
    }

    private List<NodeLoss> FindLosses(IReadOnlyList<ClusterNode> all)
    {
        Dictionary<NodeLossKind, IReadOnlyList<NodeLoss>> known = s_groups.ToDictionary(static kind => kind, kind => NodeLoss.OfGroups(all, kind));
        List<NodeLoss> losses = [];
        foreach (var (kind, name) in _groups) Add(kind, name, isAsked: true);

        // A name that no node has may be that of a zone, a pool or a scale set.
        List<string> names = [.. _piped.Select(static node => node.Name)];
        foreach (var name in _names)
        {
            if (Pairs || !Wildcards.Missing([name], all.Select(static node => node.Name)).Any() || !s_groups.Any(kind => Add(kind, name, isAsked: false))) names.Add(name);
        }

        foreach (var name in Wildcards.Missing(names, all.Select(static node => node.Name)))
            Try(() => throw ChaosErrors.NodeNotFound(name, all.Count == 0 ? "" : all[0].Cluster.Name, all.Select(static node => node.Name)));
        Wildcards patterns = new(names);
        ClusterNode[] nodes = names.Count == 0 && losses.Count + _groups.Count > 0 ? [] : [.. all.Where(node => patterns.Match(node.Name))];
        losses.AddRange(Pairs ? NodeLoss.OfPairs(nodes) : NodeLoss.OfEach(nodes));
        return losses;

        bool Add(NodeLossKind kind, string name, bool isAsked)
        {
            var groups = known[kind];
            if (isAsked && Wildcards.Missing([name], groups.Select(static it => it.Name)).Any())
                Try(() => throw ChaosErrors.NodeGroupNotFound(kind.ToString(), name, groups.Select(static it => it.Name)));
            Wildcards pattern = new([name]);
            NodeLoss[] found = [.. groups.Where(group => pattern.Match(group.Name))];
            losses.AddRange(found.Except(losses));
            return found.Length > 0;
        }
    }
}
