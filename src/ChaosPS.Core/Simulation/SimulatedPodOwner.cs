using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>An object that makes pods and owns them: a ReplicaSet, StatefulSet, DaemonSet or Job. A Deployment owns ReplicaSets instead.</summary>
public abstract class SimulatedPodOwner : SimulatedObject
{
    private readonly List<SimulatedPod> _pods = [];

    private protected SimulatedPodOwner(string kind, string @namespace, string name, string uid, DateTimeOffset creationTimestamp)
        : base(kind, @namespace, name, uid, creationTimestamp)
    {
    }

    /// <summary>Its pods, terminating ones too; none for a Deployment.</summary>
    public IReadOnlyList<SimulatedPod> Pods => _pods;

    /// <summary>Which pods can be its own.</summary>
    internal abstract LabelSelector PodSelector { get; }

    /// <summary>From getting a node to being ready, of its pods in the snapshot; null when none tells it.</summary>
    internal DurationRange? Startup { get; set; }

    internal void NoteStartup(TimeSpan took) => Startup = Startup is var (shortest, longest)
        ? new DurationRange(took < shortest ? took : shortest, took > longest ? took : longest)
        : new DurationRange(took, took);

    internal void Add(SimulatedPod pod) => _pods.Add(pod);

    internal void Remove(SimulatedPod pod) => _pods.Remove(pod);
}
