namespace ChaosPS.Simulation.Workloads;

/// <summary>Deletes what an object owned after it, or before it where that was asked for.</summary>
/// <remarks>
/// Source: kubernetes/pkg/controller/garbagecollector and
/// https://kubernetes.io/docs/concepts/architecture/garbage-collection/#cascading-deletion .
/// </remarks>
internal sealed class GarbageCollector
{
    private readonly ClusterState _state;
    private readonly WorkQueue<SimulatedPodOwner> _owners;

    public GarbageCollector(ClusterState state)
    {
        _state = state;
        _owners = new WorkQueue<SimulatedPodOwner>(state.Events, () => state.Options.ControllerLatency.Draw(state.Chance), Sync);
        state.Changed += OnChanged;
    }

    private void OnChanged(ObjectChange change)
    {
        if (change.Target is SimulatedPodOwner target && (target.IsGone || target.Terminating)) _owners.Add(target);
        if (change.Type != ChangeType.Deleted) return;
        SimulatedPodOwner? owner = change.Target switch
        {
            SimulatedPod pod => pod.Owner,
            SimulatedReplicaSet replicaSet => replicaSet.Deployment,
            _ => null,
        };
        if (owner is { Terminating: true, IsGone: false }) _owners.Add(owner);
    }

    private void Sync(SimulatedPodOwner owner)
    {
        var propagation = owner.IsGone ? DeletionPropagation.Background : DeletionPropagation.Foreground;
        SimulatedPodOwner[] children = owner is SimulatedDeployment deployment ? [.. deployment.ReplicaSets] : [];
        SimulatedPod[] pods = [.. owner.Pods];
        foreach (var child in children) _state.Delete(child, propagation);
        foreach (var pod in pods)
        {
            if (!pod.Terminating) _state.Delete(pod);
        }

        if (!owner.IsGone && children.Length == 0 && pods.Length == 0) _state.Remove(owner);
    }
}
