using ChaosPS.Clusters;
using ChaosPS.Simulation.Workloads;

namespace ChaosPS.Simulation;

/// <summary>Makes the first state from a snapshot: every pod where it was, with the name it had.</summary>
internal sealed class SnapshotLoader(ClusterState state, IReadOnlyDictionary<string, NodeLoad>? loads)
{
    private readonly Dictionary<(string Namespace, string Name), SimulatedReplicaSet> _replicaSets = [];
    private readonly Dictionary<(string Namespace, string Kind, string Name), DateTimeOffset> _oldestPods = [];

    /// <summary>Replica sets of which the snapshot has pods only: they want what they have.</summary>
    private readonly List<SimulatedReplicaSet> _strangers = [];

    public void Load(ClusterSnapshot snapshot, IReadOnlyList<NodeTemplate> nodes)
    {
        state.Reserve(nodes.Count);
        foreach (var priorityClass in snapshot.PriorityClasses) state.PriorityClasses.Put(priorityClass);
        foreach (var node in nodes) LoadNode(node);
        foreach (var claim in snapshot.VolumeClaims)
            state.Add(new SimulatedVolumeClaim(claim, claim.Uid.Length > 0 ? claim.Uid : state.NewUid("PersistentVolumeClaim", claim.Namespace, claim.Name), snapshot.TakenAt));
        foreach (var pod in snapshot.Pods) NoteAge(pod);
        foreach (var workload in snapshot.Workloads) LoadWorkload(workload);
        foreach (var job in snapshot.Jobs) LoadJob(job);
        foreach (var pod in snapshot.Pods) LoadPod(pod);
        foreach (var replicaSet in _strangers) Settle(replicaSet);
        foreach (var deployment in state.Deployments) Settle(deployment);
        foreach (var budget in snapshot.DisruptionBudgets)
            state.Add(new SimulatedDisruptionBudget(budget, budget.Uid.Length > 0 ? budget.Uid : state.NewUid("PodDisruptionBudget", budget.Namespace, budget.Name), snapshot.TakenAt));
        foreach (var autoscaler in snapshot.Autoscalers)
        {
            var uid = autoscaler.Uid.Length > 0 ? autoscaler.Uid : state.NewUid("HorizontalPodAutoscaler", autoscaler.Namespace, autoscaler.Name);
            state.Add(new SimulatedAutoscaler(autoscaler, uid, snapshot.TakenAt));
        }

        foreach (var service in snapshot.Services)
            state.Add(new SimulatedService(service, state.NewUid("Service", service.Namespace, service.Name), snapshot.TakenAt));

        state.IngressPaths.AddRange(snapshot.IngressPaths);
    }

    private void LoadNode(NodeTemplate template)
    {
        var spec = template.Spec;

        // The kubelets beat out of step, and have done so for a long time: a lease interval's worth of seconds ago at most.
        var options = state.Options;
        var first = state.Now - options.NodeStatusReportInterval * (1 + state.Chance.NextDouble());
        if (spec.LeaseRenewTime is { } renewed) first = renewed - options.NodeStatusReportInterval;
        var isOn = spec.PowerState is PowerState.Running or PowerState.Unknown;
        var node = new SimulatedNode(spec, template.Uid, machine: null, template.ZoneKey)
        {
            Ready = spec.Ready,
            KubeletRuns = spec.Ready && isOn,
            Heartbeat = new Heartbeat(first, options.LeaseRenewInterval, options.NodeStatusReportInterval),
            Conditions = template.Conditions,
            BeginsSettled = template.IsSettled,
            Load = loads is not null && loads.TryGetValue(spec.Name, out var load) ? load : template.Load,
        };
        if (!node.KubeletRuns) node.Heartbeat = node.Heartbeat.Stop(first);
        if (!isOn) state.MachinesOff.Add(node.Machine);
        state.Add(node);
    }

    /// <summary>Snapshots do not say how old workloads are: at least as old as their oldest pod.</summary>
    private void NoteAge(ClusterPod pod)
    {
        if (pod is not { OwnerKind: { } kind, OwnerName: { } name }) return;
        Note(kind, name);
        if (kind == "ReplicaSet" && name.LastIndexOf('-') is > 0 and var dash) Note("Deployment", name[..dash]);

        void Note(string kind, string name)
        {
            var key = (pod.Namespace, kind, name);
            if (!_oldestPods.TryGetValue(key, out var oldest) || pod.CreationTimestamp < oldest) _oldestPods[key] = pod.CreationTimestamp;
        }
    }

