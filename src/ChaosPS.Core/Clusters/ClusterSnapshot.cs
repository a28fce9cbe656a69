namespace ChaosPS.Clusters;

/// <summary>A cluster at one moment, immutable: what simulations start from.</summary>
public sealed record ClusterSnapshot
{
    /// <summary>Which cluster it is.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The API server's version, such as <c>v1.32.9</c>: defaults differ between versions.</summary>
    public required string Version { get; init; }

    /// <summary>Nodes.</summary>
    public IReadOnlyList<ClusterNode> Nodes { get; init; } = [];

    /// <summary>Workloads.</summary>
    public IReadOnlyList<Workload> Workloads { get; init; } = [];

    /// <summary>Jobs.</summary>
    public IReadOnlyList<JobSpec> Jobs { get; init; } = [];

    /// <summary>Pods.</summary>
    public IReadOnlyList<ClusterPod> Pods { get; init; } = [];

    /// <summary>Volume claims.</summary>
    public IReadOnlyList<VolumeClaim> VolumeClaims { get; init; } = [];

    /// <summary>Priority classes, save those that every cluster has.</summary>
    public IReadOnlyList<PriorityClass> PriorityClasses { get; init; } = [];

    /// <summary>Horizontal pod autoscalers.</summary>
    public IReadOnlyList<Autoscaler> Autoscalers { get; init; } = [];

    /// <summary>Disruption budgets.</summary>
    public IReadOnlyList<DisruptionBudget> DisruptionBudgets { get; init; } = [];

    /// <summary>Services.</summary>
    public IReadOnlyList<ServiceSpec> Services { get; init; } = [];

    /// <summary>Ingress paths.</summary>
    public IReadOnlyList<IngressPath> IngressPaths { get; init; } = [];
}
