using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>A PersistentVolumeClaim and its volume.</summary>
public sealed class SimulatedVolumeClaim : SimulatedObject
{
    internal SimulatedVolumeClaim(VolumeClaim spec, string uid, DateTimeOffset creationTimestamp)
        : base("PersistentVolumeClaim", spec.Namespace, spec.Name, uid, creationTimestamp)
    {
        Spec = spec;
    }

    /// <summary>What it asks for, and the volume that it is bound to: one that has none gets one with the first pod that finds a node.</summary>
    public VolumeClaim Spec { get; internal set; }

    /// <summary><c>Bound</c> or <c>Pending</c>.</summary>
    public string Phase => Spec.VolumeName is null ? "Pending" : "Bound";

    /// <summary>The node that its disk is attached to; null when it is to none.</summary>
    public string? AttachedTo { get; internal set; }

    /// <summary>Since when nothing on that node needs it any more.</summary>
    internal DateTimeOffset? UnneededSince { get; set; }

    internal bool IsDetaching { get; set; }

    internal bool IsAttaching { get; set; }
}
