namespace ChaosPS.Simulation.Scheduling;

/// <summary>VolumeBinding and NodeVolumeLimits: a volume can be used on some nodes only, and a node takes so many disks.</summary>
internal sealed class VolumeFilter(SchedulingCycle cycle) : INodeFilter
{
    public Rejection? Check(SimulatedNode node)
    {
        var names = cycle.Pod.Spec.Claims;
        if (names.Count == 0) return null;
        HashSet<string> disks = [];
        foreach (var name in names)
        {
            if (cycle.State.FindClaim(cycle.Pod.Namespace, name) is not { } claim) continue;
            if (!IsUsable(claim, node)) return new Rejection("node(s) had volume node affinity conflict", unresolvable: true);
            if (claim.Spec.IsDisk) disks.Add(claim.ToString());
        }

        if (disks.Count == 0 || node.Spec.MaxVolumes is not { } limit) return null;
        foreach (var pod in node.Pods)
        {
            if (!cycle.Counts(pod)) continue;
            foreach (var name in pod.Spec.Claims)
            {
                if (cycle.State.FindClaim(pod.Namespace, name) is { Spec.IsDisk: true } claim) disks.Add(claim.ToString());
            }
        }

        return disks.Count > limit ? new Rejection("node(s) exceed max volume count", unresolvable: false) : null;
    }

    private static bool IsUsable(SimulatedVolumeClaim claim, SimulatedNode node)
    {
        if (claim.Spec.NodeAffinity.Count == 0) return true;
        foreach (var term in claim.Spec.NodeAffinity)
        {
            if (Placement.Matches(term, node)) return true;
        }

        return false;
    }
}
