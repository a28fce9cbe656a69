using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>What predicted losses say of one workload, together.</summary>
public sealed record WorkloadResilience
{
    /// <summary>The workload's kind; <c>Pod</c> for a pod that nothing makes again.</summary>
    public required string Kind { get; init; }

    /// <summary>The workload's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The workload's name.</summary>
    public required string Name { get; init; }

    /// <summary>The cluster that it was predicted for.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>Its ready pods before any loss.</summary>
    public required int Ready { get; init; }

    /// <summary>How many of the losses touch it.</summary>
    public required int Losses { get; init; }

    /// <summary>Whether a ready pod is left all the time, whichever of them comes.</summary>
    public required bool Survives { get; init; }

    /// <summary>The loss that it is down longest after, or degraded longest where it survives all.</summary>
    public required NodeLoss WorstLoss { get; init; }

    /// <summary>How long it is fully down then, at worst.</summary>
    public required TimeSpan WorstOutage { get; init; }

    /// <summary>Whether a ready pod is there again after each of the losses, by itself; where not, <see cref="WorstOutage"/> is only as long as was looked at.</summary>
    public bool Returns => Predictions.All(static it => it.Returns);

    /// <summary>
    /// The fewest nodes whose loss at the same moment takes it down: all that have ready pods of it. This is exact: a pod is on one node, so no smaller set
    /// has a node of each pod.
    /// </summary>
    public required IReadOnlyList<string> SmallestCut { get; init; }

    /// <summary>What each of the losses does that touch it.</summary>
    public required IReadOnlyList<NodeLossPrediction> Predictions { get; init; }

    /// <summary>It among the other workloads.</summary>
    public required NodeLossMap Map { get; init; }

    internal static WorkloadResilience Of(IReadOnlyList<NodeLossPrediction> predictions, IEnumerable<ClusterPod> pods, NodeLossMap map)
    {
        var worst = predictions.OrderByDescending(static it => it.Down.Worst).ThenByDescending(static it => it.Degraded.Worst).First();
        return new WorkloadResilience
        {
            Kind = worst.Kind,
            Namespace = worst.Namespace,
            Name = worst.Name,
            Cluster = worst.Cluster,
            Ready = worst.Ready,
            Losses = predictions.Count,
            Predictions = predictions,
            Map = map,
            Survives = predictions.All(static it => it.Survives),
            WorstLoss = worst.Loss,
            WorstOutage = worst.WorstOutage,
            SmallestCut = [.. pods.Where(static pod => pod is { Ready: true, NodeName: not null }).Select(static pod => pod.NodeName!).Distinct().Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>kind/namespace/name.</summary>
    public override string ToString() => $"{Kind}/{Namespace}/{Name}";
}
