using System.Collections.ObjectModel;

namespace ChaosPS.Clusters;

/// <summary>A pod, as read at one moment.</summary>
public sealed record ClusterPod
{
    /// <summary>The pod's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The cluster that it was read from.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>The object's uid.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Pending, Running, Succeeded, Failed or Unknown.</summary>
    public string Phase { get; init; } = "Unknown";

    /// <summary>The STATUS column of kubectl: the phase, or <c>Terminating</c>, or a container's reason.</summary>
    public string Status { get; init; } = "";

    /// <summary>Whether the condition Ready is True: only then do services send to it.</summary>
    /// <remarks>On a dead node this is False while the containers still count as ready: kubectl goes on showing 1/1.</remarks>
    public bool Ready { get; init; }

    /// <summary>Containers whose status says ready: the first number of kubectl's READY.</summary>
    public int ReadyContainers { get; init; }

    /// <summary>The second number of kubectl's READY.</summary>
    public int Containers => Spec.Containers.Count;

    /// <summary>Restarts of all containers.</summary>
    public int Restarts { get; init; }

    /// <summary>Whether deletion has begun.</summary>
    public bool Terminating { get; init; }

    /// <summary>When it should be gone, its grace period included; null as long as nobody deletes it.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>The node it runs on; null while it waits for one.</summary>
    public string? NodeName { get; init; }

    /// <summary>The pod's address; null until it has one.</summary>
    public string? PodIP { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreationTimestamp { get; init; }

    /// <summary>Age when it was read.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Kind of the controlling owner, such as <c>ReplicaSet</c>; null for a bare pod.</summary>
    public string? OwnerKind { get; init; }

    /// <summary>Name of the controlling owner.</summary>
    public string? OwnerName { get; init; }

    /// <summary>Whether it is the image of a pod that a kubelet runs by itself (annotation <c>kubernetes.io/config.mirror</c>): deleting it stops nothing.</summary>
    public bool IsMirror { get; init; }

    /// <summary>Whether it keeps data on its node that its deletion loses (a volume of the sort <c>emptyDir</c>).</summary>
    public bool HasLocalData { get; init; }

    /// <summary>From getting its node to being ready, when it started only once and was ready since; null when that is not known.</summary>
    public TimeSpan? StartupTime { get; init; }

    /// <summary>Why it is not scheduled, in the scheduler's words; null when it is.</summary>
    public string? UnschedulableReason { get; init; }

    /// <summary>What decides where it runs.</summary>
    public required PodSpec Spec { get; init; }

    /// <summary>namespace/name.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
