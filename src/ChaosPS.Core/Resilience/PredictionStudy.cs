using ChaosPS.Clusters;
using ChaosPS.Simulation;
using ChaosPS.Simulation.Nodes;

namespace ChaosPS.Resilience;

/// <summary>A snapshot read once for all predictions; nothing in it changes any more.</summary>
internal sealed class PredictionStudy
{
    private readonly ILookup<(string Namespace, string Service), IngressPath> _paths;

    public PredictionStudy(ClusterSnapshot snapshot, PredictionOptions options)
    {
        // When the loss comes is not known, so how old the last heartbeat is then is not known either.
        Snapshot = snapshot with { Nodes = [.. snapshot.Nodes.Select(static node => node.Ready ? node with { LeaseRenewTime = null } : node)] };
        Options = options;
        Families = new FamilyIndex(Snapshot);
        Whole = new NodeLossStudy(Snapshot);
        Room = new NodeRoom(Whole.Template.Nodes, options.Simulation);
        NodesByZone = Whole.Template.Nodes.CountBy(static node => node.ZoneKey).ToDictionary();
        _paths = snapshot.IngressPaths.ToLookup(static path => (path.Namespace, path.ServiceName));
        EntryNodes = [.. snapshot.Pods.Where(pod => pod is { NodeName: not null, Ready: true } && IsEntry(pod)).Select(static pod => pod.NodeName!)];
    }

    public ClusterSnapshot Snapshot { get; }

    public PredictionOptions Options { get; }

    public FamilyIndex Families { get; }

    public NodeRoom Room { get; }

    /// <summary>Simulations with all nodes, for what cannot be reduced.</summary>
    public NodeLossStudy Whole { get; }

    public IReadOnlyDictionary<string, int> NodesByZone { get; }

    public IReadOnlyDictionary<string, PodNetwork> Networks => Whole.Template.Networks;

    /// <summary>The nodes with ready ingress controllers.</summary>
    public HashSet<string> EntryNodes { get; }

    public bool IsEntry(ClusterPod pod) => Options.Simulation.IngressControllers.Matches(pod.Labels);

    /// <summary>The paths that lead to a Service.</summary>
    public IReadOnlyCollection<IngressPath> PathsTo(ServiceSpec service) => [.. _paths[(service.Namespace, service.Name)]];

    /// <summary>How many nodes with ingress controllers a simulation does not have.</summary>
    public int OtherEntries(ClusterSimulation simulation) => EntryNodes.Count - simulation.Pods
        .Where(pod => pod.NodeName is not null && Options.Simulation.IngressControllers.Matches(pod.Labels) && EntryNodes.Contains(pod.NodeName))
        .Select(static pod => pod.NodeName).Distinct().Count();
}
