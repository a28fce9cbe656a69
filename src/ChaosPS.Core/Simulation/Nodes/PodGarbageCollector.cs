using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Nodes;

/// <summary>Deletes the pods of nodes that are gone, and the terminating ones of nodes that are out of service.</summary>
/// <remarks>Source: kubernetes/pkg/controller/podgc/gc_controller.go: a run every 20 s, and a node must have been missed for 40 s.</remarks>
internal sealed class PodGarbageCollector
{
    private readonly ClusterState _state;
    private readonly Dictionary<string, DateTimeOffset?> _missedSince = [];
    private readonly HashSet<SimulatedNode> _outOfService = [];

    public PodGarbageCollector(ClusterState state)
    {
        _state = state;

        // Only nodes that were deleted can have left orphans, so a run without such nodes costs nothing.
        state.Changed += change =>
        {
            if (change is not { Type: ChangeType.Deleted, Target: SimulatedNode node }) return;
            _missedSince[node.Name] = null;
            _outOfService.Remove(node);
        };
        state.TaintsChanged += Note;
    }

    public void Begin()
    {
        foreach (var node in _state.Nodes) Note(node);
        foreach (var pod in _state.Pods)
        {
            if (pod.NodeName is not null && _state.FindNode(pod.NodeName) is null) _missedSince[pod.NodeName] = null;
        }

        var drawn = _state.Options.PodGarbageCollectionPeriod * _state.Chance.NextDouble();
        _state.Events.After(_state.Options.PodGarbageCollectionPhase ?? drawn, Collect);
    }

    private void Note(SimulatedNode node)
    {
        if (NodeTaints.Has(node.Taints, NodeTaints.OutOfService, TaintEffect.NoExecute) || NodeTaints.Has(node.Taints, NodeTaints.OutOfService, TaintEffect.NoSchedule))
            _outOfService.Add(node);
        else
            _outOfService.Remove(node);
    }

    private void Collect()
    {
        foreach (var node in _outOfService)
        {
            if (!node.Ready) CollectTerminating(node);
        }

        foreach (var (nodeName, missedSince) in _missedSince.ToArray())
        {
            if (_state.FindNode(nodeName) is not null) _missedSince.Remove(nodeName);
            else if (missedSince is null) _missedSince[nodeName] = _state.Now;
            else if (_state.Now - missedSince >= _state.Options.OrphanQuarantine) CollectOrphans(nodeName);
        }

        _state.Events.After(_state.Options.PodGarbageCollectionPeriod, Collect);
    }

    /// <summary>Somebody vouches that nothing runs on the node any more, so nobody waits for its kubelet.</summary>
    private void CollectTerminating(SimulatedNode node)
    {
        foreach (var pod in node.Pods.ToArray())
        {
            if (!pod.Terminating) continue;
            Fail(pod);
            _state.Delete(pod, gracePeriodSeconds: 0);
        }
    }

    private void Fail(SimulatedPod pod)
    {
        if (pod.IsTerminal) return;
        _state.End(pod, success: false);
        _state.Touch(pod);
    }

    private void CollectOrphans(string nodeName)
    {
        _missedSince.Remove(nodeName);
        foreach (var pod in _state.Pods.Where(pod => pod.NodeName == nodeName).ToArray())
        {
            _state.End(pod, success: false);
            pod.SetCondition("DisruptionTarget", "True", "DeletionByPodGC", "PodGC: node no longer exists", _state.Now);
            _state.Touch(pod);
            _state.Delete(pod, gracePeriodSeconds: 0);
        }
    }
}
