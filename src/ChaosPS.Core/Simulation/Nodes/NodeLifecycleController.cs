using System.Runtime.InteropServices;
using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Nodes;

/// <summary>Finds out that nodes are dead, marks them and their pods, and taints them zone by zone at a limited rate.</summary>
/// <remarks>
/// Source: kubernetes/pkg/controller/nodelifecycle/node_lifecycle_controller.go. Every 5 s it looks at all nodes; a node whose last sign of
/// life it saw longer than the grace period ago turns Unknown. NoExecute follows from the condition that a look finds, not from the
/// one it writes: that is why the taint comes one look later.
/// </remarks>
internal sealed class NodeLifecycleController
{
    private const string Component = "node-controller";
    private const string ExcludeLabel = "node.kubernetes.io/exclude-disruption";

    private readonly ClusterState _state;
    private readonly EventRecorder _recorder;
    private readonly WorkQueue<SimulatedNode> _noSchedule;
    private readonly Dictionary<SimulatedNode, Health> _health = [];
    private readonly SortedDictionary<string, ZoneEvictionQueue> _zones = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _nodesByZone = [];
    private readonly Dictionary<string, int> _notReady = [];
    private readonly NodeWatch _watched = new();
    private readonly HashSet<SimulatedNode> _waitForTaint = [];
    private readonly List<SimulatedNode> _arrived = [];
    private readonly List<SimulatedNode> _left = [];
    private readonly DateTimeOffset _firstTaintTry;

    private bool _zonesChanged = true;
    private bool _othersLost;

    // When all was down and came back, nobody is blamed for having been silent before.
    private DateTimeOffset _amnesty;

    public NodeLifecycleController(ClusterState state, EventRecorder recorder)
    {
        _state = state;
        _recorder = recorder;
        _noSchedule = new WorkQueue<SimulatedNode>(state.Events, () => Options.ControllerLatency.Draw(state.Chance), SyncNoSchedule);
        _firstTaintTry = state.Now + (Options.TaintRetryInterval * state.Chance.NextDouble());
        state.Changed += change =>
        {
            if (change.Target is not SimulatedNode node) return;
            _zonesChanged |= change.Type != ChangeType.Modified;
            if (change.Type == ChangeType.Added) _arrived.Add(node);
            if (change.Type == ChangeType.Deleted)
            {
                Forget(node);
                return;
            }

            _watched.Add(node);
            _noSchedule.Add(node);
        };
        state.KubeletStopped += _watched.Add;
        state.ZonesChanged += () => _zonesChanged = true;
        foreach (var node in state.Nodes)
        {
            if (!IsPlainlyWell(node)) _watched.Add(node);
            if (!node.BeginsSettled) _noSchedule.Add(node);
        }
    }

    private SimulationOptions Options => _state.Options;

    /// <summary>Begins to look every few seconds, as one that has done so for long.</summary>
    public void Begin()
    {
        var drawn = Options.NodeMonitorPeriod * _state.Chance.NextDouble();
        var first = _state.Now + (Options.NodeMonitorPhase ?? drawn);
        CountZones();
        foreach (var node in _state.Nodes)
        {
            if (node.KubeletRuns) continue;
            var seen = first - (Options.NodeMonitorPeriod * 3);
            _health.Add(node, new Health { Renewed = node.LeaseRenewTime(_state.Now), Seen = seen });
        }

        _state.Events.At(first, Monitor);
    }

    private static string ReadyStatus(SimulatedNode node) => NodeConditions.Status(node.Conditions, NodeConditions.Ready);

    private ZoneEvictionQueue Zone(string name)
    {
        if (!_zones.TryGetValue(name, out var zone)) _zones.Add(name, zone = new ZoneEvictionQueue(Options.NodeEvictionRate, _state.Now));
        return zone;
    }

    private void Monitor()
    {
        AnnounceNodes();
        if (_zonesChanged) CountZones();
        _notReady.Clear();
        foreach (var node in _watched.ToArray())
        {
            if (node.IsGone || IsPlainlyWell(node))
            {
                _watched.Remove(node);
                continue;
            }

            var health = Observe(node);
            var observed = ReadyStatus(node);
            if (observed != "Unknown" && _state.Now > health.Seen + Options.NodeMonitorGracePeriod) MarkUnknown(node);
            var current = ReadyStatus(node);
            if (current != "True" && !IsExcluded(node)) _notReady[node.ZoneKey] = _notReady.GetValueOrDefault(node.ZoneKey) + 1;
            if (current != "True" && observed == "True")
            {
                _recorder.Normal(node, "NodeNotReady", $"Node {node.Name} status is now: NodeNotReady", Component);
                MarkPodsNotReady(node);
            }

            QueueTaint(node, observed);
        }

        CountOthers();
        HandleDisruption();
        foreach (var zone in _zones.Values)
        {
            zone.Shuffle(_state.Chance);
            PlanTry(zone);
        }

        _state.Events.After(Options.NodeMonitorPeriod + Options.NodeMonitorOverhead, Monitor);
    }

