using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>A change of one workload that nobody has made; what is null stays as it is.</summary>
/// <param name="Kind">The workload's kind.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
public sealed record WorkloadOverlay(string Kind, string Namespace, string Name)
{
    /// <summary>Wanted replicas.</summary>
    public int? Replicas { get; init; }

    /// <summary>How long its pods stay on a node that cannot be reached or is not ready, seconds.</summary>
    public long? TolerationSeconds { get; init; }

    /// <summary>The rules about other pods and about nodes, instead of those that it has.</summary>
    public Affinity? Affinity { get; init; }

    /// <summary>The rules of even spread, instead of those that it has.</summary>
    public IReadOnlyList<TopologySpread>? TopologySpread { get; init; }

    /// <summary>The workload as it would be.</summary>
    public Workload Apply(Workload workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        var spec = workload.PodSpec with
        {
            Affinity = Affinity ?? workload.PodSpec.Affinity,
            TopologySpread = TopologySpread ?? workload.PodSpec.TopologySpread,
            Tolerations = TolerationSeconds is { } seconds ? WithTolerations(workload.PodSpec.Tolerations, seconds) : workload.PodSpec.Tolerations,
        };
        return workload with { Replicas = Replicas ?? workload.Replicas, PodSpec = spec };
    }

    private static Toleration[] WithTolerations(IReadOnlyList<Toleration> tolerations, long seconds)
    {
        string[] keys = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
        return
        [
            .. tolerations.Where(it => !keys.Contains(it.Key)),
            .. keys.Select(key => new Toleration(key, Exists: true, "", TaintEffect.NoExecute, seconds)),
        ];
    }
}
