namespace ChaosPS.Simulation.Workloads;

/// <summary>Keeps the counts of workloads whose pods the simulation only keeps, such as DaemonSets.</summary>
internal sealed class OtherWorkloadStatus
{
    private readonly ClusterState _state;
    private readonly Dictionary<(string Namespace, string Kind, string Name), SimulatedWorkload> _workloads = [];
    private readonly WorkQueue<SimulatedWorkload> _queue;

    public OtherWorkloadStatus(ClusterState state)
    {
        _state = state;
        _queue = new WorkQueue<SimulatedWorkload>(state.Events, () => state.Options.ControllerLatency.Draw(state.Chance), Sync);
        foreach (var workload in state.OtherWorkloads)
        {
            _workloads.Add((workload.Namespace, workload.Kind, workload.Name), workload);
            Count(workload);
        }

        if (_workloads.Count == 0) return;
        state.Changed += change =>
        {
            if (change.Target is SimulatedPod { OwnerKind: { } kind, OwnerName: { } name } pod &&
                _workloads.TryGetValue((pod.Namespace, kind, name), out var workload))
            {
                _queue.Add(workload);
            }
        };
    }

    private void Sync(SimulatedWorkload workload)
    {
        if (Count(workload)) _state.Touch(workload);
    }

    /// <summary>Counts its pods; returns whether that changed anything.</summary>
    private bool Count(SimulatedWorkload workload)
    {
        var (current, ready) = (0, 0);
        foreach (var pod in _state.PodsOf(workload.Namespace))
        {
            if (!pod.IsActive || pod.OwnerKind != workload.Kind || pod.OwnerName != workload.Name) continue;
            current++;
            if (pod.Ready) ready++;
        }

        if (workload.CurrentReplicas == current && workload.ReadyReplicas == ready) return false;
        workload.CurrentReplicas = workload.UpdatedReplicas = current;
        workload.ReadyReplicas = workload.AvailableReplicas = ready;
        workload.UnavailableReplicas = Math.Max(0, workload.Spec.Replicas - ready);
        return true;
    }
}
