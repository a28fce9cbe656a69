using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Nodes;

/// <summary>Attaches disks to the nodes of pods that need them, and detaches them: a disk is with one node at a time.</summary>
/// <remarks>
/// Source: kubernetes/pkg/controller/volume/attachdetach. A disk of a node that died under it stays until the pod's object is gone, and six minutes
/// more; at once when the node is out of service or its object is gone.
/// </remarks>
internal sealed class VolumeAttacher
{
    private const string Component = "attachdetach-controller";

    private readonly ClusterState _state;
    private readonly EventRecorder _recorder;
    private readonly HashSet<SimulatedVolumeClaim> _unneeded = [];
    private readonly List<Waiting> _waiting = [];

    public VolumeAttacher(ClusterState state, EventRecorder recorder)
    {
        _state = state;
        _recorder = recorder;
        foreach (var claim in state.Claims.Values)
        {
            if (claim.Spec.IsDisk && FindUser(claim, node: null) is { } user) claim.AttachedTo = user.NodeName;
        }

        state.Changed += change =>
        {
            if (change.Target is SimulatedPod pod)
            {
                if (pod.Spec.Claims.Count > 0 && (pod.IsGone || pod.IsTerminal)) ForEachDisk(pod, Release);
            }
            else if (change.Target is SimulatedNode && _unneeded.Count > 0)
            {
                foreach (var claim in _unneeded.ToArray()) Release(claim);
            }
        };
    }

    private SimulationOptions Options => _state.Options;

    /// <summary>Calls back when all of the pod's disks are with its node: at once when it has none that are not.</summary>
    public void Attach(SimulatedPod pod, SimulatedNode node, Action done)
    {
        var waiting = new Waiting(pod, node, done);
        if (Try(waiting)) return;
        _waiting.Add(waiting);
    }

    private void ForEachDisk(SimulatedPod pod, Action<SimulatedVolumeClaim> action)
    {
        foreach (var name in pod.Spec.Claims)
        {
            if (_state.FindClaim(pod.Namespace, name) is { Spec.IsDisk: true } claim) action(claim);
        }
    }

    /// <summary>Goes on with a pod's disks; true when there is nothing to wait for any more.</summary>
    private bool Try(Waiting waiting)
    {
        var (pod, node, done) = waiting;
        if (pod.IsGone || pod.Terminating) return true;
        var ready = true;
        ForEachDisk(pod, claim =>
        {
            if (claim.AttachedTo == node.Name && !claim.IsDetaching) return;
            ready = false;
            if (claim.AttachedTo is null) Begin(claim, pod, node);
            else if (claim.AttachedTo != node.Name) Complain(claim, pod);
        });
        if (ready) done();
        return ready;
    }

    private void Begin(SimulatedVolumeClaim claim, SimulatedPod pod, SimulatedNode node)
    {
        if (claim.IsAttaching) return;
        claim.IsAttaching = true;
        _state.Events.After(Options.VolumeAttach.Draw(_state.Chance), () =>
        {
            claim.IsAttaching = false;
            claim.AttachedTo = node.Name;
            _recorder.Normal(pod, "SuccessfulAttachVolume", $"AttachVolume.Attach succeeded for volume \"{claim.Spec.VolumeName}\" ", Component);
            if (FindUser(claim, node.Name) is null) Release(claim);
            GoOn();
        });
    }

    /// <summary>Tells why a pod waits, as often as the controller tries.</summary>
    private void Complain(SimulatedVolumeClaim claim, SimulatedPod pod)
    {
        var user = FindUser(claim, claim.AttachedTo);
        var why = user is null
            ? "Volume is already exclusively attached to one node and can't be attached to another"
            : user.Namespace == pod.Namespace ? $"Volume is already used by pod(s) {user.Name}" : "Volume is already used by 1 pod(s) in different namespaces";
        _recorder.Warning(pod, "FailedAttachVolume", $"Multi-Attach error for volume \"{claim.Spec.VolumeName}\" {why}", Component);
    }

    private void GoOn()
    {
        foreach (var waiting in _waiting.ToArray())
        {
            if (Try(waiting)) _waiting.Remove(waiting);
        }
    }

    /// <summary>Detaches a disk that nothing needs any more, as soon as that is safe.</summary>
    private void Release(SimulatedVolumeClaim claim)
    {
        if (claim.AttachedTo is not { } name || FindUser(claim, name) is not null)
        {
            claim.UnneededSince = null;
            _unneeded.Remove(claim);
            return;
        }

        if (_unneeded.Add(claim))
        {
            claim.UnneededSince = _state.Now;
            _state.Events.After(Options.VolumeForceDetach, () => Release(claim));
        }

        if (claim.IsDetaching || !MayDetach(claim, name)) return;
        claim.IsDetaching = true;
        _state.Events.After(Options.VolumeDetach.Draw(_state.Chance), () =>
        {
            claim.IsDetaching = false;
            claim.AttachedTo = null;
            claim.UnneededSince = null;
            _unneeded.Remove(claim);
            GoOn();
        });
    }

    /// <summary>Whether its kubelet has let go of it, or nobody waits for that any longer.</summary>
    private bool MayDetach(SimulatedVolumeClaim claim, string nodeName) =>
        _state.FindNode(nodeName) is not { KubeletRuns: false } node ||
        NodeTaints.Has(node.Taints, NodeTaints.OutOfService, TaintEffect.NoExecute) ||
        _state.Now >= claim.UnneededSince + Options.VolumeForceDetach;

    /// <summary>A pod that needs the disk: on that node, or on any.</summary>
    private SimulatedPod? FindUser(SimulatedVolumeClaim claim, string? node)
    {
        foreach (var pod in node is not null && _state.FindNode(node) is { } known ? known.Pods : _state.PodsOf(claim.Namespace))
        {
            if (pod.NodeName is null || (node is not null && pod.NodeName != node) || pod.IsTerminal || pod.Namespace != claim.Namespace) continue;
            if (pod.Spec.Claims.Contains(claim.Name)) return pod;
        }

        return null;
    }

    private sealed record Waiting(SimulatedPod Pod, SimulatedNode Node, Action Done);
}
