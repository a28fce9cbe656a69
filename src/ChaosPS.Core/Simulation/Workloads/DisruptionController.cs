namespace ChaosPS.Simulation.Workloads;

/// <summary>Keeps the status of disruption budgets: how many pods they want healthy, have healthy, and can spare.</summary>
/// <remarks>Source: kubernetes/pkg/controller/disruption/disruption.go; percentages are rounded up.</remarks>
internal sealed class DisruptionController
{
    /// <summary>A granted eviction whose deletion is not seen within this time did not happen.</summary>
    private static readonly TimeSpan s_deletionTimeout = TimeSpan.FromMinutes(2);

    private readonly ClusterState _state;
    private readonly WorkQueue<SimulatedDisruptionBudget> _queue;

    public DisruptionController(ClusterState state)
    {
        _state = state;
        _queue = new WorkQueue<SimulatedDisruptionBudget>(
            state.Events, () => state.Options.ControllerLatency.Draw(state.Chance), budget => Sync(budget, tell: true));
        foreach (var budget in state.DisruptionBudgets)
        {
            Adopt(budget);
            Sync(budget, tell: false);
        }

        state.Changed += OnChanged;
        state.Relabelled += OnRelabelled;
    }

    private void OnChanged(ObjectChange change)
    {
        if (change.Target is SimulatedPod pod)
        {
            foreach (var budget in _state.DisruptionBudgets)
            {
                if (!budget.Matches(pod)) continue;
                if (change.Type == ChangeType.Added) budget.Pods.Add(pod);
                else if (change.Type == ChangeType.Deleted) budget.Pods.Remove(pod);
                _queue.Add(budget);
            }
        }
        else if (change is { Target: SimulatedDisruptionBudget changed, Type: not ChangeType.Deleted })
        {
            if (changed.ObservedGeneration != changed.Generation) Adopt(changed);
            _queue.Add(changed);
        }
    }

    private void OnRelabelled(SimulatedPod pod)
    {
        foreach (var budget in _state.DisruptionBudgets)
        {
            var had = budget.Pods.Remove(pod);
            var has = budget.Matches(pod);
            if (has) budget.Pods.Add(pod);
            if (had || has) _queue.Add(budget);
        }
    }

    private void Adopt(SimulatedDisruptionBudget budget)
    {
        budget.Pods.Clear();
        foreach (var pod in _state.PodsOf(budget.Namespace))
        {
            if (budget.Matches(pod)) budget.Pods.Add(pod);
        }
    }

    private void Sync(SimulatedDisruptionBudget budget, bool tell)
    {
        if (budget.IsGone) return;
        var disrupted = StillDisrupted(budget);
        var healthy = 0;
        foreach (var pod in budget.Pods)
        {
            if (pod.Ready && !pod.Terminating && !disrupted.ContainsKey(pod.Name)) healthy++;
        }

        var (expected, desired) = Wanted(budget);
        var allowed = expected > 0 ? Math.Max(0, healthy - desired) : 0;
        var isSame = budget.CurrentHealthy == healthy && budget.DesiredHealthy == desired && budget.ExpectedPods == expected &&
            budget.DisruptionsAllowed == allowed && budget.DisruptedPods.Count == disrupted.Count && budget.ObservedGeneration == budget.Generation;
        if (isSame) return;
        budget.CurrentHealthy = healthy;
        budget.DesiredHealthy = desired;
        budget.ExpectedPods = expected;
        budget.DisruptionsAllowed = allowed;
        budget.DisruptedPods = disrupted;
        budget.ObservedGeneration = budget.Generation;
        if (tell) _state.Touch(budget);
    }

    private static (int Expected, int Desired) Wanted(SimulatedDisruptionBudget budget)
    {
        if (budget.Spec.MaxUnavailable is { } unavailable)
        {
            var scale = ControllersScale(budget);
            return (scale, Math.Max(0, scale - RollingUpdate.Resolve(unavailable, scale, roundUp: true)));
        }

        var available = budget.Spec.MinAvailable ?? "1";
        var expected = available.EndsWith('%') ? ControllersScale(budget) : budget.Pods.Count;
        return (expected, RollingUpdate.Resolve(available, expected, roundUp: true));
    }

    /// <summary>What the controllers of its pods want together.</summary>
    private static int ControllersScale(SimulatedDisruptionBudget budget)
    {
        HashSet<SimulatedObject> seen = [];
        var scale = 0;
        foreach (var pod in budget.Pods)
        {
            SimulatedObject? controller = pod.ReplicaSet?.Deployment ?? (SimulatedObject?)pod.Owner;
            if (controller is null || !seen.Add(controller)) continue;
            scale += controller switch
            {
                SimulatedWorkload workload => workload.Spec.Replicas,
                SimulatedReplicaSet alone => alone.Replicas,
                _ => 0,
            };
        }

        return scale;
    }

    private Dictionary<string, DateTimeOffset> StillDisrupted(SimulatedDisruptionBudget budget)
    {
        Dictionary<string, DateTimeOffset> still = [];
        foreach (var (name, since) in budget.DisruptedPods)
        {
            if (_state.FindPod(budget.Namespace, name) is not { Terminating: false }) continue;
            var until = since + s_deletionTimeout;
            if (until <= _state.Now) continue;
            still.Add(name, since);
            _queue.AddAt(budget, until);
        }

        return still;
    }
}
