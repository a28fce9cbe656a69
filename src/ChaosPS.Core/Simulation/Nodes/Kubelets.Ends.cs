using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Nodes;

/// <content>How containers end, and are started again.</content>
internal sealed partial class Kubelets
{
    /// <summary>Containers that are to end by themselves do so, and the restart policy says what follows.</summary>
    private void PlanRunEnd(SimulatedPod pod, SimulatedNode node)
    {
        var spec = pod.Spec;
        if (spec.RunTime is null && spec.RestartPolicy == RestartPolicy.Always) return;
        var restarts = Restarts(pod);
        Plan(pod, node, spec.RunTime ?? Options.RunToCompletion.Draw(_state.Chance), () =>
        {
            if (!pod.Terminating && pod.IsAlive && Restarts(pod) == restarts) EndOrBackOff(pod, node, spec.ExitCode, container: null);
        });
    }

    /// <summary>A container gets the termination signal, and ends as it does when its pod is deleted; the restart policy says what follows.</summary>
    public void Terminate(SimulatedPod pod, string container)
    {
        if (_state.FindNode(pod.NodeName) is not { KubeletRuns: true } node) return;
        var restarts = Restarts(pod);
        Plan(pod, node, Options.ContainerTermination.Draw(_state.Chance), () =>
        {
            if (!pod.Terminating && pod.IsAlive && Restarts(pod) == restarts) EndOrBackOff(pod, node, exitCode: 0, container);
        });
    }

    private static int Restarts(SimulatedPod pod) => pod.Containers.Sum(static container => container.RestartCount);

    private void EndOrBackOff(SimulatedPod pod, SimulatedNode node, int exitCode, string? container)
    {
        var isOver = pod.Spec.RestartPolicy == RestartPolicy.Never || (exitCode == 0 && pod.Spec.RestartPolicy == RestartPolicy.OnFailure);
        var othersRun = container is not null && pod.Containers.Any(status => status.Name != container && status.State != ContainerState.Terminated);
        if (!isOver)
        {
            BackOff(pod, node, exitCode, container);
        }
        else if (othersRun)
        {
            End(pod, exitCode, exitCode == 0 ? "Completed" : "Error", container);
            SetReadiness(pod);
            _state.Touch(pod);
        }
        else
        {
            EndRun(pod, exitCode, container);
        }
    }

    /// <summary>The pod has succeeded or failed.</summary>
    private void EndRun(SimulatedPod pod, int exitCode, string? container = null)
    {
        _state.SetAlive(pod, false);
        End(pod, exitCode, exitCode == 0 ? "Completed" : "Error", container);
        var success = pod.Containers.All(static status => status.ExitCode == 0);
        _state.End(pod, success);
        var reason = success ? "PodCompleted" : "PodFailed";
        if (success) pod.SetCondition("Initialized", "True", reason, "", _state.Now);
        pod.SetCondition("Ready", "False", reason, "", _state.Now);
        pod.SetCondition("ContainersReady", "False", reason, "", _state.Now);
        _state.Touch(pod);
    }

    /// <summary>The containers, or one of them, wait, longer each time, and are started again.</summary>
    private void BackOff(SimulatedPod pod, SimulatedNode node, int exitCode, string? container)
    {
        var restarts = pod.Containers.Where(status => container is null || status.Name == container).Max(static status => status.RestartCount);
        End(pod, exitCode, exitCode == 0 ? "Completed" : "Error", container);
        _state.SetAlive(pod, pod.Containers.Any(static status => status.State == ContainerState.Running));
        if (restarts > 0)
        {
            Change(pod, container, status => status with { State = ContainerState.Waiting, Reason = "CrashLoopBackOff", LastEnd = EndOf(status) });
            foreach (var status in pod.Containers.Where(static status => status.State == ContainerState.Waiting))
                _recorder.Warning(pod, "BackOff", $"Back-off restarting failed container {status.Name} in pod {pod.Name}", Component, node.Name);
        }

        SetReadiness(pod);
        _state.Touch(pod);

        // The first restart comes at once.
        var pause = Options.RestartBackoff * Math.Pow(2, Math.Min(restarts - 1, 10));
        PlanRestart(pod, node, restarts == 0 ? TimeSpan.Zero : pause < Options.RestartMaxBackoff ? pause : Options.RestartMaxBackoff, container);
    }

    private static ContainerEnd EndOf(ContainerStatus status) => new(status.ExitCode, status.Reason ?? "", status.StartedAt, status.FinishedAt) { ReadyAt = status.ReadyAt };

    private void End(SimulatedPod pod, int exitCode, string reason, string? container = null) => Change(pod, container, status => status with
    {
        State = ContainerState.Terminated,
        Ready = false,
        FinishedAt = _state.Now,
        ExitCode = exitCode,
        Reason = reason,
    });

    /// <summary>Changes the status of one container, or of all.</summary>
    private static void Change(SimulatedPod pod, string? container, Func<ContainerStatus, ContainerStatus> change) =>
        pod.Containers = [.. pod.Containers.Select(status => container is null || status.Name == container ? change(status) : status)];

    /// <summary>All containers start again, or one of them.</summary>
    private void PlanRestart(SimulatedPod pod, SimulatedNode node, TimeSpan pause, string? container = null) =>
        Plan(pod, node, pause + Options.ContainerStart.Draw(_state.Chance), () =>
        {
            if (pod.Terminating) return;
            Change(pod, container, status => status with
            {
                LastEnd = status.State == ContainerState.Running
                    ? new ContainerEnd(LostExitCode, "Unknown", status.StartedAt, _state.Now) { ReadyAt = status.ReadyAt }
                    : status.LastEnd ?? EndOf(status),
                State = ContainerState.Running,
                Reason = null,
                FinishedAt = null,
                Ready = false,
                ReadyAt = null,
                RestartCount = status.RestartCount + 1,
                StartedAt = _state.Now,
            });
            ReportStarted(pod, node);
        });
}
