namespace ChaosPS.Simulation.Workloads;

/// <summary>Moves a Deployment's pods from old templates to the newest one, within the bounds of its rolling update.</summary>
/// <remarks>Source: kubernetes/pkg/controller/deployment (sync.go, rolling.go, progress.go).</remarks>
internal sealed class DeploymentController
{
    private const string Component = "deployment-controller";

    private readonly ClusterState _state;
    private readonly EventRecorder _recorder;
    private readonly WorkQueue<SimulatedDeployment> _queue;

    public DeploymentController(ClusterState state, EventRecorder recorder)
    {
        _state = state;
        _recorder = recorder;
        _queue = new WorkQueue<SimulatedDeployment>(state.Events, () => state.Options.ControllerLatency.Draw(state.Chance), Sync);
        state.Changed += change =>
        {
            if (change.Target is SimulatedDeployment deployment) _queue.Add(deployment);
            else if (change.Target is SimulatedReplicaSet { Deployment: { } owner }) _queue.Add(owner);
            else if (change is { Type: ChangeType.Deleted, Target: SimulatedPod { ReplicaSet.Deployment: { Spec.IsRecreate: true } waiting } }) _queue.Add(waiting);
        };
        foreach (var deployment in state.Deployments)
        {
            if (!IsSettled(deployment)) _queue.Add(deployment);
        }
    }

    /// <summary>Whether a look would change nothing: nearly all of a snapshot's Deployments are like that.</summary>
    private static bool IsSettled(SimulatedDeployment deployment) => deployment.ReplicaSets is [var only] && !deployment.Spec.IsPaused &&
        only.Replicas == deployment.Spec.Replicas && only.DesiredReplicas == only.Replicas && only.MinReadySeconds == deployment.Spec.MinReadySeconds &&
        ReferenceEquals(only.PodSpec, deployment.Spec.PodSpec) && only.Revision == deployment.Revision &&
        DeploymentStatus.Of(deployment) == DeploymentStatus.Compute(deployment, only) && DeploymentStatus.Of(deployment).IsComplete(deployment.Spec.Replicas) &&
        deployment.ObservedGeneration == deployment.Generation && deployment.FindCondition(DeploymentStatus.Progressing) is { Reason: DeploymentStatus.NewAvailable };

    private void Sync(SimulatedDeployment deployment)
    {
        if (deployment.IsGone) return;
        Adopt(deployment);
        var newest = Find(deployment);
        if (deployment.Terminating)
        {
            WriteStatus(deployment, newest, judgeProgress: false);
            return;
        }

        NotePause(deployment);
        if (deployment.Spec.IsPaused || IsBeingScaled(deployment))
        {
            Scale(deployment, newest);
            WriteStatus(deployment, newest, judgeProgress: false);
            return;
        }

        if (deployment.Spec.IsRecreate && EmptyOld(deployment, newest))
        {
            WriteStatus(deployment, newest, judgeProgress: true);
            return;
        }

        newest = newest is null ? Create(deployment) : Renew(deployment, newest);
        if (!ReconcileNew(deployment, newest) && !ReconcileOld(deployment, newest) &&
            DeploymentStatus.Compute(deployment, newest).IsComplete(deployment.Spec.Replicas))
        {
            CleanUp(deployment, newest);
        }

        WriteStatus(deployment, newest, judgeProgress: true);
    }

    /// <summary>Replica sets that nobody owns and that its selector matches become its own.</summary>
    private void Adopt(SimulatedDeployment deployment)
    {
        if (_state.OrphanReplicaSets.Count == 0 || deployment.Terminating) return;
        foreach (var replicaSet in _state.OrphanReplicaSets.ToArray())
        {
            if (!replicaSet.Terminating && replicaSet.Namespace == deployment.Namespace && deployment.Spec.Selector.Requirements.Count > 0 &&
                deployment.Spec.Selector.Matches(replicaSet.PodLabels))
            {
                _state.SetOwner(replicaSet, deployment);
            }
        }
    }

    /// <summary>The replica set of the Deployment's present template; the oldest, should there be several.</summary>
    private static SimulatedReplicaSet? Find(SimulatedDeployment deployment)
    {
        var wanted = PodTemplate.Describe(deployment.Spec.PodLabels, deployment.Spec.PodSpec);
        foreach (var replicaSet in deployment.ReplicaSets)
        {
            if (PodTemplate.Describe(replicaSet.PodLabels, replicaSet.PodSpec) == wanted) return replicaSet;
        }

        return null;
    }

    private static bool IsBeingScaled(SimulatedDeployment deployment)
    {
        foreach (var replicaSet in deployment.ReplicaSets)
        {
            if (replicaSet.Replicas > 0 && replicaSet.DesiredReplicas != deployment.Spec.Replicas) return true;
        }

        return false;
    }

