using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>A controller of pods. Deployments, StatefulSets and DaemonSets live here; of other kinds the pods that the snapshot has are kept.</summary>
public class SimulatedWorkload : SimulatedPodOwner
{
    internal SimulatedWorkload(Workload spec, string uid, DateTimeOffset creationTimestamp)
        : base(spec.Kind, spec.Namespace, spec.Name, uid, creationTimestamp)
    {
        Spec = spec;
        Generation = Math.Max(1, spec.Generation);
        ObservedGeneration = Generation;
    }

    /// <summary>What is wanted: replicas, template, strategy. Its status members are those of the snapshot; the living ones are beside it.</summary>
    public Workload Spec { get; internal set; }

    /// <summary>The generation that the status speaks of.</summary>
    public long ObservedGeneration { get; internal set; }

    /// <summary>Replicas that exist, of all templates.</summary>
    public int CurrentReplicas { get; internal set; }

    /// <summary>Replicas of the newest template.</summary>
    public int UpdatedReplicas { get; internal set; }

    /// <summary>Ready replicas.</summary>
    public int ReadyReplicas { get; internal set; }

    /// <summary>Replicas that have been ready for the workload's minReadySeconds.</summary>
    public int AvailableReplicas { get; internal set; }

    /// <summary>Wanted replicas that are not available.</summary>
    public int UnavailableReplicas { get; internal set; }

    /// <summary>Pods of a DaemonSet on nodes where none would be started now, such as nodes that cannot be reached.</summary>
    public int MisscheduledReplicas { get; internal set; }

    /// <summary>The nodes that a DaemonSet's template fits; empty for others.</summary>
    internal HashSet<string> FittingNodes { get; } = [];

    /// <summary>The value of the label <c>controller-revision-hash</c> of pods of the newest template; null until it is known.</summary>
    public string? UpdateRevision { get; internal set; }

    /// <summary>The template that <see cref="UpdateRevision"/> stands for.</summary>
    internal string? RevisionTemplate { get; set; }

    internal override LabelSelector PodSelector => Spec.Selector;
}
