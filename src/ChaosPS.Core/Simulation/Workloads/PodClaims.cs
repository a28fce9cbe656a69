namespace ChaosPS.Simulation.Workloads;

/// <summary>Which pods a controller owns: it takes those that nobody owns when its selector matches them, and lets go those that it no longer matches.</summary>
/// <remarks>Source: kubernetes/pkg/controller/controller_ref_manager.go.</remarks>
internal static class PodClaims
{
    /// <summary>Whether the controller would take a pod that nobody owns.</summary>
    public static bool Wants(SimulatedPodOwner owner, SimulatedPod pod) => !owner.Terminating && !pod.Terminating && pod.Namespace == owner.Namespace &&
        owner.PodSelector.Requirements.Count > 0 && owner.PodSelector.Matches(pod.Labels);

    /// <summary>Brings the controller's pods up to date before it counts them.</summary>
    public static void Update(ClusterState state, SimulatedPodOwner owner)
    {
        List<SimulatedPod>? changed = null;
        foreach (var pod in owner.Pods)
        {
            if (pod.IsRelabelled && !pod.Terminating && !owner.PodSelector.Matches(pod.Labels)) (changed ??= []).Add(pod);
        }

        foreach (var pod in changed ?? []) state.SetOwner(pod, null);
        if (state.Orphans.Count == 0) return;
        changed = null;
        foreach (var pod in state.Orphans)
        {
            if (Wants(owner, pod)) (changed ??= []).Add(pod);
        }

        foreach (var pod in changed ?? []) state.SetOwner(pod, owner);
    }
}
