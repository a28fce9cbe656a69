namespace ChaosPS.Simulation.Workloads;

/// <summary>Keeps the counts of StatefulSets, DaemonSets, and of workloads whose pods the simulation only keeps.</summary>
internal sealed class OtherWorkloadStatus
{
    private readonly ClusterState _state;
    private readonly WorkQueue<SimulatedWorkload> _queue;

    public OtherWorkloadStatus(ClusterState state, DaemonSetController daemonSets)
    {
        _state = state;
        _queue = new WorkQueue<SimulatedWorkload>(state.Events, () => state.Options.ControllerLatency.Draw(state.Chance), Sync);
        foreach (var workload in state.OtherWorkloads) Count(workload);
        daemonSets.WantedChanged += _queue.Add;
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
    /// <remarks>
    /// A pod that is about to go still counts as there, and as ready as long as it is; of a DaemonSet, one pod of each node that it fits. Source:
    /// kubernetes/pkg/controller/statefulset/stateful_set_control.go and daemon/daemon_controller.go.
    /// </remarks>
    private bool Count(SimulatedWorkload workload)
    {
        var (current, updated, ready, available, misplaced) = (0, 0, 0, 0, 0);
        var minReady = TimeSpan.FromSeconds(workload.Spec.MinReadySeconds);
        HashSet<string>? nodes = workload.Kind == "DaemonSet" ? [] : null;
        foreach (var pod in workload.Pods)
        {
            if (pod.IsTerminal) continue;
            if (nodes is not null)
            {
                if (DaemonSetController.IntendedNode(pod) is not { } node || !nodes.Add(node)) continue;
                if (!workload.FittingNodes.Contains(node))
                {
                    misplaced++;
                    continue;
                }
            }

            current++;
            if (pod.IsActive && (workload.UpdateRevision is null || ControllerRevision.IsNewest(workload, pod))) updated++;
            if (!pod.Ready) continue;
            ready++;
            var availableAt = pod.FindCondition("Ready")!.LastTransitionTime + minReady;
            if (availableAt <= _state.Now) available++;
            else _queue.AddAt(workload, availableAt);
        }

        var before = (
            workload.CurrentReplicas, workload.UpdatedReplicas, workload.ReadyReplicas, workload.AvailableReplicas, workload.UnavailableReplicas, workload.MisscheduledReplicas);
        var after = (current, updated, ready, available, Math.Max(0, workload.Spec.Replicas - available), misplaced);
        if (before == after) return false;
        (workload.CurrentReplicas, workload.UpdatedReplicas, workload.ReadyReplicas, workload.AvailableReplicas, workload.UnavailableReplicas, workload.MisscheduledReplicas) = after;
        return true;
    }
}
