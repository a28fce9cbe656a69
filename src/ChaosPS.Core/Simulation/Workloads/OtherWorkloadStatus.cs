namespace ChaosPS.Simulation.Workloads;

/// <summary>Keeps the counts of StatefulSets, DaemonSets, and of workloads whose pods the simulation only keeps.</summary>
internal sealed class OtherWorkloadStatus
{
    private readonly ClusterState _state;
    private readonly WorkQueue<SimulatedWorkload> _queue;

    public OtherWorkloadStatus(ClusterState state)
    {
        _state = state;
        _queue = new WorkQueue<SimulatedWorkload>(state.Events, () => state.Options.ControllerLatency.Draw(state.Chance), Sync);
        foreach (var workload in state.OtherWorkloads) Count(workload);
        state.Changed += change =>
        {
            if (change.Target is SimulatedPod { Owner: SimulatedWorkload owner }) _queue.Add(owner);
            else if (change is { Target: SimulatedWorkload workload and not SimulatedDeployment, Type: not ChangeType.Deleted }) _queue.Add(workload);
        };
    }

    private void Sync(SimulatedWorkload workload)
    {
        if (!workload.IsGone && Count(workload)) _state.Touch(workload);
    }

    /// <summary>Counts its pods; returns whether that changed anything.</summary>
    private bool Count(SimulatedWorkload workload)
    {
        var (current, updated, ready, available) = (0, 0, 0, 0);
        var minReady = TimeSpan.FromSeconds(workload.Spec.MinReadySeconds);
        foreach (var pod in workload.Pods)
        {
            if (!pod.IsActive) continue;
            current++;
            if (workload.UpdateRevision is null || ControllerRevision.IsNewest(workload, pod)) updated++;
            if (!pod.Ready) continue;
            ready++;
            var availableAt = pod.FindCondition("Ready")!.LastTransitionTime + minReady;
            if (availableAt <= _state.Now) available++;
            else _queue.AddAt(workload, availableAt);
        }

        var before = (workload.CurrentReplicas, workload.UpdatedReplicas, workload.ReadyReplicas, workload.AvailableReplicas, workload.UnavailableReplicas);
        var after = (current, updated, ready, available, Math.Max(0, workload.Spec.Replicas - available));
        if (before == after) return false;
        (workload.CurrentReplicas, workload.UpdatedReplicas, workload.ReadyReplicas, workload.AvailableReplicas, workload.UnavailableReplicas) = after;
        return true;
    }
}
