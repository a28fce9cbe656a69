namespace ChaosPS.Simulation.Scheduling;

/// <summary>Finds nodes for pods, one pod at a time and the most important first: rules first, then preferences, then chance among equals.</summary>
/// <remarks>Source: kubernetes/pkg/scheduler with its default plugins and weights.</remarks>
internal sealed class Scheduler
{
    private const string Component = "default-scheduler";

    private readonly ClusterState _state;
    private readonly EventRecorder _recorder;
    private readonly PriorityQueue<SimulatedPod, (long Priority, long Order)> _active = new();
    private readonly Dictionary<SimulatedPod, Waiting> _waiting = [];
    private bool _busy;
    private int _nextStart;
    private long _order;

    public Scheduler(ClusterState state, EventRecorder recorder)
    {
        _state = state;
        _recorder = recorder;
        state.Changed += OnChanged;
        state.TaintsChanged += _ => WakeWaiting();
        foreach (var pod in state.Pods) Consider(pod);
    }

    private SimulationOptions Options => _state.Options;

    private void OnChanged(ObjectChange change)
    {
        switch (change)
        {
            case { Target: SimulatedPod pod, Type: ChangeType.Added }:
                Consider(pod);
                break;
            case { Target: SimulatedPod pod, Type: ChangeType.Deleted }:
                _waiting.Remove(pod);
                WakeWaiting();
                break;
            case { Target: SimulatedPod { IsTerminal: true, NodeName: not null } }:
                WakeWaiting();
                break;
            case { Target: SimulatedNode }:
                WakeWaiting();
                break;
        }
    }

    private void Consider(SimulatedPod pod)
    {
        if (pod.NodeName is not null || !pod.IsActive) return;
        _active.Enqueue(pod, (-(long)pod.Spec.Priority, _order++));
        Work();
    }

    private void Work()
    {
        if (_busy || _active.Count == 0) return;
        _busy = true;
        _state.Events.After(Options.SchedulingLatency.Draw(_state.Chance), () =>
        {
            _busy = false;
            var pod = _active.Dequeue();
            if (!pod.IsGone && pod.NodeName is null && !pod.Terminating) Schedule(pod);
            Work();
        });
    }

    private void Schedule(SimulatedPod pod)
    {
        var cycle = new SchedulingCycle(_state, pod);
        List<Rejection> rejections = [];
        List<SimulatedNode> resolvable = [];
        var feasible = Filter(cycle, rejections, resolvable);
        if (feasible.Count == 0)
        {
            if (!Preempt(pod, resolvable)) _state.Nominations.Remove(pod);
            Refuse(pod, FitError.Describe(_state.Nodes.Count, rejections));
            return;
        }

        var node = Select(cycle, feasible);
        _waiting.Remove(pod);
        _state.Bind(pod, node);
        _recorder.WriteNewForm(
            "Normal", pod, "Scheduled", $"Successfully assigned {pod.Namespace}/{pod.Name} to {node.Name}", Component, "Binding");

        // A pod that has found its place can be what another one wants to be near.
        WakeWaiting();
    }

    /// <summary>The nodes that pass every rule. In large clusters enough of them will do, beginning where the last look ended.</summary>
    private List<SimulatedNode> Filter(SchedulingCycle cycle, List<Rejection> rejections, List<SimulatedNode> resolvable)
    {
        var filters = NodeFilters.Make(cycle);
        var nodes = _state.SchedulingOrder;
        var enough = EnoughNodes(nodes.Length);
        List<SimulatedNode> feasible = [];
        var looked = 0;
        for (; looked < nodes.Length && feasible.Count < enough; looked++)
        {
            var node = nodes[(_nextStart + looked) % nodes.Length];
            Rejection? rejection = null;
            foreach (var filter in filters)
            {
                rejection = filter.Check(node);
                if (rejection is not null) break;
            }

            if (rejection is null)
            {
                feasible.Add(node);
                continue;
            }

            rejections.Add(rejection);
            if (!rejection.Unresolvable) resolvable.Add(node);
        }

        if (nodes.Length > 0) _nextStart = (_nextStart + looked) % nodes.Length;
        return feasible;
    }

