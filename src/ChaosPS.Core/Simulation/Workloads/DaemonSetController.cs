using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Workloads;

/// <summary>Keeps one pod on each node that a DaemonSet's template fits. The pods of a dead node stay: they tolerate its taints.</summary>
/// <remarks>Source: kubernetes/pkg/controller/daemon/daemon_controller.go.</remarks>
internal sealed class DaemonSetController
{
    private const string Kind = "DaemonSet";
    private const string Component = "daemonset-controller";

    private readonly ClusterState _state;
    private readonly EventRecorder _recorder;
    private readonly WorkQueue<(SimulatedWorkload Set, string Node)> _nodes;
    private readonly WorkQueue<SimulatedWorkload> _rollouts;
    private readonly List<SimulatedWorkload> _sets = [];

    public DaemonSetController(ClusterState state, EventRecorder recorder)
    {
        _state = state;
        _recorder = recorder;
        _nodes = new(state.Events, () => state.Options.ControllerLatency.Draw(state.Chance), item => Sync(item.Set, item.Node));
        _rollouts = new(state.Events, () => state.Options.ControllerLatency.Draw(state.Chance), Roll);
        foreach (var workload in state.OtherWorkloads)
        {
            if (workload.Kind == Kind) Take(workload, settled: true);
        }

        state.Changed += OnChanged;
        state.Orphaned += OnOrphaned;
    }

    /// <summary>A set wants pods on other nodes than before.</summary>
    public event Action<SimulatedWorkload>? WantedChanged;

    private void OnChanged(ObjectChange change)
    {
        switch (change.Target)
        {
            case SimulatedNode node:
                foreach (var set in _sets) _nodes.Add((set, node.Name));
                break;
            case SimulatedPod { Owner: { Kind: Kind } and SimulatedWorkload owner } pod:
                if (change.Type == ChangeType.Deleted && IntendedNode(pod) is { } name) _nodes.Add((owner, name));
                if (!ControllerRevision.IsNewest(owner, pod) || pod.Phase == "Failed" || change.Type != ChangeType.Added) _rollouts.Add(owner);
                break;
            case SimulatedWorkload { Kind: Kind } set when change.Type == ChangeType.Added:
                Take(set, settled: false);
                break;
            case SimulatedWorkload { Kind: Kind } set when change.Type == ChangeType.Deleted:
                _sets.Remove(set);
                break;
            case SimulatedWorkload { Kind: Kind } set:
                _rollouts.Add(set);
                break;
        }
    }

    private void OnOrphaned(SimulatedPod pod)
    {
        foreach (var set in _sets)
        {
            if (PodClaims.Wants(set, pod)) _rollouts.Add(set);
        }
    }

    /// <summary>Begins to care for a set. One from a snapshot has its pods already, save what is really missing.</summary>
    private void Take(SimulatedWorkload set, bool settled)
    {
        ControllerRevision.Update(set);
        _sets.Add(set);
        HashSet<string> covered = [];
        foreach (var pod in set.Pods)
        {
            if (IntendedNode(pod) is { } name) covered.Add(name);
        }

        foreach (var node in _state.Nodes)
        {
            var (starts, stays) = Judge(set, node);
            if (starts) set.FittingNodes.Add(node.Name);
            if (!settled || (starts && !covered.Contains(node.Name)) || (!stays && covered.Contains(node.Name))) _nodes.Add((set, node.Name));
        }
    }

    private void Sync(SimulatedWorkload set, string nodeName)
    {
        if (set.IsGone || set.Terminating) return;
        PodClaims.Update(_state, set);
        var node = _state.FindNode(nodeName);
        var (starts, stays) = node is null ? (false, true) : Judge(set, node);
        if (starts ? set.FittingNodes.Add(nodeName) : set.FittingNodes.Remove(nodeName)) CountWanted(set);
        SimulatedPod? present = null;
        foreach (var pod in set.Pods)
        {
            if (IntendedNode(pod) != nodeName) continue;
            present = pod;
            break;
        }

        if (starts && present is null) Create(set, nodeName);
        else if (!stays && present is { Terminating: false }) Delete(set, present);
    }