    /// <summary>For Recreate: lets the old pods go. True while there are any, terminating ones too, or replica sets that want some.</summary>
    private bool EmptyOld(SimulatedDeployment deployment, SimulatedReplicaSet? newest)
    {
        var some = false;
        foreach (var replicaSet in deployment.ReplicaSets)
        {
            if (replicaSet == newest) continue;
            if (replicaSet.Replicas > 0) Resize(deployment, replicaSet, 0);
            foreach (var pod in replicaSet.Pods) some |= !pod.IsTerminal;
        }

        return some;
    }

    /// <summary>A pause, and its end, show in the condition Progressing.</summary>
    private void NotePause(SimulatedDeployment deployment)
    {
        var condition = deployment.FindCondition(DeploymentStatus.Progressing);
        if (condition?.Reason == DeploymentStatus.DeadlineExceeded) return;
        var shown = condition?.Reason == DeploymentStatus.Paused;
        if (deployment.Spec.IsPaused == shown) return;
        if (shown) DeploymentStatus.Set(deployment, DeploymentStatus.Progressing, "Unknown", "DeploymentResumed", "Deployment is resumed", _state.Now);
        else DeploymentStatus.Set(deployment, DeploymentStatus.Progressing, "Unknown", DeploymentStatus.Paused, "Deployment is paused", _state.Now);
        _state.Touch(deployment);
    }

    private TimeSpan ProgressDeadline(SimulatedDeployment deployment) =>
        deployment.Spec.ProgressDeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : _state.Options.ProgressDeadline;

    private SimulatedReplicaSet Create(SimulatedDeployment deployment)
    {
        var spec = deployment.Spec;
        var hash = PodTemplate.Hash(spec.PodLabels, spec.PodSpec);
        var name = $"{deployment.Name}-{hash}";
        var created = new SimulatedReplicaSet(deployment.Namespace, name, _state.NewUid("ReplicaSet", deployment.Namespace, name), _state.Now)
        {
            Deployment = deployment,
            TemplateHash = hash,
            Selector = SnapshotLoader.WithHash(spec.Selector, hash),
            PodLabels = new Dictionary<string, string>(spec.PodLabels) { [PodTemplate.HashLabel] = hash },
            PodSpec = spec.PodSpec,
            MinReadySeconds = spec.MinReadySeconds,
            Revision = deployment.Revision + 1,
            Startup = deployment.ReplicaSets is [.., var last] ? last.Startup : null,
        };
        created.Replicas = WantedOfNew(deployment, created);
        (created.DesiredReplicas, created.MaxReplicas) = (spec.Replicas, spec.Replicas + RollingUpdate.MaxSurge(spec));
        deployment.Revision = created.Revision;
        _state.Add(created);
        if (created.Replicas > 0) RecordScaling(deployment, created, 0);
        DeploymentStatus.Set(
            deployment, DeploymentStatus.Progressing, "True", DeploymentStatus.NewCreated,
            $"Created new replica set \"{created.Name}\"", _state.Now);
        _state.Touch(deployment);
        return created;
    }

    /// <summary>A template that comes back takes its old replica set, as the newest revision.</summary>
    private SimulatedReplicaSet Renew(SimulatedDeployment deployment, SimulatedReplicaSet newest)
    {
        if (newest.MinReadySeconds != deployment.Spec.MinReadySeconds)
        {
            newest.MinReadySeconds = deployment.Spec.MinReadySeconds;
            newest.Generation++;
            _state.Touch(newest);
        }

        if (newest.Revision == deployment.Revision) return newest;
        newest.Revision = ++deployment.Revision;
        _state.Touch(newest);
        _state.Touch(deployment);
        return newest;
    }

    private static int WantedOfNew(SimulatedDeployment deployment, SimulatedReplicaSet newest)
    {
        var total = newest.Replicas;
        foreach (var replicaSet in deployment.ReplicaSets)
        {
            if (replicaSet != newest) total += replicaSet.Replicas;
        }

        var room = deployment.Spec.Replicas + RollingUpdate.MaxSurge(deployment.Spec) - total;
        return room <= 0 ? newest.Replicas : newest.Replicas + Math.Min(room, deployment.Spec.Replicas - newest.Replicas);
    }

    private bool ReconcileNew(SimulatedDeployment deployment, SimulatedReplicaSet newest)
    {
        if (newest.Replicas == deployment.Spec.Replicas) return false;
        var wanted = newest.Replicas > deployment.Spec.Replicas ? deployment.Spec.Replicas : WantedOfNew(deployment, newest);
        return Resize(deployment, newest, wanted);
    }

