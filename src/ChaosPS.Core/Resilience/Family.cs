using System.Globalization;
using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>Pods that one controller cares for, with all that decides what becomes of them: for a Deployment the pods of all its replica sets.</summary>
internal sealed class Family
{
    public required string Namespace { get; init; }

    public required string Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>Null for a bare pod, and where the snapshot has the pods only.</summary>
    public required Workload? Workload { get; init; }

    public List<ClusterPod> Pods { get; } = [];

    /// <summary>The Services that select any of its pods.</summary>
    public List<ServiceSpec> Services { get; } = [];

    /// <summary>Its hard rules about other pods, and which families they speak of.</summary>
    public List<(string Rule, List<Family> Targets)> Rules { get; } = [];

    /// <summary>The families that its hard rules, or whose hard rules, speak of; those with which it shares a volume.</summary>
    public HashSet<Family> Neighbours { get; } = [];

    /// <summary>Whether nothing makes its pod again.</summary>
    public bool IsBare => Kind == BareKind;

    /// <summary>Whether a loss of nodes takes its pods elsewhere, or for ever: those of DaemonSets and of kubelets belong to their nodes.</summary>
    public bool Moves => Kind is not ("DaemonSet" or "Node");

    /// <summary>Whether it is predicted: Jobs are not there to be available.</summary>
    public bool IsPredicted => Moves && Kind != "Job" && Workload is not { Replicas: 0 };

    /// <summary>Whether something about it is too unusual to be simulated for others of its kind, too.</summary>
    public bool IsPeculiar { get; set; }

    public IReadOnlyList<VolumeClaim> Claims { get; set; } = [];

    public Autoscaler? Autoscaler { get; set; }

    public JobSpec? Job { get; init; }

    /// <summary>The spec of its next pod.</summary>
    public PodSpec Spec => Workload?.PodSpec ?? Pods[0].Spec;

    /// <summary>What decides what becomes of it, without names and without what other families have to do with it.</summary>
    public string Description => field ??= Describe();

    /// <summary>The kind of a pod that no controller owns.</summary>
    public const string BareKind = "Pod";

    private string Describe()
    {
        var spec = Spec;
        var startup = Pods.Where(static pod => pod.StartupTime is not null).Select(static pod => pod.StartupTime!.Value).ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"""
            {Kind},{Workload?.Replicas},{Workload?.MinReadySeconds},{Workload?.IsParallel},{(startup.Length == 0 ? "" : $"{startup.Min()}-{startup.Max()}")},
            {spec.TerminationGracePeriodSeconds},{spec.RestartPolicy},{spec.RunTime},{spec.ExitCode},{string.Join(';', spec.Tolerations)},
            {Claims.Count(static claim => claim.IsDisk)},{Claims.Count},{Workload?.ClaimTemplates.Count}
            """);
    }

    /// <summary>kind/namespace/name.</summary>
    public override string ToString() => $"{Kind}/{Namespace}/{Name}";
}
