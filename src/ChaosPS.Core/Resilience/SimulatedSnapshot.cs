using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>Reads a simulation as a snapshot of the cluster that it began with: its pods are where the simulation has brought them.</summary>
internal static class SimulatedSnapshot
{
    public static ClusterSnapshot Read(ClusterSimulation simulation, ClusterSnapshot snapshot)
    {
        HashSet<ClusterPod> simulated = new(simulation.Snapshot.Pods, ReferenceEqualityComparer.Instance);
        var before = simulated.ToDictionary(static pod => (pod.Namespace, pod.Name));
        var claims = simulation.VolumeClaims.Select(static claim => (claim.Namespace, claim.Name)).ToHashSet();
        return snapshot with
        {
            Pods =
            [
                .. snapshot.Pods.Where(pod => !simulated.Contains(pod)),
                .. simulation.Pods.Select(pod => before.TryGetValue((pod.Namespace, pod.Name), out var known) && known.NodeName == pod.NodeName && known.Spec == pod.Spec ? known : Read(pod, snapshot, before)),
            ],
            VolumeClaims = [.. snapshot.VolumeClaims.Where(claim => !claims.Contains((claim.Namespace, claim.Name))), .. simulation.VolumeClaims.Select(static claim => claim.Spec)],
        };
    }

    private static ClusterPod Read(SimulatedPod pod, ClusterSnapshot snapshot, Dictionary<(string, string), ClusterPod> before) => new()
    {
        Name = pod.Name,
        Namespace = pod.Namespace,
        Cluster = snapshot.Cluster,
        Uid = pod.Uid,
        Phase = pod.Phase,
        Status = pod.Phase,
        Ready = pod.Ready,
        ReadyContainers = pod.ReadyContainers,
        Terminating = pod.Terminating,
        NodeName = pod.NodeName,
        PodIP = pod.PodIP,
        CreationTimestamp = snapshot.TakenAt,
        Labels = pod.Labels,
        OwnerKind = pod.OwnerKind,
        OwnerName = pod.OwnerName,
        IsMirror = before.TryGetValue((pod.Namespace, pod.Name), out var known) && known.IsMirror,
        Spec = pod.Spec,
    };
}
