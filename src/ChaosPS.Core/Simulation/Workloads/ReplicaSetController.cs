namespace ChaosPS.Simulation.Workloads;

/// <summary>Makes and deletes pods until there are as many as wanted; a pod that is being deleted does not count.</summary>
/// <remarks>Source: kubernetes/pkg/controller/replicaset: the replacement comes with the deletion mark, not with the end of the old pod.</remarks>
internal sealed class ReplicaSetController
{
    private const string Component = "replicaset-controller";

    private readonly ClusterState _state;
    private readonly EventRecorder _recorder;
    private readonly WorkQueue<SimulatedReplicaSet> _queue;

    public ReplicaSetController(ClusterState state, EventRecorder recorder)
    {
        _state = state;
        _recorder = recorder;
        _queue = new WorkQueue<SimulatedReplicaSet>(state.Events, () => state.Options.ControllerLatency.Draw(state.Chance), Sync);
        state.Changed += change =>
        {
            if (change.Target is SimulatedPod { ReplicaSet: { } owner }) _queue.Add(owner);
            else if (change is { Target: SimulatedReplicaSet replicaSet, Type: not ChangeType.Deleted }) _queue.Add(replicaSet);
        };
        state.Orphaned += pod =>
        {
            foreach (var replicaSet in state.ReplicaSets)
            {
                if (PodClaims.Wants(replicaSet, pod)) _queue.Add(replicaSet);
            }
        };
        foreach (var replicaSet in state.ReplicaSets)
        {
            if (!IsSettled(replicaSet)) _queue.Add(replicaSet);
        }
    }

    /// <summary>Whether a look would change nothing: nearly all of a snapshot's replica sets are like that.</summary>
    private bool IsSettled(SimulatedReplicaSet replicaSet)
    {
        var ready = 0;
        var latest = DateTimeOffset.MinValue;
        foreach (var pod in replicaSet.Pods)
        {
            if (!pod.IsActive || !pod.Ready) return false;
            ready++;
            var since = pod.FindCondition("Ready")!.LastTransitionTime;
            if (since > latest) latest = since;
        }

        return replicaSet.Replicas == ready && replicaSet.CurrentReplicas == ready && replicaSet.ReadyReplicas == ready &&
            replicaSet.AvailableReplicas == ready && replicaSet.ObservedGeneration == replicaSet.Generation &&
            (ready == 0 || latest + TimeSpan.FromSeconds(replicaSet.MinReadySeconds) <= _state.Now);
    }

    private void Sync(SimulatedReplicaSet replicaSet)
    {
        if (replicaSet.IsGone) return;
        PodClaims.Update(_state, replicaSet);

        // The status speaks of the pods that were there before this look made or deleted any.
        List<SimulatedPod> active = [];
        var ready = 0;
        var available = 0;
        DateTimeOffset? nextAvailable = null;
        var minReady = TimeSpan.FromSeconds(replicaSet.MinReadySeconds);
        foreach (var pod in replicaSet.Pods)
        {
            if (!pod.IsActive) continue;
            active.Add(pod);
            if (!pod.Ready) continue;
            ready++;
            var availableAt = pod.FindCondition("Ready")!.LastTransitionTime + minReady;
            if (availableAt <= _state.Now) available++;
            else if (nextAvailable is null || availableAt < nextAvailable) nextAvailable = availableAt;
        }

        if (nextAvailable is { } at) _queue.AddAt(replicaSet, at);
        var missing = replicaSet.Replicas - active.Count;
        if (replicaSet.Terminating) missing = 0;
        if (missing > 0) Create(replicaSet, missing);
        else if (missing < 0) Delete(replicaSet, active, -missing);
        if (replicaSet.CurrentReplicas == active.Count && replicaSet.ReadyReplicas == ready &&
            replicaSet.AvailableReplicas == available && replicaSet.ObservedGeneration == replicaSet.Generation)
        {
            return;
        }

        replicaSet.CurrentReplicas = active.Count;
        replicaSet.ReadyReplicas = ready;
        replicaSet.AvailableReplicas = available;
        replicaSet.ObservedGeneration = replicaSet.Generation;
        _state.Touch(replicaSet);
    }

    private void Create(SimulatedReplicaSet replicaSet, int count)
    {
        for (var i = 0; i < count; i++)
        {
            string name;
            do name = $"{replicaSet.Name}-{SafeText.Draw(_state.Chance, 5)}";
            while (_state.FindPod(replicaSet.Namespace, name) is not null);
            _state.AddPod(replicaSet.Namespace, name, replicaSet.PodLabels, replicaSet.PodSpec, replicaSet);
            _recorder.Normal(replicaSet, "SuccessfulCreate", $"Created pod: {name}", Component);
        }
    }

    private void Delete(SimulatedReplicaSet replicaSet, List<SimulatedPod> active, int count)
    {
        foreach (var victim in VictimOrder.Choose(replicaSet, active, count, _state.Now))
        {
            _state.Delete(victim);
            _recorder.Normal(replicaSet, "SuccessfulDelete", $"Deleted pod: {victim.Name}", Component);
        }
    }
}
