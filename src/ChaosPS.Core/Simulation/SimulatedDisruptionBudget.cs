using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>A PodDisruptionBudget and its status.</summary>
public sealed class SimulatedDisruptionBudget : SimulatedObject
{
    internal SimulatedDisruptionBudget(DisruptionBudget spec, string uid, DateTimeOffset creationTimestamp)
        : base("PodDisruptionBudget", spec.Namespace, spec.Name, uid, creationTimestamp)
    {
        Spec = spec;
    }

    /// <summary>What it protects, and how much.</summary>
    public DisruptionBudget Spec { get; internal set; }

    /// <summary>The generation that the status speaks of; 0 until the controller has looked at it.</summary>
    public long ObservedGeneration { get; internal set; }

    /// <summary>Pods that are ready and neither terminating nor about to be.</summary>
    public int CurrentHealthy { get; internal set; }

    /// <summary>How many must be healthy.</summary>
    public int DesiredHealthy { get; internal set; }

    /// <summary>How many there are to be: terminating pods count too.</summary>
    public int ExpectedPods { get; internal set; }

    /// <summary>How many evictions it grants at present.</summary>
    public int DisruptionsAllowed { get; internal set; }

    /// <summary>Pods whose eviction was granted, but whose deletion the controller has not seen yet, with the time of the grant.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> DisruptedPods { get; internal set; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>The pods that its selector matches, in whatever state.</summary>
    internal List<SimulatedPod> Pods { get; } = [];

    internal bool Matches(SimulatedPod pod) => Spec.Selector is { } selector && pod.Namespace == Namespace && selector.Matches(pod.Labels);
}
