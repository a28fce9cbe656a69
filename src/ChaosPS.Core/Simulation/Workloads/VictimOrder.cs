namespace ChaosPS.Simulation.Workloads;

/// <summary>Which pods a ReplicaSet gives up first.</summary>
/// <remarks>Source: ActivePodsWithRanks in kubernetes/pkg/controller/controller_utils.go.</remarks>
internal sealed class VictimOrder(IReadOnlyDictionary<SimulatedPod, int> siblingsOnNode, DateTimeOffset now) : IComparer<SimulatedPod>
{
    /// <summary>The victims, worst first.</summary>
    public static IEnumerable<SimulatedPod> Choose(SimulatedReplicaSet replicaSet, List<SimulatedPod> active, int count, DateTimeOffset now)
    {
        // Siblings are the pods of all replica sets of the same owner.
        Dictionary<string, int> perNode = [];
        IReadOnlyList<SimulatedReplicaSet> family = replicaSet.Deployment?.ReplicaSets ?? [replicaSet];
        foreach (var member in family)
        {
            foreach (var pod in member.Pods)
            {
                if (pod.IsActive && pod.NodeName is not null) perNode[pod.NodeName] = perNode.GetValueOrDefault(pod.NodeName) + 1;
            }
        }

        Dictionary<SimulatedPod, int> ranks = [];
        foreach (var pod in active) ranks[pod] = pod.NodeName is null ? 0 : perNode[pod.NodeName];
        return active.Order(new VictimOrder(ranks, now)).Take(count);
    }

    public int Compare(SimulatedPod? x, SimulatedPod? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if ((x.NodeName is null) != (y.NodeName is null)) return x.NodeName is null ? -1 : 1;
        if (Phase(x) != Phase(y)) return Phase(x) - Phase(y);
        if (x.Ready != y.Ready) return x.Ready ? 1 : -1;
        if (siblingsOnNode[x] != siblingsOnNode[y]) return siblingsOnNode[y] - siblingsOnNode[x];
        if (x.Ready && ReadySince(x) != ReadySince(y)) return CompareAge(x, y, ReadySince(x), ReadySince(y));
        if (Restarts(x) != Restarts(y)) return Restarts(y) - Restarts(x);
        return x.CreationTimestamp == y.CreationTimestamp
            ? string.CompareOrdinal(x.Uid, y.Uid)
            : CompareAge(x, y, x.CreationTimestamp, y.CreationTimestamp);
    }

    private static int Phase(SimulatedPod pod) => pod.Phase switch { "Pending" => 0, "Running" => 2, _ => 1 };

    private static DateTimeOffset ReadySince(SimulatedPod pod) => pod.FindCondition("Ready")!.LastTransitionTime;

    private static int Restarts(SimulatedPod pod)
    {
        var most = 0;
        foreach (var container in pod.Containers) most = Math.Max(most, container.RestartCount);
        return most;
    }

    /// <summary>The younger first; ages of the same power of two count as equal, and then the uid decides.</summary>
    private int CompareAge(SimulatedPod x, SimulatedPod y, DateTimeOffset xSince, DateTimeOffset ySince)
    {
        var difference = Magnitude(now - xSince) - Magnitude(now - ySince);
        return difference != 0 ? difference : string.CompareOrdinal(x.Uid, y.Uid);
    }

    // Kubernetes takes the logarithm of nanoseconds; a tick is 100 of them.
    private static int Magnitude(TimeSpan age) => age > TimeSpan.Zero ? (int)Math.Log2(age.Ticks * 100.0) : -1;
}
