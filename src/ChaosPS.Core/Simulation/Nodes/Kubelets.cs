using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Nodes;

/// <summary>All kubelets: they start, end and restart pods, as long as their machines run.</summary>
internal sealed partial class Kubelets
{
    private const string Component = "kubelet";

    /// <summary>The exit code of containers that a machine took down with it: nobody saw their own.</summary>
    private const int LostExitCode = 255;

    private const string NotReadyReason = "ContainersNotReady";

    private readonly ClusterState _state;
    private readonly EventRecorder _recorder;
    private readonly PodAddresses _addresses;
    private readonly VolumeAttacher _volumes;

    public Kubelets(ClusterState state, EventRecorder recorder, PodAddresses addresses, VolumeAttacher volumes)
    {
        _state = state;
        _recorder = recorder;
        _addresses = addresses;
        _volumes = volumes;
        state.PodBound += (pod, node) =>
        {
            if (node.KubeletRuns) PlanStart(pod, node);
        };
        state.DeletionMarked += OnDeletionMarked;
    }

    private SimulationOptions Options => _state.Options;

    /// <summary>Takes up what the snapshot left in the middle: pods that are to start or to end.</summary>
    public void Begin()
    {
        foreach (var pod in _state.Pods)
        {
            if (_state.FindNode(pod.NodeName) is not { KubeletRuns: true } node) continue;
            if (pod.Terminating) PlanEnd(pod, node);
            else if (pod.Phase == "Pending") PlanStart(pod, node);
            else if (pod.Phase == "Running") TakeOver(pod, node);
        }
    }

    private void TakeOver(SimulatedPod pod, SimulatedNode node)
    {
        if (!pod.Ready) PlanReady(pod, node, ReadyDelay(pod));
        PlanRunEnd(pod, node);
    }

    /// <summary>The power is gone: kubelet and containers with it. The API is not told.</summary>
    public void Die(SimulatedNode node)
    {
        _state.StopKubelet(node);
        foreach (var pod in node.Pods) _state.SetAlive(pod, false);
    }

    /// <summary>The machine has power again: it boots, then its kubelet reports and takes its pods up.</summary>
    public void Boot(SimulatedNode node) => Plan(node, Options.KubeletBoot.Draw(_state.Chance), () =>
    {
        if (node.IsGone)
        {
            Register(node);
            return;
        }

        ReportReady(node, rebooted: true);
        TakeUpPods(node);
    });

    /// <summary>A kubelet that has started says that its node is well.</summary>
    private void ReportReady(SimulatedNode node, bool rebooted)
    {
        node.KubeletRuns = true;
        node.Heartbeat = new Heartbeat(_state.Now, Options.LeaseRenewInterval, Options.NodeStatusReportInterval);
        var wasReady = node.Ready;
        node.Conditions = NodeConditions.Healthy(node.Conditions, _state.Now);
        node.Ready = true;
        _state.Touch(node);
        _recorder.Normal(node, "Starting", "Starting kubelet.", Component, node.Name);
        if (rebooted) _recorder.Warning(node, "Rebooted", $"Node {node.Name} has been rebooted", Component, node.Name);
        if (!wasReady) _recorder.Normal(node, "NodeReady", $"Node {node.Name} status is now: NodeReady", Component, node.Name);
    }

    private void TakeUpPods(SimulatedNode node)
    {
        foreach (var pod in node.Pods)
        {
            if (pod.Terminating) PlanEnd(pod, node);
            else if (pod.Phase == "Pending") PlanStart(pod, node);
            else if (pod is { Phase: "Running", Spec.RestartPolicy: RestartPolicy.Never }) PlanLoss(pod, node);
            else if (pod.Phase == "Running") PlanRestart(pod, node, TimeSpan.Zero);
        }
    }

    /// <summary>A kubelet that finds no object of its node makes one.</summary>
    private void Register(SimulatedNode gone) => Join(gone.Spec with { Unschedulable = false, Taints = [] }, gone.Machine);