    /// <summary>
    /// Whether a look would change nothing: what it sees of a kubelet that goes on beating can be computed when that ends. Most nodes of a large
    /// cluster are like that nearly always.
    /// </summary>
    private bool IsPlainlyWell(SimulatedNode node) => node.KubeletRuns && node.Ready && !_waitForTaint.Contains(node) &&
        (node.Taints.Count == 0 || !(NodeTaints.Has(node.Taints, NodeTaints.NotReady, TaintEffect.NoExecute) || NodeTaints.Has(node.Taints, NodeTaints.Unreachable, TaintEffect.NoExecute)));

    private static bool IsExcluded(SimulatedNode node) => node.Labels.ContainsKey(ExcludeLabel);

    /// <summary>How many nodes each zone has, and a queue for each zone.</summary>
    private void CountZones()
    {
        _zonesChanged = false;
        _nodesByZone.Clear();
        foreach (var node in _state.Nodes)
        {
            if (!IsExcluded(node)) CollectionsMarshal.GetValueRefOrAddDefault(_nodesByZone, node.ZoneKey, out _)++;
        }

        foreach (var (zone, others) in _state.OthersByZone) CollectionsMarshal.GetValueRefOrAddDefault(_nodesByZone, zone, out _) += others;
        foreach (var zone in _nodesByZone.Keys) _ = Zone(zone);
    }