    private void LoadWorkload(Workload workload)
    {
        var uid = workload.Uid.Length > 0 ? workload.Uid : state.NewUid(workload.Kind, workload.Namespace, workload.Name);
        var created = _oldestPods.GetValueOrDefault((workload.Namespace, workload.Kind, workload.Name), state.Now);
        if (workload.Kind == "Deployment") state.Add(new SimulatedDeployment(workload, uid, created));
        else if (workload.Kind == "ReplicaSet") LoadReplicaSet(workload, uid, created);
        else state.Add(new SimulatedWorkload(workload, uid, created));
    }

    /// <summary>One that no Deployment made.</summary>
    private void LoadReplicaSet(Workload workload, string uid, DateTimeOffset created)
    {
        var replicaSet = SimulatedReplicaSet.Alone(workload, uid, created);
        replicaSet.CurrentReplicas = workload.CurrentReplicas;
        replicaSet.ReadyReplicas = workload.ReadyReplicas;
        replicaSet.AvailableReplicas = workload.AvailableReplicas;
        replicaSet.ObservedGeneration = replicaSet.Generation;
        _replicaSets.Add((workload.Namespace, workload.Name), replicaSet);
        state.Add(replicaSet);
    }

    private void LoadJob(JobSpec spec)
    {
        var created = _oldestPods.GetValueOrDefault((spec.Namespace, "Job", spec.Name), state.Now);
        var job = new SimulatedJob(spec, spec.Uid.Length > 0 ? spec.Uid : state.NewUid("Job", spec.Namespace, spec.Name), created)
        {
            StartTime = spec.IsSuspended ? null : created,
            Succeeded = spec.Succeeded,
            Failed = spec.Failed,
        };
        if (spec.IsFinished)
        {
            var done = spec.Completions is { } wanted ? spec.Succeeded >= wanted : spec.Succeeded > 0;
            job.Conditions = [new PodCondition(done ? "Complete" : "Failed", "True", "", "", state.Now)];
            if (done) job.CompletionTime = state.Now;
        }

        state.Add(job);
    }

    private void LoadPod(ClusterPod pod)
    {
        SimulatedPodOwner? owner = pod.OwnerKind switch
        {
            "ReplicaSet" => FindReplicaSet(pod),
            "Job" => state.FindJob(pod.Namespace, pod.OwnerName ?? ""),
            _ => state.FindWorkload(pod.Namespace, pod.OwnerKind, pod.OwnerName),
        };
        var loaded = new SimulatedPod(
            pod.Namespace, pod.Name, pod.Uid.Length > 0 ? pod.Uid : state.NewUid("Pod", pod.Namespace, pod.Name), pod.CreationTimestamp, pod.Spec)
        {
            Labels = pod.Labels,
            OwnerKind = pod.OwnerKind,
            OwnerName = pod.OwnerName,
            Tolerations = Admission.Tolerations(pod.Spec, pod.OwnerKind, state.Options),
            NodeName = pod.NodeName,
            PodIP = pod.PodIP,
            Phase = pod.Phase == "Unknown" ? "Running" : pod.Phase,
        };
        if (owner is not null) loaded.SetOwner(owner);
        if (pod.StartupTime is { } took) owner?.NoteStartup(took);
        var node = state.FindNode(pod.NodeName);
        var began = pod.CreationTimestamp;
        if (loaded.Phase == "Running")
        {
            loaded.HostIP = node?.Spec.InternalIP;
            loaded.StartTime = began;
            loaded.IsAlive = node is { KubeletRuns: true };
            loaded.Containers = [.. pod.Spec.Containers.Select((container, index) =>
            {
                var ready = index < pod.ReadyContainers || pod.Ready;
                return new ContainerStatus(container.Name, container.Image, ContainerState.Running, ready, index == 0 ? pod.Restarts : 0, began, null)
                {
                    ReadyAt = ready ? began : null,
                };
            })];
            loaded.Ready = pod.Ready;
            loaded.Conditions =
            [
                new("PodReadyToStartContainers", "True", "", "", began), new("Initialized", "True", "", "", began),
                new("Ready", pod.Ready ? "True" : "False", "", "", began),
                new("ContainersReady", loaded.ReadyContainers == loaded.Containers.Count ? "True" : "False", "", "", began),
                new("PodScheduled", "True", "", "", began),
            ];
        }

        else if (loaded.IsTerminal)
        {
            loaded.StartTime = began;
            loaded.HostIP = node?.Spec.InternalIP;
            var success = loaded.Phase == "Succeeded";
            loaded.Containers = [.. pod.Spec.Containers.Select(container => new ContainerStatus(
                container.Name, container.Image, ContainerState.Terminated, false, 0, began, began)
                { ExitCode = success ? 0 : 1, Reason = success ? "Completed" : "Error" })];
            loaded.SetCondition("Ready", "False", success ? "PodCompleted" : "PodFailed", "", began);
        }

        if (pod.NodeName is not null && loaded.Phase != "Running") loaded.SetCondition("PodScheduled", "True", "", "", began);
        if (pod.Terminating)
        {
            loaded.DeletionGracePeriodSeconds = pod.Spec.TerminationGracePeriodSeconds;
            loaded.DeletionTimestamp = state.Now + TimeSpan.FromSeconds(pod.Spec.TerminationGracePeriodSeconds);
        }

        state.Add(loaded);
    }