    /// <summary>A node comes into the cluster, not ready at first. Its kubelet, if the machine runs, says a moment later that it is.</summary>
    public SimulatedNode Join(ClusterNode template, SimulatedMachine machine)
    {
        var spec = template with
        {
            Ready = false,
            CreationTimestamp = _state.Now,
            Taints = [new Taint(NodeTaints.NotReady, "", TaintEffect.NoSchedule), .. template.Taints],
            Conditions = NodeConditions.Starting(_state.Now),
        };
        var node = new SimulatedNode(spec, _state.NewUid("Node", "", spec.Name), machine)
        {
            KubeletRuns = machine.IsOn,
            Heartbeat = new Heartbeat(_state.Now, Options.LeaseRenewInterval, Options.NodeStatusReportInterval),
        };
        if (!machine.IsOn) node.Heartbeat = node.Heartbeat.Stop(_state.Now);
        machine.Node = node;
        _state.Add(node);
        if (!machine.IsOn) return node;
        _recorder.Normal(node, "Starting", "Starting kubelet.", Component, node.Name);
        Plan(node, Options.KubeletRegistration.Draw(_state.Chance), () =>
        {
            node.Conditions = NodeConditions.Healthy(node.Conditions, _state.Now);
            node.Ready = true;
            _state.Touch(node);
            _recorder.Normal(node, "NodeReady", $"Node {node.Name} status is now: NodeReady", Component, node.Name);
            TakeUpPods(node);
        });
        return node;
    }

    private void OnDeletionMarked(SimulatedPod pod)
    {
        if (_state.FindNode(pod.NodeName) is not { KubeletRuns: true } node) return;
        foreach (var container in pod.Containers)
            _recorder.Normal(pod, "Killing", $"Stopping container {container.Name}", Component, node.Name);
        PlanEnd(pod, node);
    }

    /// <summary>The kubelet waits for the pod's disks and then starts its containers.</summary>
    private void PlanStart(SimulatedPod pod, SimulatedNode node)
    {
        var life = node.KubeletLife;
        _volumes.Attach(pod, node, () =>
        {
            if (node.KubeletLife == life) PlanFirstStart(pod, node);
        });
    }

    private void PlanFirstStart(SimulatedPod pod, SimulatedNode node) => Plan(pod, node, StartDelay(pod, node), () =>
    {
        if (pod.Terminating) return;
        pod.Phase = "Running";
        pod.StartTime = _state.Now;
        pod.HostIP = node.Spec.InternalIP;
        pod.PodIP ??= _addresses.Next(node);
        pod.Containers = [.. pod.Spec.Containers.Select(container => new ContainerStatus(
            container.Name, container.Image, ContainerState.Running, Ready: false, 0, _state.Now, null))];
        pod.SetCondition("PodReadyToStartContainers", "True", "", "", _state.Now);
        pod.SetCondition("Initialized", "True", "", "", _state.Now);
        foreach (var container in pod.Spec.Containers)
        {
            _recorder.Normal(pod, "Pulled", $"Container image \"{container.Image}\" already present on machine", Component, node.Name);
            _recorder.Normal(pod, "Created", $"Created container: {container.Name}", Component, node.Name);
            _recorder.Normal(pod, "Started", $"Started container {container.Name}", Component, node.Name);
        }

        ReportStarted(pod, node);
    });

    private void ReportStarted(SimulatedPod pod, SimulatedNode node)
    {
        _state.SetAlive(pod, true);
        var application = StartApplication(pod, node);
        SetReadiness(pod);
        _state.Touch(pod);
        PlanReady(pod, node, ReadyDelay(pod) + application);
        PlanRunEnd(pod, node);
    }

    /// <summary>The node went down under containers that nobody may start again: the kubelet finds them ended without knowing how.</summary>
    private void PlanLoss(SimulatedPod pod, SimulatedNode node) => Plan(pod, node, Options.ControllerLatency.Draw(_state.Chance), () =>
    {
        if (!pod.Terminating) EndRun(pod, LostExitCode);
    });

