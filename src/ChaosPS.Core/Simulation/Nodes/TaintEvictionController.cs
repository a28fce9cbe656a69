using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Nodes;

/// <summary>Deletes pods that do not tolerate a NoExecute taint of their node, or no longer.</summary>
/// <remarks>
/// Source: kubernetes/pkg/controller/tainteviction/taint_eviction.go. It deletes; it does not use the eviction API, so no
/// disruption budget holds it up.
/// </remarks>
internal sealed class TaintEvictionController
{
    private const string Component = "taint-eviction-controller";

    private readonly ClusterState _state;
    private readonly EventRecorder _recorder;
    private readonly Dictionary<SimulatedPod, Eviction> _planned = [];
    private readonly WorkQueue<SimulatedNode> _nodes;

    public TaintEvictionController(ClusterState state, EventRecorder recorder)
    {
        _state = state;
        _recorder = recorder;
        _nodes = new WorkQueue<SimulatedNode>(state.Events, () => state.Options.ControllerLatency.Draw(state.Chance), SyncNode);
        state.TaintsChanged += _nodes.Add;
        state.PodBound += (_, node) =>
        {
            if (HasNoExecute(node)) _nodes.Add(node);
        };
        state.Changed += change =>
        {
            if (change is { Type: ChangeType.Deleted, Target: SimulatedPod pod }) Cancel(pod);
        };
        foreach (var node in state.Nodes)
        {
            if (HasNoExecute(node)) _nodes.Add(node);
        }
    }

    private static bool HasNoExecute(SimulatedNode node)
    {
        foreach (var taint in node.Taints)
        {
            if (taint.Effect == TaintEffect.NoExecute) return true;
        }

        return false;
    }

    private void SyncNode(SimulatedNode node)
    {
        if (node.IsGone) return;
        foreach (var pod in node.Pods) SyncPod(pod, node);
    }

    private void SyncPod(SimulatedPod pod, SimulatedNode node)
    {
        if (!HasNoExecute(node))
        {
            Cancel(pod);
            return;
        }

        switch (ToleratedFor(pod, node.Taints))
        {
            case null:
                Cancel(pod);
                break;
            case { } time when time == TimeSpan.Zero:
                Cancel(pod);
                Plan(pod, _state.Now, _state.Now);
                break;
            case { } time:
                var from = _state.Now;
                if (_planned.TryGetValue(pod, out var planned))
                {
                    if (planned.IsDone) return;

                    // The time counts from the first taint, and a later taint can only bring the end nearer.
                    from = planned.From;
                    if (from + time >= planned.At) return;
                    Cancel(pod);
                }

                Plan(pod, from, from + time);
                break;
        }
    }

    /// <summary>How long the pod may stay: the shortest of the tolerations that are used, null for ever.</summary>
    private static TimeSpan? ToleratedFor(SimulatedPod pod, IReadOnlyList<Taint> taints)
    {
        TimeSpan? shortest = null;
        foreach (var taint in taints)
        {
            if (taint.Effect != TaintEffect.NoExecute) continue;
            var tolerated = false;
            foreach (var toleration in pod.Tolerations)
            {
                if (!toleration.Tolerates(taint)) continue;
                tolerated = true;
                if (toleration.TolerationSeconds is { } seconds)
                {
                    var time = TimeSpan.FromSeconds(Math.Max(0, seconds));
                    if (shortest is null || time < shortest) shortest = time;
                }
            }

            if (!tolerated) return TimeSpan.Zero;
        }

        return shortest;
    }

    private void Plan(SimulatedPod pod, DateTimeOffset from, DateTimeOffset at)
    {
        var eviction = new Eviction(from, at);
        _planned[pod] = eviction;
        _state.Events.At(at, () =>
        {
            if (_planned.TryGetValue(pod, out var current) && current == eviction) Evict(pod, eviction);
        });
    }

    private void Evict(SimulatedPod pod, Eviction eviction)
    {
        eviction.IsDone = true;
        _recorder.Normal(pod, "TaintManagerEviction", $"Marking for deletion Pod {pod.Namespace}/{pod.Name}", Component);
        if (pod.SetCondition("DisruptionTarget", "True", "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", _state.Now))
            _state.Touch(pod);
        _state.Delete(pod);
    }

    private void Cancel(SimulatedPod pod)
    {
        if (_planned.Remove(pod, out var eviction) && !eviction.IsDone)
            _recorder.Normal(pod, "TaintManagerEviction", $"Cancelling deletion of Pod {pod.Namespace}/{pod.Name}", Component);
    }

    private sealed class Eviction(DateTimeOffset from, DateTimeOffset at)
    {
        public DateTimeOffset From { get; } = from;

        public DateTimeOffset At { get; } = at;

        /// <summary>Done, it is kept as long as the taint: a pod that is slow to go is not deleted again.</summary>
        public bool IsDone { get; set; }
    }
}
