namespace ChaosPS.Clusters;

/// <summary>A pod that was deleted.</summary>
public sealed record RemovedPod
{
    /// <summary>The pod's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The cluster.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>The node that it ran on; null when it had none.</summary>
    public string? NodeName { get; init; }

    /// <summary>What makes another one in its place, such as <c>ReplicaSet/search-deploy-7c9d</c>; null when nothing does.</summary>
    public string? Controller { get; init; }

    /// <summary>How it was chosen, and of how many.</summary>
    public required PodChoice Choice { get; init; }

    /// <summary>The seed of the choice.</summary>
    public int Seed => Choice.Seed;

    /// <summary>When the deletion was asked for.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The run whose recovery log has it.</summary>
    public required string RunId { get; init; }

    /// <summary>namespace/name.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
