namespace ChaosPS.Simulation.Workloads;

/// <summary>Spreads a change of replicas in the middle of a rollout over old and new replica sets by their sizes.</summary>
/// <remarks>Source: scale and GetReplicaSetProportion in kubernetes/pkg/controller/deployment.</remarks>
internal static class ProportionalScaling
{
    public static IEnumerable<(SimulatedReplicaSet ReplicaSet, int Replicas)> Compute(SimulatedDeployment deployment)
    {
        var wanted = deployment.Spec.Replicas;
        var allowed = wanted > 0 ? wanted + RollingUpdate.MaxSurge(deployment.Spec) : 0;
        List<SimulatedReplicaSet> active = [.. deployment.ReplicaSets.Where(replicaSet => replicaSet.Replicas > 0)];
        var toAdd = allowed - active.Sum(replicaSet => replicaSet.Replicas);

        // The larger first; of equals, growth prefers the newer and shrinking the older.
        active = toAdd > 0
            ? [.. active.OrderByDescending(replicaSet => replicaSet.Replicas).ThenByDescending(replicaSet => replicaSet.Revision)]
            : [.. active.OrderByDescending(replicaSet => replicaSet.Replicas).ThenBy(replicaSet => replicaSet.Revision)];
        var sizes = new int[active.Count];
        var added = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            var share = toAdd == 0 ? 0 : Fraction(active[i], wanted, allowed, deployment.CurrentReplicas);
            share = toAdd > 0 ? Math.Min(share, toAdd - added) : Math.Max(share, toAdd - added);
            sizes[i] = active[i].Replicas + share;
            added += share;
        }

        // What rounding left over goes to the first.
        if (sizes.Length > 0) sizes[0] = Math.Max(0, sizes[0] + toAdd - added);
        return active.Zip(sizes);
    }

    private static int Fraction(SimulatedReplicaSet replicaSet, int wanted, int allowed, int currentReplicas)
    {
        if (wanted == 0) return -replicaSet.Replicas;
        var before = replicaSet.MaxReplicas > 0 ? replicaSet.MaxReplicas : currentReplicas;
        if (before == 0) return 0;
        return (int)Math.Round((double)replicaSet.Replicas * allowed / before, MidpointRounding.AwayFromZero) - replicaSet.Replicas;
    }
}
