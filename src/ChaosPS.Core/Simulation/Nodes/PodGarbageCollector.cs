namespace ChaosPS.Simulation.Nodes;

/// <summary>Deletes the pods of nodes that are gone, and terminating pods that never had a node.</summary>
/// <remarks>Source: kubernetes/pkg/controller/podgc/gc_controller.go: a run every 20 s, and a node must have been missed for 40 s.</remarks>
internal sealed class PodGarbageCollector
{
    private readonly ClusterState _state;
    private readonly Dictionary<string, DateTimeOffset?> _missedSince = [];

    public PodGarbageCollector(ClusterState state)
    {
        _state = state;

        // Only nodes that were deleted can have left orphans, so a run without such nodes costs nothing.
        state.Changed += change =>
        {
            if (change is { Type: ChangeType.Deleted, Target: SimulatedNode node }) _missedSince[node.Name] = null;
        };
    }

    public void Begin()
    {
        foreach (var pod in _state.Pods)
        {
            if (pod.NodeName is not null && _state.FindNode(pod.NodeName) is null) _missedSince[pod.NodeName] = null;
        }

        var drawn = _state.Options.PodGarbageCollectionPeriod * _state.Chance.NextDouble();
        _state.Events.After(_state.Options.PodGarbageCollectionPhase ?? drawn, Collect);
    }

    private void Collect()
    {
        foreach (var (nodeName, missedSince) in _missedSince.ToArray())
        {
            if (_state.FindNode(nodeName) is not null) _missedSince.Remove(nodeName);
            else if (missedSince is null) _missedSince[nodeName] = _state.Now;
            else if (_state.Now - missedSince >= _state.Options.OrphanQuarantine) CollectOrphans(nodeName);
        }

        _state.Events.After(_state.Options.PodGarbageCollectionPeriod, Collect);
    }

    private void CollectOrphans(string nodeName)
    {
        _missedSince.Remove(nodeName);
        foreach (var pod in _state.Pods.Where(pod => pod.NodeName == nodeName).ToArray())
        {
            pod.Phase = "Failed";
            pod.SetCondition("DisruptionTarget", "True", "DeletionByPodGC", "PodGC: node no longer exists", _state.Now);
            _state.Touch(pod);
            _state.Delete(pod, gracePeriodSeconds: 0);
        }
    }
}
