using System.Collections.ObjectModel;

namespace ChaosPS.Clusters;

/// <summary>A controller of pods: a Deployment, StatefulSet, DaemonSet or ReplicaSet without owner.</summary>
public sealed record Workload
{
    /// <summary>The workload's kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The workload's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The cluster that it was read from.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>The object's uid.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Whether its label or annotation <c>chaosps.dev/protected</c> is there and not <c>false</c>.</summary>
    public bool IsProtected { get; init; }

    /// <summary>Wanted replicas.</summary>
    public int Replicas { get; init; }

    /// <summary>Ready replicas.</summary>
    public int ReadyReplicas { get; init; }

    /// <summary>Replicas of the newest template.</summary>
    public int UpdatedReplicas { get; init; }

    /// <summary>Replicas that have been ready for <see cref="MinReadySeconds"/>.</summary>
    public int AvailableReplicas { get; init; }

    /// <summary>All replicas that exist, of old and new templates.</summary>
    public int CurrentReplicas { get; init; }

    /// <summary>The spec's generation.</summary>
    public long Generation { get; init; }

    /// <summary>The generation that the status speaks of.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>Which pods are its own.</summary>
    public LabelSelector Selector { get; init; } = LabelSelector.Everything;

    /// <summary>Labels of the pods it makes.</summary>
    public IReadOnlyDictionary<string, string> PodLabels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The spec of the pods it makes.</summary>
    public required PodSpec PodSpec { get; init; }

    /// <summary>Seconds a pod must be ready before it counts as available.</summary>
    public int MinReadySeconds { get; init; }

    /// <summary>Rolling update: extra pods, as a number or a percentage; Kubernetes' default is <c>25%</c>.</summary>
    public string MaxSurge { get; init; } = "25%";

    /// <summary>Rolling update: missing pods, as a number or a percentage; Kubernetes' default is <c>25%</c>.</summary>
    public string MaxUnavailable { get; init; } = "25%";

    /// <summary>For a StatefulSet: its pods need not wait for each other (<c>podManagementPolicy: Parallel</c>).</summary>
    public bool IsParallel { get; init; }

    /// <summary>For a Deployment: all old pods have to be gone before the first new one is made (<c>strategy: Recreate</c>).</summary>
    public bool IsRecreate { get; init; }

    /// <summary>For a StatefulSet: the names of its templates of volume claims, of which each pod has its own.</summary>
    public IReadOnlyList<string> ClaimTemplates { get; init; } = [];

    /// <summary>For a StatefulSet or DaemonSet: pods of an old template stay until somebody deletes them (<c>updateStrategy: OnDelete</c>).</summary>
    public bool IsOnDelete { get; init; }

    /// <summary>For a Deployment: a new template waits until this is false again.</summary>
    public bool IsPaused { get; init; }

    /// <summary>For a StatefulSet: pods with a lower number keep their old template.</summary>
    public int UpdatePartition { get; init; }

    /// <summary>For a Deployment: seconds without progress after which it says so; null for Kubernetes' 600.</summary>
    public int? ProgressDeadlineSeconds { get; init; }

    /// <summary>For a Deployment: how many empty replica sets of old templates are kept; null for Kubernetes' 10.</summary>
    public int? RevisionHistoryLimit { get; init; }

    /// <summary>How many replicas get a new template by themselves: those from <see cref="UpdatePartition"/> on, and none with <see cref="IsOnDelete"/>.</summary>
    public int ReplicasToUpdate => IsOnDelete ? 0 : Math.Max(0, Replicas - UpdatePartition);

    /// <summary>Whether the newest template is wherever it comes by itself, and all is available, by kubectl's rollout status rules.</summary>
    public bool RolledOut => ObservedGeneration >= Generation && UpdatedReplicas >= ReplicasToUpdate &&
        (ReplicasToUpdate < Replicas ? CurrentReplicas <= Replicas && AvailableReplicas >= Replicas : CurrentReplicas <= UpdatedReplicas && AvailableReplicas >= UpdatedReplicas);

    /// <summary>Why its pods do not follow a new template, and what makes them; null where they do by themselves.</summary>
    internal string? Held => IsPaused ? $"it is paused, until 'kubectl rollout resume {Kind.ToLowerInvariant()}/{Name} -n {Namespace}'."
        : IsOnDelete ? "its updateStrategy is OnDelete, so each gets it when somebody deletes it." : null;

    /// <summary>kind/namespace/name.</summary>
    public override string ToString() => $"{Kind}/{Namespace}/{Name}";
}