    private SimulatedReplicaSet FindReplicaSet(ClusterPod pod)
    {
        var name = pod.OwnerName ?? "";
        if (_replicaSets.TryGetValue((pod.Namespace, name), out var known)) return known;
        var hash = pod.Labels.TryGetValue(PodTemplate.HashLabel, out var label) ? label : name[(name.LastIndexOf('-') + 1)..];
        var deployment = name.EndsWith($"-{hash}", StringComparison.Ordinal)
            ? state.FindDeployment(pod.Namespace, name[..^(hash.Length + 1)])
            : null;
        Dictionary<string, string> labels = deployment is null ? new(pod.Labels) : new(pod.Labels) { [PodTemplate.HashLabel] = hash };
        var replicaSet = new SimulatedReplicaSet(
            pod.Namespace, name, state.NewUid("ReplicaSet", pod.Namespace, name), _oldestPods.GetValueOrDefault((pod.Namespace, "ReplicaSet", name), pod.CreationTimestamp))
        {
            Deployment = deployment,
            TemplateHash = deployment is null ? "" : hash,
            Selector = deployment is null ? LabelSelector.FromLabels(labels) : WithHash(deployment.Spec.Selector, hash),
            PodLabels = labels,
            PodSpec = pod.Spec,
            MinReadySeconds = deployment?.Spec.MinReadySeconds ?? 0,
        };
        _replicaSets.Add((pod.Namespace, name), replicaSet);
        if (deployment is null) _strangers.Add(replicaSet);
        state.Add(replicaSet);
        return replicaSet;
    }

    internal static LabelSelector WithHash(LabelSelector selector, string hash) =>
        new([.. selector.Requirements, new LabelRequirement(PodTemplate.HashLabel, SelectorOperator.In, [hash])]);

    /// <summary>The numbers that its controller would have written long ago.</summary>
    private static void Settle(SimulatedReplicaSet replicaSet)
    {
        replicaSet.Replicas = replicaSet.CurrentReplicas = replicaSet.Pods.Count(static pod => pod.IsActive);
        replicaSet.ReadyReplicas = replicaSet.AvailableReplicas = replicaSet.Pods.Count(static pod => pod.IsActive && pod.Ready);
        replicaSet.ObservedGeneration = replicaSet.Generation;
    }

    /// <summary>The numbers that the controllers would have written long ago.</summary>
    private static void Settle(SimulatedDeployment deployment)
    {
        deployment.OwnReplicaSets.Sort((left, right) => left.CreationTimestamp.CompareTo(right.CreationTimestamp));
        var missing = deployment.Spec.Replicas;
        foreach (var replicaSet in deployment.OwnReplicaSets)
        {
            Settle(replicaSet);
            replicaSet.Revision = ++deployment.Revision;
            replicaSet.DesiredReplicas = deployment.Spec.Replicas;
            replicaSet.MaxReplicas = deployment.Spec.Replicas + RollingUpdate.MaxSurge(deployment.Spec);
            missing -= replicaSet.Replicas;
        }

        if (deployment.OwnReplicaSets is not [.., var newest])
        {
            return;
        }

        // What an API server shows of a pod is never quite its template, so the newest replica set is taken to be of the present one:
        // a simulation must not begin with a rollout that nobody asked for.
        newest.PodSpec = deployment.Spec.PodSpec;
        newest.PodLabels = new Dictionary<string, string>(deployment.Spec.PodLabels) { [PodTemplate.HashLabel] = newest.TemplateHash };
        newest.Replicas = Math.Max(0, newest.Replicas + missing);
        var status = DeploymentStatus.Compute(deployment, newest);
        status.WriteTo(deployment);
        status.SetAvailable(deployment, deployment.CreationTimestamp);
        DeploymentStatus.Set(
            deployment, DeploymentStatus.Progressing, "True", DeploymentStatus.NewAvailable,
            $"ReplicaSet \"{newest.Name}\" has successfully progressed.", deployment.CreationTimestamp);
    }
}
