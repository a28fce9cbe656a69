using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>A HorizontalPodAutoscaler and its status.</summary>
public sealed class SimulatedAutoscaler : SimulatedObject
{
    internal SimulatedAutoscaler(Autoscaler spec, string uid, DateTimeOffset creationTimestamp)
        : base("HorizontalPodAutoscaler", spec.Namespace, spec.Name, uid, creationTimestamp)
    {
        Spec = spec;
    }

    /// <summary>What it scales, by what, and between which bounds.</summary>
    public Autoscaler Spec { get; internal set; }

    /// <summary>The replicas that it found when it last looked.</summary>
    public int CurrentReplicas { get; internal set; }

    /// <summary>The replicas that it then wanted.</summary>
    public int DesiredReplicas { get; internal set; }

    /// <summary>The average use of the requested CPU that it then found, percent; null when it found none.</summary>
    public int? CurrentCpuUtilization { get; internal set; }

    /// <summary>When it last scaled; null when it never has.</summary>
    public DateTimeOffset? LastScaleTime { get; internal set; }

    /// <summary>AbleToScale, ScalingActive, ScalingLimited.</summary>
    public IReadOnlyList<PodCondition> Conditions { get; internal set; } = [];

    /// <summary>
    /// What all pods of its target use together, thousandths of a core; null when nobody knows, as without a metrics server. Nothing is computed in a
    /// simulation, so whoever runs it has to say this.
    /// </summary>
    public long? CpuUse { get; set; }

    /// <summary>What it wanted at times not long ago: it does not go below any of them.</summary>
    internal List<(DateTimeOffset At, int Replicas)> Recommendations { get; } = [];
}
