using System.Globalization;
using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Workloads;

/// <summary>Keeps pods with a name each. A name is free only when the pod that has it is gone: on a dead node that can take long.</summary>
/// <remarks>Source: kubernetes/pkg/controller/statefulset/stateful_set_control.go.</remarks>
internal sealed class StatefulSetController
{
    private const string Kind = "StatefulSet";
    private const string Component = "statefulset-controller";
    private const string PodNameLabel = "statefulset.kubernetes.io/pod-name";
    private const string IndexLabel = "apps.kubernetes.io/pod-index";

    private readonly ClusterState _state;
    private readonly EventRecorder _recorder;
    private readonly WorkQueue<SimulatedWorkload> _queue;

    public StatefulSetController(ClusterState state, EventRecorder recorder)
    {
        _state = state;
        _recorder = recorder;
        _queue = new WorkQueue<SimulatedWorkload>(state.Events, () => state.Options.ControllerLatency.Draw(state.Chance), Sync);
        state.Changed += change =>
        {
            if (change.Target is SimulatedPod { Owner: { Kind: Kind } and SimulatedWorkload owner }) _queue.Add(owner);
            else if (change.Target is SimulatedWorkload { Kind: Kind } set) _queue.Add(set);
        };
        state.Orphaned += pod =>
        {
            foreach (var workload in state.OtherWorkloads)
            {
                if (workload.Kind == Kind && pod.Name.StartsWith($"{workload.Name}-", StringComparison.Ordinal) && PodClaims.Wants(workload, pod)) _queue.Add(workload);
            }
        };
        foreach (var workload in state.OtherWorkloads)
        {
            if (workload.Kind == Kind) _queue.Add(workload);
        }
    }

    /// <summary>One look. Unless pods may come and go together it ends at the first that is not as it should be.</summary>
    private void Sync(SimulatedWorkload set)
    {
        if (set.IsGone) return;
        PodClaims.Update(_state, set);
        ControllerRevision.Update(set);
        set.ObservedGeneration = set.Generation;
        if (set.Terminating) return;
        var wanted = new SimulatedPod?[set.Spec.Replicas];
        SortedDictionary<int, SimulatedPod> condemned = [];
        foreach (var pod in set.Pods)
        {
            if (Ordinal(pod) is not { } ordinal) continue;
            if (ordinal < wanted.Length) wanted[ordinal] = pod;
            else condemned[ordinal] = pod;
        }

        if (Fill(set, wanted) && Shrink(set, condemned)) Roll(set, wanted);
    }

    /// <summary>Makes what is missing, from the lowest number on; false when the look ends here.</summary>
    private bool Fill(SimulatedWorkload set, SimulatedPod?[] pods)
    {
        var ordered = !set.Spec.IsParallel;
        for (var i = 0; i < pods.Length; i++)
        {
            if (pods[i] is { Phase: "Failed" or "Succeeded", Terminating: false } ended)
            {
                Delete(set, ended);
                if (ordered) return false;
            }
            else if (pods[i] is null)
            {
                Create(set, i);
                if (ordered) return false;
            }
            else if (ordered && !IsAvailable(set, pods[i]!))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes away what is too much, from the highest number on; false when the look ends here.</summary>
    private bool Shrink(SimulatedWorkload set, SortedDictionary<int, SimulatedPod> condemned)
    {
        foreach (var (_, pod) in condemned.Reverse())
        {
            if (!pod.Terminating) Delete(set, pod);
            if (!set.Spec.IsParallel) return false;
        }

        return true;
    }

    /// <summary>Replaces pods of old templates, the highest number first, one after the other.</summary>
    private void Roll(SimulatedWorkload set, SimulatedPod?[] pods)
    {
        if (set.Spec.IsOnDelete) return;
        for (var i = pods.Length - 1; i >= set.Spec.UpdatePartition; i--)
        {
            if (pods[i] is not { } pod) return;
            if (!ControllerRevision.IsNewest(set, pod) && !pod.Terminating)
            {
                Delete(set, pod);
                return;
            }

            if (!IsAvailable(set, pod)) return;
        }
    }

    private void Create(SimulatedWorkload set, int ordinal)
    {
        var index = ordinal.ToString(CultureInfo.InvariantCulture);
        var name = $"{set.Name}-{index}";
        ControllerRevision.AddPod(set, name, WithClaims(set, name), _state, (PodNameLabel, name), (IndexLabel, index));
        _recorder.Normal(set, "SuccessfulCreate", $"create Pod {name} in StatefulSet {set.Name} successful", Component);
    }

    /// <summary>The template with the pod's own claims, which stay when the pod goes and wait for the next of its name.</summary>
    private PodSpec WithClaims(SimulatedWorkload set, string podName)
    {
        var spec = set.Spec.PodSpec;
        if (set.Spec.ClaimTemplates.Count == 0) return spec;
        string[] own = [.. set.Spec.ClaimTemplates.Select(template => $"{template}-{podName}")];
        foreach (var claim in own)
        {
            if (_state.FindClaim(set.Namespace, claim) is not null) continue;
            var made = new VolumeClaim { Name = claim, Namespace = set.Namespace, Cluster = set.Spec.Cluster };
            _state.Add(new SimulatedVolumeClaim(made, _state.NewUid("PersistentVolumeClaim", set.Namespace, claim), _state.Now));
        }

        return spec with { Claims = [.. spec.Claims, .. own] };
    }

    private void Delete(SimulatedWorkload set, SimulatedPod pod)
    {
        _state.Delete(pod);
        _recorder.Normal(set, "SuccessfulDelete", $"delete Pod {pod.Name} in StatefulSet {set.Name} successful", Component);
    }

    private bool IsAvailable(SimulatedWorkload set, SimulatedPod pod)
    {
        if (pod is not { Ready: true, Phase: "Running", Terminating: false }) return false;
        var at = pod.FindCondition("Ready")!.LastTransitionTime + TimeSpan.FromSeconds(set.Spec.MinReadySeconds);
        if (at <= _state.Now) return true;
        _queue.AddAt(set, at);
        return false;
    }

    private static int? Ordinal(SimulatedPod pod)
    {
        var dash = pod.Name.LastIndexOf('-');
        return int.TryParse(pod.Name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : null;
    }
}
