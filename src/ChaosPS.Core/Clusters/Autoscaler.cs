namespace ChaosPS.Clusters;

/// <summary>A HorizontalPodAutoscaler, as far as it goes by the use of CPU.</summary>
public sealed record Autoscaler
{
    /// <summary>The autoscaler's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The cluster that it was read from.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>The object's uid.</summary>
    public string Uid { get; init; } = "";

    /// <summary>The kind of what it scales: Deployment, StatefulSet or ReplicaSet.</summary>
    public required string TargetKind { get; init; }

    /// <summary>The name of what it scales.</summary>
    public required string TargetName { get; init; }

    /// <summary>The fewest replicas.</summary>
    public int MinReplicas { get; init; } = 1;

    /// <summary>The most replicas.</summary>
    public required int MaxReplicas { get; init; }

    /// <summary>The share of the requested CPU that pods are to use on average, percent; null when it goes by something else.</summary>
    public int? CpuUtilization { get; init; }

    /// <summary>namespace/name.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
