using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>A ReplicaSet and its status.</summary>
public sealed class SimulatedReplicaSet : SimulatedPodOwner
{
    internal SimulatedReplicaSet(string @namespace, string name, string uid, DateTimeOffset creationTimestamp)
        : base("ReplicaSet", @namespace, name, uid, creationTimestamp)
    {
    }

    /// <summary>The Deployment that owns it; null when none does.</summary>
    public SimulatedDeployment? Deployment { get; internal set; }

    /// <summary>The value of its pods' label <c>pod-template-hash</c>; empty when no Deployment owns it.</summary>
    public required string TemplateHash { get; init; }

    /// <summary>Which pods are its own.</summary>
    public required LabelSelector Selector { get; init; }

    /// <summary>Labels of the pods it makes, with the template's hash.</summary>
    public required IReadOnlyDictionary<string, string> PodLabels { get; set; }

    /// <summary>The spec of the pods it makes.</summary>
    public required PodSpec PodSpec { get; set; }

    /// <summary>Seconds a pod must be ready before it counts as available.</summary>
    public int MinReadySeconds { get; internal set; }

    /// <summary>The revision of the Deployment that it stands for.</summary>
    public int Revision { get; internal set; }

    /// <summary>Wanted replicas.</summary>
    public int Replicas { get; internal set; }

    /// <summary>The generation that the status speaks of.</summary>
    public long ObservedGeneration { get; internal set; }

    /// <summary>Replicas that exist.</summary>
    public int CurrentReplicas { get; internal set; }

    /// <summary>Ready replicas.</summary>
    public int ReadyReplicas { get; internal set; }

    /// <summary>Available replicas.</summary>
    public int AvailableReplicas { get; internal set; }

    /// <summary>The Deployment's wanted replicas when this was last scaled (annotation <c>deployment.kubernetes.io/desired-replicas</c>).</summary>
    public int DesiredReplicas { get; internal set; }

    /// <summary>The most replicas that the Deployment allowed then (annotation <c>deployment.kubernetes.io/max-replicas</c>).</summary>
    public int MaxReplicas { get; internal set; }

    internal override LabelSelector PodSelector => Selector;

    /// <summary>One that a user made, not a Deployment.</summary>
    internal static SimulatedReplicaSet Alone(Workload spec, string uid, DateTimeOffset creationTimestamp) =>
        new(spec.Namespace, spec.Name, uid, creationTimestamp)
        {
            TemplateHash = "",
            Selector = spec.Selector,
            PodLabels = spec.PodLabels,
            PodSpec = spec.PodSpec,
            MinReadySeconds = spec.MinReadySeconds,
            Replicas = spec.Replicas,
            Generation = Math.Max(1, spec.Generation),
        };
}
