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

    /// <summary>Rolling update of a Deployment: extra pods, as a number or a percentage.</summary>
    public string? MaxSurge { get; init; }

    /// <summary>Rolling update of a Deployment: missing pods, as a number or a percentage.</summary>
    public string? MaxUnavailable { get; init; }

    /// <summary>Readiness probes that containers get; the probes of others stay as they are.</summary>
    public IReadOnlyList<ReadinessProbe> ReadinessProbes { get; init; } = [];

    /// <summary>The workload as it would be.</summary>
    public Workload Apply(Workload workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        var spec = workload.PodSpec with
        {
            Affinity = Affinity ?? workload.PodSpec.Affinity,
            TopologySpread = TopologySpread ?? workload.PodSpec.TopologySpread,
            Containers = ReadinessProbes.Count == 0 ? workload.PodSpec.Containers : [.. workload.PodSpec.Containers.Select(WithProbe)],
            Tolerations = TolerationSeconds is { } seconds ? WithTolerations(workload.PodSpec.Tolerations, seconds) : workload.PodSpec.Tolerations,
        };
        return workload with
        {
            Replicas = Replicas ?? workload.Replicas,
            MaxSurge = MaxSurge ?? workload.MaxSurge,
            MaxUnavailable = MaxUnavailable ?? workload.MaxUnavailable,
            PodSpec = spec,
        };
    }

    private ContainerSpec WithProbe(ContainerSpec container) =>
        ReadinessProbes.Any(probe => probe.Container == container.Name) ? container with { HasReadinessProbe = true } : container;

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