    /// <summary>All of fewer than 100 nodes; of more, 50 % less one for each 125 nodes, but 5 % and 100 nodes at least.</summary>
    private static int EnoughNodes(int nodes) =>
        nodes < 100 ? nodes : Math.Max(100, nodes * Math.Max(5, 50 - (nodes / 125)) / 100);

    private SimulatedNode Select(SchedulingCycle cycle, List<SimulatedNode> feasible)
    {
        if (feasible is [var only]) return only;
        INodeScore[] plugins =
        [
            new TaintTolerationScore(cycle), new NodeAffinityScore(cycle), new LeastAllocatedScore(cycle), new TopologySpreadScore(cycle),
            new InterPodAffinityScore(cycle), new BalancedAllocationScore(cycle), new ImageLocalityScore(cycle),
        ];
        var totals = new long[feasible.Count];
        var scores = new long[feasible.Count];
        foreach (var plugin in plugins)
        {
            Array.Clear(scores);
            plugin.Score(feasible, scores);
            for (var i = 0; i < totals.Length; i++) totals[i] += scores[i] * plugin.Weight;
        }

        // Each of the best has the same chance.
        var (best, equals) = (0, 1);
        for (var i = 1; i < totals.Length; i++)
        {
            if (totals[i] > totals[best]) (best, equals) = (i, 1);
            else if (totals[i] == totals[best] && _state.Chance.Next(++equals) == 0) best = i;
        }

        return feasible[best];
    }

    /// <summary>Pushes less important pods out where that makes room; false when it makes none.</summary>
    private bool Preempt(SimulatedPod pod, List<SimulatedNode> resolvable)
    {
        if (pod.Spec.NeverPreempts) return false;

        // While those that were pushed out before still end, nobody else has to go.
        if (pod.NominatedNodeName is { } promised && _state.FindNode(promised) is { } waitingFor)
        {
            foreach (var other in waitingFor.Pods)
            {
                if (other.Terminating && other.Spec.Priority < pod.Spec.Priority) return true;
            }
        }

        if (Preemption.Find(_state, pod, resolvable) is not var (node, victims)) return false;
        _state.Nominations.Set(pod, node);
        foreach (var victim in victims)
        {
            if (victim.Terminating) continue;
            victim.SetCondition(
                "DisruptionTarget", "True", "PreemptionByScheduler", $"{Component}: preempting to accommodate a higher priority pod", _state.Now);
            _state.Touch(victim);
            _recorder.WriteNewForm("Normal", victim, "Preempted", $"Preempted by pod {pod.Uid} on node {node.Name}", Component, "Preempting");
            _state.Delete(victim);
        }

        return true;
    }

    private void Refuse(SimulatedPod pod, string message)
    {
        if (!_waiting.TryGetValue(pod, out var waiting)) _waiting.Add(pod, waiting = new Waiting());
        waiting.Attempts++;
        waiting.Queued = false;
        var backoff = Options.PodInitialBackoff * Math.Pow(2, Math.Min(waiting.Attempts - 1, 16));
        waiting.NotBefore = _state.Now + (backoff < Options.PodMaxBackoff ? backoff : Options.PodMaxBackoff);
        if (pod.SetCondition("PodScheduled", "False", "Unschedulable", message, _state.Now)) _state.Touch(pod);
        _recorder.WriteNewForm("Warning", pod, "FailedScheduling", message, Component, "Scheduling");

        // Even if nothing happens it is tried again, much later.
        var attempt = waiting.Attempts;
        _state.Events.After(Options.UnschedulableRetryInterval, () =>
        {
            if (_waiting.TryGetValue(pod, out var still) && still.Attempts == attempt) Requeue(pod, still);
        });
    }

    /// <summary>Something happened that may make room: what waits is tried again, after its pause.</summary>
    private void WakeWaiting()
    {
        if (_waiting.Count == 0) return;
        foreach (var (pod, waiting) in _waiting) Requeue(pod, waiting);
    }

    private void Requeue(SimulatedPod pod, Waiting waiting)
    {
        if (waiting.Queued) return;
        waiting.Queued = true;
        _state.Events.At(waiting.NotBefore, () =>
        {
            if (_waiting.ContainsKey(pod)) Consider(pod);
        });
    }

    private sealed class Waiting
    {
        public int Attempts { get; set; }

        public bool Queued { get; set; }

        public DateTimeOffset NotBefore { get; set; }
    }
}
