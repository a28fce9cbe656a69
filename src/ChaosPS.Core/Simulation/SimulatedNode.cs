using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>A node: what the API shows of it, and the truth behind that.</summary>
public sealed class SimulatedNode : SimulatedObject
{
    private SimulatedMachine? _machine;
    private List<SimulatedPod>? _pods;

    /// <summary>A node and its machine; a machine is made when somebody asks for it, unless one is given.</summary>
    internal SimulatedNode(ClusterNode spec, string uid, SimulatedMachine? machine = null, string? zoneKey = null)
        : base("Node", "", spec.Name, uid, spec.CreationTimestamp)
    {
        Spec = spec;
        _machine = machine;
        Unschedulable = spec.Unschedulable;
        Taints = spec.Taints;
        Conditions = spec.Conditions;
        ZoneKey = zoneKey ?? ZoneKeyOf(spec);
    }

    /// <summary>What does not change by itself: labels, addresses, capacity. Its status members are those that it began with.</summary>
    public ClusterNode Spec { get; private set; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels => Spec.Labels;

    /// <summary>Whether it is cordoned.</summary>
    public bool Unschedulable { get; internal set; }

    /// <summary>Taints.</summary>
    public IReadOnlyList<Taint> Taints { get; internal set; }

    /// <summary>Conditions.</summary>
    public IReadOnlyList<NodeCondition> Conditions { get; internal set; }

    /// <summary>Whether the condition Ready is True.</summary>
    public bool Ready { get; internal set; }

    /// <summary>The machine behind it.</summary>
    public SimulatedMachine Machine
    {
        get
        {
            if (_machine is not null) return _machine;
            var power = Spec.PowerState == PowerState.Unknown ? PowerState.Running : Spec.PowerState;
            return _machine = new SimulatedMachine(Spec.ResourceId ?? Spec.Name, Spec.Name, power) { Node = this };
        }
    }

    /// <summary>Whether its kubelet runs. Kubernetes learns of it only by missing heartbeats.</summary>
    public bool KubeletRuns { get; internal set; }

    /// <summary>The pods that are bound to it, terminating ones too.</summary>
    public IReadOnlyList<SimulatedPod> Pods => _pods ?? (IReadOnlyList<SimulatedPod>)[];

    /// <summary>What the pods that are bound to it request; terminating pods count until they are gone.</summary>
    public ResourceQuantities Requested => Load.Requested;

    /// <summary>What all its pods take, with those that this simulation does not know one by one.</summary>
    internal NodeLoad Load { get; set; }

    /// <summary>Whether a fault keeps its disk busy.</summary>
    internal bool IsWriting => _machine?.IsWriting ?? false;

    /// <summary>Region and zone: what the eviction rate is limited by.</summary>
    internal string ZoneKey { get; private set; }

    internal Heartbeat Heartbeat { get; set; } = Heartbeat.None;

    /// <summary>Whether it begins with the taints that its conditions call for.</summary>
    internal bool BeginsSettled { get; init; }

    /// <summary>Its place in the order in which nodes came into the cluster.</summary>
    internal int Order { get; set; }

    /// <summary>Counts the kubelet's deaths: what an earlier life had planned does not happen.</summary>
    internal int KubeletLife { get; set; }

    /// <summary>When its lease was last renewed, as seen at <paramref name="now"/>.</summary>
    public DateTimeOffset LeaseRenewTime(DateTimeOffset now) => Heartbeat.LastLease(now);

    /// <summary>When its kubelet last reported the node's status, as seen at <paramref name="now"/>.</summary>
    public DateTimeOffset StatusHeartbeatTime(DateTimeOffset now) => Heartbeat.LastStatus(now);

    internal void SetSpec(ClusterNode spec)
    {
        Spec = spec;
        ZoneKey = ZoneKeyOf(spec);
    }

    internal void Add(SimulatedPod pod)
    {
        (_pods ??= []).Add(pod);
        if (pod.IsTerminal) return;
        pod.TakesRoom = true;
        Load += pod.Load;
    }

    internal void Remove(SimulatedPod pod)
    {
        if (_pods is not null && _pods.Remove(pod)) Release(pod);
    }

    /// <summary>A pod that has ended takes no room any more, though its object stays.</summary>
    internal void Release(SimulatedPod pod)
    {
        if (!pod.TakesRoom) return;
        pod.TakesRoom = false;
        Load -= pod.Load;
    }

    internal static string ZoneKeyOf(ClusterNode spec) =>
        $"{spec.Labels.GetValueOrDefault("topology.kubernetes.io/region")}:{spec.Labels.GetValueOrDefault("topology.kubernetes.io/zone")}";
}
