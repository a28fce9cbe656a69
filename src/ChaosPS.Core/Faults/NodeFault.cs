using ChaosPS.Clusters;

namespace ChaosPS.Faults;

/// <summary>A fault inside the machine of a node: what ran where, until when, and what ended it.</summary>
public sealed record NodeFault
{
    /// <summary>Its id: that of the run, and four random bytes. On the machine it is the unit <c>chaosps-ID.service</c> of systemd.</summary>
    public required string Id { get; init; }

    /// <summary>The node, or the machine where there is no node.</summary>
    public required string NodeName { get; init; }

    /// <summary>The machine's Azure resource id.</summary>
    public required string ResourceId { get; init; }

    /// <summary>The cluster.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>What goes wrong.</summary>
    public required NodeFaultKind Fault { get; init; }

    /// <summary>What that is, in words.</summary>
    public required string Effect { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>When the machine ends it, whatever becomes of ChaosPS.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>What has ended it; null while it may go on.</summary>
    public NodeFaultEnd? EndedBy { get; init; }

    /// <summary>When that was, by the machine's clock where it tells; null while it may go on, and when nobody knows.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>The run whose recovery log has the undo.</summary>
    public required string RunId { get; init; }

    /// <summary>The effect and the node.</summary>
    public override string ToString() => $"{Effect} on {NodeName}";
}

/// <summary>What has ended a fault inside a machine, as the machine says.</summary>
public enum NodeFaultEnd
{
    /// <summary>The machine itself: its time was up.</summary>
    TimeUp,

    /// <summary>It was stopped: by ChaosPS, or by somebody on the machine.</summary>
    Stopped,

    /// <summary>It ended before its time, such as when the kernel ran out of memory.</summary>
    Failed,

    /// <summary>Nothing of it is on the machine, which has gone off or booted since, or never began it.</summary>
    Gone,
}