    /// <summary>A workload whose pods tell how long they took takes as long again. The kubelet's own part of that is small: the most of it passes before they are ready.</summary>
    private TimeSpan StartDelay(SimulatedPod pod, SimulatedNode node)
    {
        var start = Options.ContainerStart.Draw(_state.Chance);
        if (node.IsWriting) start *= 2; // a container is unpacked from the disk that is busy
        if (pod.Owner?.Startup is not { } known) return start;
        var whole = known.Draw(_state.Chance);
        return whole < start ? whole : start;
    }

    private TimeSpan ReadyDelay(SimulatedPod pod)
    {
        if (pod.Owner?.Startup is not { } known) return Options.ContainerReadiness.Draw(_state.Chance);
        var rest = known.Draw(_state.Chance) - Options.ContainerStart.Longest;
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    /// <summary>Lets the application answer a while later, where one is assumed; returns how long a readiness probe waits for it.</summary>
    private TimeSpan StartApplication(SimulatedPod pod, SimulatedNode node)
    {
        if (Options.ApplicationStart.Longest == TimeSpan.Zero) return TimeSpan.Zero;
        var probed = pod.Spec.Containers.Any(static container => container.HasReadinessProbe);
        if (probed && pod.Owner?.Startup is not null) return TimeSpan.Zero; // how long they took to be ready has it in it
        var needed = Options.ApplicationStart.Draw(_state.Chance);
        pod.IsStarting = true;
        Plan(pod, node, needed, () => pod.IsStarting = false);
        return probed ? needed : TimeSpan.Zero;
    }

    private void PlanReady(SimulatedPod pod, SimulatedNode node, TimeSpan delay) => Plan(pod, node, delay, () =>
    {
        if (pod.Terminating || !pod.IsAlive || pod.Ready) return;
        Change(pod, null, status => status.State != ContainerState.Running ? status : status with { Ready = true, ReadyAt = status.ReadyAt ?? _state.Now });
        SetReadiness(pod);
        _state.Touch(pod);
    });

    /// <summary>The containers get the termination signal, end, and the kubelet lets the API server forget the pod.</summary>
    private void PlanEnd(SimulatedPod pod, SimulatedNode node)
    {
        var grace = TimeSpan.FromSeconds(pod.DeletionGracePeriodSeconds ?? 0);
        var needed = Options.ContainerTermination.Draw(_state.Chance);
        Plan(pod, node, needed < grace ? needed : grace, () =>
        {
            _state.SetAlive(pod, false);
            if (pod.Phase == "Running")
            {
                _state.End(pod, success: true);
                End(pod, exitCode: 0, "Completed");
                SetReadiness(pod);
                _state.Touch(pod);
            }

            Plan(pod, node, Options.ControllerLatency.Draw(_state.Chance), () => _state.Finish(pod));
        });
    }

    private void SetReadiness(SimulatedPod pod)
    {
        List<string> unready = [];
        foreach (var status in pod.Containers)
        {
            if (!status.Ready) unready.Add(status.Name);
        }

        var ready = unready.Count == 0 ? "True" : "False";
        var reason = unready.Count == 0 ? "" : NotReadyReason;
        var message = unready.Count == 0 ? "" : $"containers with unready status: [{string.Join(' ', unready)}]";
        pod.SetCondition("Ready", ready, reason, message, _state.Now);
        pod.SetCondition("ContainersReady", ready, reason, message, _state.Now);
    }

    /// <summary>Does it later, if the node's machine has run on and the pod is still there.</summary>
    private void Plan(SimulatedPod pod, SimulatedNode node, TimeSpan delay, Action action) => Plan(node, delay, () =>
    {
        if (!pod.IsGone) action();
    });

    private void Plan(SimulatedNode node, TimeSpan delay, Action action)
    {
        var life = node.KubeletLife;
        _state.Events.After(delay, () =>
        {
            if (node.KubeletLife == life) action();
        });
    }
}