    private void CountWanted(SimulatedWorkload set)
    {
        if (set.Spec.Replicas != set.FittingNodes.Count) set.Spec = set.Spec with { Replicas = set.FittingNodes.Count };
        WantedChanged?.Invoke(set);
    }

    /// <summary>Whether a pod is to be started there, and whether one that is there may stay.</summary>
    private (bool Starts, bool Stays) Judge(SimulatedWorkload set, SimulatedNode node)
    {
        if (!Placement.MatchesNodeAffinity(set.Spec.PodSpec, node)) return (false, false);
        var tolerations = Admission.Tolerations(set.Spec.PodSpec, Kind, _state.Options);
        var starts = true;
        foreach (var taint in node.Taints)
        {
            if (taint.Effect == TaintEffect.PreferNoSchedule || Placement.Tolerates(tolerations, taint)) continue;
            if (taint.Effect == TaintEffect.NoExecute) return (false, false);
            starts = false;
        }

        return (starts, true);
    }

    /// <summary>Failed pods are made anew, and pods of old templates replaced, as far as enough others are available.</summary>
    private void Roll(SimulatedWorkload set)
    {
        if (set.IsGone || set.Terminating) return;
        PodClaims.Update(_state, set);
        ControllerRevision.Update(set);
        if (set.ObservedGeneration != set.Generation)
        {
            foreach (var node in _state.Nodes) _nodes.Add((set, node.Name));
        }

        set.ObservedGeneration = set.Generation;
        CountWanted(set);
        var available = 0;
        List<SimulatedPod> old = [];
        foreach (var pod in set.Pods.ToArray())
        {
            if (pod is { Phase: "Failed", Terminating: false }) Delete(set, pod);
            if (!pod.IsActive) continue;
            if (ControllerRevision.IsNewest(set, pod)) available += pod.Ready ? 1 : 0;
            else if (pod.Ready) old.Add(pod);
            else if (!set.Spec.IsOnDelete) Delete(set, pod);
        }

        var missing = set.Spec.Replicas - available - old.Count;
        if (set.Spec.IsOnDelete) return;
        var mayMiss = RollingUpdate.Resolve(set.Spec.MaxUnavailable, set.Spec.Replicas, roundUp: true);
        for (var i = 0; i < old.Count && missing < mayMiss; i++, missing++) Delete(set, old[i]);
    }

    private void Create(SimulatedWorkload set, string nodeName)
    {
        string name;
        do name = $"{set.Name}-{SafeText.Draw(_state.Chance, 5)}";
        while (_state.FindPod(set.Namespace, name) is not null);
        ControllerRevision.AddPod(set, name, BindTo(set.Spec.PodSpec, nodeName), _state);
        _recorder.Normal(set, "SuccessfulCreate", $"Created pod: {name}", Component);
    }

    private void Delete(SimulatedWorkload set, SimulatedPod pod)
    {
        _state.Delete(pod);
        _recorder.Normal(set, "SuccessfulDelete", $"Deleted pod: {pod.Name}", Component);
    }

    /// <summary>The scheduler places the pod; its affinity leaves it one node.</summary>
    private static PodSpec BindTo(PodSpec spec, string nodeName)
    {
        var terms = spec.Affinity.RequiredNodes.Count == 0 ? [new NodeAffinityTerm([], [])] : spec.Affinity.RequiredNodes;
        return spec with
        {
            Affinity = spec.Affinity with { RequiredNodes = [.. terms.Select(term => term with { NodeNames = [nodeName] })] },
        };
    }

    /// <summary>The node that a pod runs on, or is to run on.</summary>
    public static string? IntendedNode(SimulatedPod pod) =>
        pod.NodeName ?? (pod.Spec.Affinity.RequiredNodes is [{ NodeNames: [var name] }, ..] ? name : null);
}
