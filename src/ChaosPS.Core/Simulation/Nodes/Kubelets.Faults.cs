namespace ChaosPS.Simulation.Nodes;

/// <content>Kubelets that are stopped while their machines run on, or that find their nodes short of something.</content>
internal sealed partial class Kubelets
{
    /// <summary>From here on a pod is of the system: no kubelet evicts it.</summary>
    private const int CriticalPriority = 2_000_000_000;

    /// <summary>Between two looks of a kubelet at what its node has left.</summary>
    private static readonly TimeSpan s_housekeeping = TimeSpan.FromSeconds(10);

    /// <summary>How long a pressure is reported after it is over (<c>--eviction-pressure-transition-period</c>).</summary>
    private static readonly TimeSpan s_pressureTransition = TimeSpan.FromMinutes(5);

    /// <summary>The kubelet is stopped. Its containers go on, and the API is not told.</summary>
    public void Stop(SimulatedNode node) => _state.StopKubelet(node);

    /// <summary>The kubelet is started again: it reports, and takes up its pods with the containers that have gone on.</summary>
    public void Resume(SimulatedNode node) => Plan(node, Options.KubeletBoot.Draw(_state.Chance), () =>
    {
        if (node.IsGone)
        {
            Register(node);
            return;
        }

        ReportReady(node, rebooted: false);
        foreach (var pod in node.Pods)
        {
            if (pod.Terminating) PlanEnd(pod, node);
            else if (pod.Phase == "Pending") PlanStart(pod, node);
            else if (pod is { Phase: "Running", IsAlive: true }) TakeOver(pod, node);
            else if (pod.Phase == "Running") PlanRestart(pod, node, TimeSpan.Zero);
        }
    });

    /// <summary>The node is short of something: its kubelet says so and evicts a pod at each look, for nothing that it evicts helps.</summary>
    /// <param name="node">The node.</param>
    /// <param name="pressure">What it is short of.</param>
    /// <param name="lasts">Whether it still is.</param>
    /// <remarks>
    /// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/ : pods without requests first, then by priority; with no grace.
    /// Pods of DaemonSets are left, since they would come back to the same node at once.
    /// </remarks>
    public void BeginPressure(SimulatedNode node, NodePressure pressure, Func<bool> lasts)
    {
        if (NodeConditions.Status(node.Conditions, pressure.Condition) == "True") return;
        Plan(node, s_housekeeping, () =>
        {
            if (!lasts()) return;
            node.Conditions = NodeConditions.With(node.Conditions, pressure, _state.Now);
            _state.Touch(node);
            _recorder.Normal(node, pressure.Event, $"Node {node.Name} status is now: {pressure.Event}", Component, node.Name);
            Relieve(node, pressure, lasts);
        });
    }

    private void Relieve(SimulatedNode node, NodePressure pressure, Func<bool> lasts)
    {
        if (!lasts())
        {
            Plan(node, s_pressureTransition, () =>
            {
                if (lasts())
                {
                    Relieve(node, pressure, lasts);
                    return;
                }

                node.Conditions = NodeConditions.Without(node.Conditions, pressure, _state.Now);
                _state.Touch(node);
            });
            return;
        }

        var victim = node.Pods.Where(static pod => pod is { Phase: "Running", Terminating: false, OwnerKind: not "DaemonSet" and not "Node", Spec.Priority: < CriticalPriority })
            .OrderBy(pod => pressure == NodePressure.Memory && pod.Requests.MemoryBytes > 0)
            .ThenBy(static pod => pod.Spec.Priority).ThenBy(static pod => pod.Name, StringComparer.Ordinal).FirstOrDefault();
        if (victim is not null) EvictFor(victim, node, pressure);
        Plan(node, s_housekeeping, () => Relieve(node, pressure, lasts));
    }

    private void EvictFor(SimulatedPod pod, SimulatedNode node, NodePressure pressure)
    {
        const int Killed = 137;
        var message = $"The node was low on resource: {pressure.Resource}.";
        pod.EvictionMessage = message;
        pod.SetCondition("DisruptionTarget", "True", "TerminationByKubelet", message, _state.Now);
        EndRun(pod, Killed);
        _recorder.Warning(pod, "Evicted", message, Component, node.Name);
    }
}
