using System.Collections.ObjectModel;

namespace ChaosPS.Clusters;

/// <summary>A Job: pods that are to end by themselves, so many of them with success.</summary>
public sealed record JobSpec
{
    /// <summary>The Job's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The cluster that it was read from.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>The object's uid.</summary>
    public string Uid { get; init; } = "";

    /// <summary>How many pods run at once, at most.</summary>
    public int Parallelism { get; init; } = 1;

    /// <summary>How many pods have to succeed; null when the first success, with no other pod left, ends the Job.</summary>
    public int? Completions { get; init; } = 1;

    /// <summary>Whether each pod stands for one number below <see cref="Completions"/> (<c>completionMode: Indexed</c>).</summary>
    public bool IsIndexed { get; init; }

    /// <summary>How many failed pods it bears; Kubernetes' default is 6.</summary>
    public int BackoffLimit { get; init; } = 6;

    /// <summary>Seconds that it may take as a whole; null for any time.</summary>
    public long? ActiveDeadlineSeconds { get; init; }

    /// <summary>Seconds after its end at which it is deleted; null for never.</summary>
    public long? TtlSecondsAfterFinished { get; init; }

    /// <summary>Whether it has to wait, without any pod.</summary>
    public bool IsSuspended { get; init; }

    /// <summary>Labels of the pods it makes, without those that the API adds.</summary>
    public IReadOnlyDictionary<string, string> PodLabels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The spec of the pods it makes.</summary>
    public required PodSpec PodSpec { get; init; }

    /// <summary>Pods that had succeeded when it was read.</summary>
    public int Succeeded { get; init; }

    /// <summary>Pods that had failed when it was read.</summary>
    public int Failed { get; init; }

    /// <summary>Whether it had ended, one way or the other, when it was read.</summary>
    public bool IsFinished { get; init; }

    /// <summary>namespace/name.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
