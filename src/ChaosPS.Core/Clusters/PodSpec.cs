using System.Collections.ObjectModel;

namespace ChaosPS.Clusters;

/// <summary>A container, as far as scheduling and availability go.</summary>
/// <param name="Name">The container's name.</param>
/// <param name="Image">The image reference.</param>
/// <param name="Requests">What the scheduler sets aside; zero when not declared.</param>
/// <param name="HasReadinessProbe">Whether the kubelet is told how to find out that it is ready.</param>
public sealed record ContainerSpec(string Name, string Image, ResourceQuantities Requests, bool HasReadinessProbe);

/// <summary>What of a pod's spec decides where it runs and how it fails.</summary>
public sealed record PodSpec
{
    /// <summary>The containers, at least one.</summary>
    public required IReadOnlyList<ContainerSpec> Containers { get; init; }

    /// <summary>Labels that the node must have.</summary>
    public IReadOnlyDictionary<string, string> NodeSelector { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Affinity rules.</summary>
    public Affinity Affinity { get; init; } = Affinity.None;

    /// <summary>Rules of even spread, in the order in which they are written.</summary>
    public IReadOnlyList<TopologySpread> TopologySpread { get; init; } = [];

    /// <summary>The higher, the more important: a pod that fits nowhere pushes out less important ones.</summary>
    public int Priority { get; init; }

    /// <summary>Whether it waits rather than push others out (<c>preemptionPolicy: Never</c>).</summary>
    public bool NeverPreempts { get; init; }

    /// <summary>The class that says the priority of pods of a template; null for none.</summary>
    public string? PriorityClassName { get; init; }

    /// <summary>The PersistentVolumeClaims that it mounts, by name.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>Ports of the node that it takes, such as <c>80/TCP</c>.</summary>
    public IReadOnlyList<string> HostPorts { get; init; } = [];

    /// <summary>Tolerations, without those that admission adds.</summary>
    public IReadOnlyList<Toleration> Tolerations { get; init; } = [];

    /// <summary>Seconds between the termination signal and the kill; Kubernetes' default is 30.</summary>
    public int TerminationGracePeriodSeconds { get; init; } = 30;

    /// <summary>What happens to containers that have ended.</summary>
    public RestartPolicy RestartPolicy { get; init; }

    /// <summary>
    /// How long its containers run before they end by themselves, where somebody said so. Without it a simulation lets pods that are restarted
    /// always run on, and others for the time that its options have.
    /// </summary>
    public TimeSpan? RunTime { get; init; }

    /// <summary>The exit code of containers that end by themselves: 0 is success.</summary>
    public int ExitCode { get; init; }

    /// <summary>
    /// Stands for everything in a template that this record does not model: two templates that differ only there have different
    /// marks, so a change of one (an environment variable, an annotation) rolls out as any other does. Empty where nobody knows.
    /// </summary>
    public string TemplateMark { get; init; } = "";

    /// <summary>The most that the init containers request, which run one after the other before the containers do; zero for none.</summary>
    public ResourceQuantities InitRequests { get; init; }

    /// <summary>What the pod takes beside its containers, by its runtime class.</summary>
    public ResourceQuantities Overhead { get; init; }

    /// <summary>What the scheduler sets aside for the pod: for all its containers, or for an init container that requests more.</summary>
    public ResourceQuantities Requests
    {
        get
        {
            var sum = default(ResourceQuantities);
            foreach (var container in Containers) sum += container.Requests;
            return ResourceQuantities.Max(sum, InitRequests) + Overhead;
        }
    }
}