    /// <summary>Nodes that the simulation does not have are found out together with the first that it has.</summary>
    private void CountOthers()
    {
        if (_notReady.Count == 0) return;
        foreach (var (zone, lost) in _state.OthersLostByZone)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_notReady, zone, out _) += lost;
            if (!_othersLost) Zone(zone).Others = lost;
        }

        _othersLost = true;
    }

    /// <summary>The zones with their ready and other nodes.</summary>
    private IEnumerable<(string Zone, int Ready, int NotReady)> Counts()
    {
        foreach (var (zone, nodes) in _nodesByZone)
        {
            var notReady = _notReady.GetValueOrDefault(zone);
            yield return (zone, nodes - notReady, notReady);
        }
    }

    /// <summary>Nodes that came and went since the last look.</summary>
    private void AnnounceNodes()
    {
        foreach (var node in _arrived)
        {
            _recorder.Normal(node, "RegisteredNode", $"Node {node.Name} event: Registered Node {node.Name} in Controller", Component);
        }

        foreach (var node in _left)
            _recorder.Normal(node, "RemovingNode", $"Node {node.Name} event: Removing Node {node.Name} from Controller", Component);
        _arrived.Clear();
        _left.Clear();
    }

    /// <summary>Notes a new sign of life with the time at which it was seen, by the controller's own clock.</summary>
    private Health Observe(SimulatedNode node)
    {
        if (!_health.TryGetValue(node, out var health)) _health.Add(node, health = new Health());
        var renewed = node.LeaseRenewTime(_state.Now);
        if (renewed <= health.Renewed) return health;

        // It was not looked at while it was well, but each look since would have seen it.
        var step = Options.NodeMonitorPeriod + Options.NodeMonitorOverhead;
        var seen = _state.Now - (step * ((_state.Now - renewed).Ticks / step.Ticks));
        health.Renewed = renewed;
        health.Seen = seen > _amnesty ? seen : _amnesty;
        return health;
    }

    private void MarkUnknown(SimulatedNode node)
    {
        node.Conditions = NodeConditions.Stopped(node.Conditions, _state.Now);
        node.Ready = false;
        _state.Touch(node);
    }

    /// <summary>Services stop sending to the pods of a dead node; their phase and containers stay as the kubelet left them.</summary>
    private void MarkPodsNotReady(SimulatedNode node)
    {
        foreach (var pod in node.Pods)
        {
            if (!pod.Ready) continue;
            pod.SetCondition("Ready", "False", "", "", _state.Now);
            _state.Touch(pod);
            _recorder.Warning(pod, "NodeNotReady", "Node is not ready", Component);
        }
    }

    private void QueueTaint(SimulatedNode node, string observed)
    {
        if (observed == "True")
        {
            MarkReachable(node);
            return;
        }

        var (wanted, other) = TaintKeys(observed);
        if (NodeTaints.Has(node.Taints, other, TaintEffect.NoExecute)) SwapTaint(node, wanted, other);
        else if (!NodeTaints.Has(node.Taints, wanted, TaintEffect.NoExecute)) Queue(node);
    }

    private void Queue(SimulatedNode node)
    {
        _waitForTaint.Add(node);
        Zone(node.ZoneKey).Put(node);
    }

    private void Unqueue(SimulatedNode node)
    {
        if (!_waitForTaint.Remove(node)) return;

        // Not only in its own zone: its labels may have changed since.
        foreach (var zone in _zones.Values) zone.Remove(node);
    }

    private static (string Wanted, string Other) TaintKeys(string readyStatus) => readyStatus == "False"
        ? (NodeTaints.NotReady, NodeTaints.Unreachable)
        : (NodeTaints.Unreachable, NodeTaints.NotReady);

    private void MarkReachable(SimulatedNode node)
    {
        Unqueue(node);
        if (node.Taints.Count == 0) return;
        var kept = NodeTaints.Without(node.Taints, TaintEffect.NoExecute, NodeTaints.NotReady, NodeTaints.Unreachable);
        if (kept.Count != node.Taints.Count) _state.SetTaints(node, kept);
    }

    private void SwapTaint(SimulatedNode node, string wanted, string other)
    {
        var taints = NodeTaints.Without(node.Taints, TaintEffect.NoExecute, other);
        taints.Add(new Taint(wanted, "", TaintEffect.NoExecute, _state.Now));
        _state.SetTaints(node, taints);
    }

    private void PlanTry(ZoneEvictionQueue zone)
    {
        if (zone.TryPlanned || zone.NextPass is not { } next) return;
        zone.TryPlanned = true;
        var interval = Options.TaintRetryInterval.Ticks;
        var from = (next > _state.Now ? next : _state.Now) - _firstTaintTry;
        _state.Events.At(_firstTaintTry + TimeSpan.FromTicks(((from.Ticks + interval - 1) / interval) * interval), () => TryTaint(zone));
    }

    private void TryTaint(ZoneEvictionQueue zone)
    {
        zone.TryPlanned = false;
        while (zone.TryTake(_state.Now, _state.Chance, out var node))
        {
            if (node is null) continue;
            _waitForTaint.Remove(node);
            // A node that turned Ready since the last look has used up the token for nothing, as upstream.
            var ready = ReadyStatus(node);
            if (ready == "True") continue;
            var (wanted, other) = TaintKeys(ready);
            SwapTaint(node, wanted, other);
        }

        PlanTry(zone);
    }

    private ZoneState Judge(int ready, int notReady)
    {
        if (ready == 0 && notReady > 0) return ZoneState.FullDisruption;
        return notReady > 2 && (double)notReady / (ready + notReady) >= Options.UnhealthyZoneThreshold
            ? ZoneState.PartialDisruption
            : ZoneState.Normal;
    }

    /// <summary>
    /// With all zones fully down it may well be the control plane that is cut off: then nothing is evicted, and what was tainted
    /// is taken back.
    /// </summary>
    private void HandleDisruption()
    {
        var allAre = _nodesByZone.Count > 0;
        foreach (var (_, ready, notReady) in Counts()) allAre &= Judge(ready, notReady) == ZoneState.FullDisruption;
        var allWere = _zones.Count > 0;
        foreach (var (name, zone) in _zones)
        {
            if (_nodesByZone.ContainsKey(name)) allWere &= zone.State == ZoneState.FullDisruption;
        }

        if (allAre && allWere) return;
        if (allAre)
        {
            foreach (var node in _state.Nodes) MarkReachable(node);
            foreach (var zone in _zones.Values)
            {
                zone.State = ZoneState.FullDisruption;
                zone.SetRate(0, _state.Now);
            }

            return;
        }

        if (allWere)
        {
            _amnesty = _state.Now;
            foreach (var health in _health.Values) health.Seen = _state.Now;
        }

        foreach (var (name, ready, notReady) in Counts())
        {
            if (!_zones.TryGetValue(name, out var zone)) continue;
            var state = Judge(ready, notReady);
            if (zone.State == state && !allWere) continue;
            zone.State = state;
            zone.SetRate(Rate(state, ready + notReady), _state.Now);
        }
    }

    private double Rate(ZoneState state, int nodes)
    {
        if (state != ZoneState.PartialDisruption) return Options.NodeEvictionRate;
        return nodes > Options.LargeClusterSizeThreshold ? Options.SecondaryNodeEvictionRate : 0;
    }

    private void Forget(SimulatedNode node)
    {
        _health.Remove(node);
        _watched.Remove(node);
        Unqueue(node);
        if (!_arrived.Remove(node)) _left.Add(node);
    }

    /// <summary>The NoSchedule taints follow the conditions within milliseconds; no rate limits them.</summary>
    private void SyncNoSchedule(SimulatedNode node)
    {
        if (node.IsGone) return;
        var taints = NodeTaints.Wanted(node.Taints, node.Conditions, node.Unschedulable, _state.Now);
        if (!taints.SequenceEqual(node.Taints)) _state.SetTaints(node, taints);
    }

    private sealed class Health
    {
        /// <summary>The newest lease that was seen.</summary>
        public DateTimeOffset Renewed { get; set; }

        /// <summary>When it was seen first.</summary>
        public DateTimeOffset Seen { get; set; }
    }
}