    /// <summary>Takes from the old as much as availability allows: what is not available anyway first.</summary>
    private bool ReconcileOld(SimulatedDeployment deployment, SimulatedReplicaSet newest)
    {
        var (total, available) = (0, 0);
        List<SimulatedReplicaSet> old = [];
        foreach (var replicaSet in deployment.ReplicaSets)
        {
            total += replicaSet.Replicas;
            available += replicaSet.AvailableReplicas;
            if (replicaSet != newest && replicaSet.Replicas > 0) old.Add(replicaSet);
        }

        if (old.Count == 0) return false;
        var minAvailable = deployment.Spec.Replicas - RollingUpdate.MaxUnavailable(deployment.Spec);
        var room = total - minAvailable - (newest.Replicas - newest.AvailableReplicas);
        if (room <= 0) return false;

        var taken = 0;
        foreach (var replicaSet in old)
        {
            var unavailable = Math.Min(room - taken, replicaSet.Replicas - replicaSet.AvailableReplicas);
            if (unavailable > 0 && Resize(deployment, replicaSet, replicaSet.Replicas - unavailable)) taken += unavailable;
        }

        var spare = Math.Min(available - minAvailable, room - taken);
        foreach (var replicaSet in old)
        {
            var share = Math.Min(spare, replicaSet.Replicas);
            if (share <= 0) continue;
            Resize(deployment, replicaSet, replicaSet.Replicas - share);
            spare -= share;
            taken += share;
        }

        return taken > 0;
    }

    private void Scale(SimulatedDeployment deployment, SimulatedReplicaSet? newest)
    {
        List<SimulatedReplicaSet> active = [.. deployment.ReplicaSets.Where(replicaSet => replicaSet.Replicas > 0)];
        if (active.Count == 0 && newest is not null) active.Add(newest);
        if (active is [var only])
        {
            Resize(deployment, only, deployment.Spec.Replicas);
        }
        else if (newest is not null && newest.Replicas == deployment.Spec.Replicas && newest.AvailableReplicas == deployment.Spec.Replicas)
        {
            foreach (var replicaSet in active)
            {
                if (replicaSet != newest) Resize(deployment, replicaSet, 0);
            }

            Resize(deployment, newest, newest.Replicas);
        }
        else
        {
            foreach (var (replicaSet, replicas) in ProportionalScaling.Compute(deployment).ToList())
                Resize(deployment, replicaSet, replicas);
        }
    }

    private bool Resize(SimulatedDeployment deployment, SimulatedReplicaSet replicaSet, int replicas)
    {
        var max = deployment.Spec.Replicas + RollingUpdate.MaxSurge(deployment.Spec);
        var before = replicaSet.Replicas;
        if (before == replicas && replicaSet.DesiredReplicas == deployment.Spec.Replicas && replicaSet.MaxReplicas == max) return false;
        replicaSet.DesiredReplicas = deployment.Spec.Replicas;
        replicaSet.MaxReplicas = max;
        if (before != replicas)
        {
            replicaSet.Replicas = replicas;
            replicaSet.Generation++;
            RecordScaling(deployment, replicaSet, before);
        }

        _state.Touch(replicaSet);
        return before != replicas;
    }

    private void RecordScaling(SimulatedDeployment deployment, SimulatedReplicaSet replicaSet, int before)
    {
        var direction = replicaSet.Replicas > before ? "up" : "down";
        _recorder.Normal(
            deployment, "ScalingReplicaSet",
            $"Scaled {direction} replica set {replicaSet.Name} from {before} to {replicaSet.Replicas}", Component);
    }

    private void CleanUp(SimulatedDeployment deployment, SimulatedReplicaSet newest)
    {
        List<SimulatedReplicaSet> empty = [.. deployment.ReplicaSets
            .Where(replicaSet => replicaSet != newest && replicaSet is { Replicas: 0, CurrentReplicas: 0 })
            .OrderBy(replicaSet => replicaSet.Revision)];
        for (var i = 0; i < empty.Count - (deployment.Spec.RevisionHistoryLimit ?? _state.Options.RevisionHistoryLimit); i++) _state.Remove(empty[i]);
    }

    private void WriteStatus(SimulatedDeployment deployment, SimulatedReplicaSet? newest, bool judgeProgress)
    {
        var before = (DeploymentStatus.Of(deployment), deployment.Conditions, deployment.ObservedGeneration);
        var status = DeploymentStatus.Compute(deployment, newest);
        status.SetAvailable(deployment, _state.Now);
        if (judgeProgress && newest is not null) status.SetProgressing(deployment, newest, ProgressDeadline(deployment), _state.Now);
        status.WriteTo(deployment);
        deployment.ObservedGeneration = deployment.Generation;
        if (before != (status, deployment.Conditions, deployment.ObservedGeneration)) _state.Touch(deployment);

        // Nothing else would call for a look when a rollout has come to a halt.
        if (deployment.FindCondition(DeploymentStatus.Progressing) is { Status: "True" } condition && condition.Reason != DeploymentStatus.NewAvailable)
        {
            var deadline = condition.LastUpdateTime + ProgressDeadline(deployment);
            if (deadline > _state.Now) _queue.AddAt(deployment, deadline);
        }
    }
}
