using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Faults;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>What somebody is about to do to nodes, so that pods are lost.</summary>
/// <param name="Nodes">The names of the nodes, in the order in which it is done to them.</param>
public abstract record LossAction(IReadOnlyList<string> Nodes)
{
    /// <summary>What becomes of the nodes, after their names: <c>stopped and left off</c>.</summary>
    public abstract string State { get; }

    /// <summary>How long the nodes are as it makes them, where it ends by itself; zero otherwise.</summary>
    internal virtual TimeSpan Lasts => TimeSpan.Zero;

    /// <summary>Makes ready to do it to a simulated cluster.</summary>
    internal abstract LossWork On(ClusterSimulation simulation);

    /// <summary>What becomes of which nodes.</summary>
    public sealed override string ToString() => $"{string.Join(", ", Nodes)} {State}";
}

/// <summary>The power of the machines behind the nodes is changed, of all at the same moment.</summary>
/// <param name="Nodes">The names of the nodes.</param>
/// <param name="Power">Anything but <see cref="PowerAction.Start"/>.</param>
public sealed record PowerLoss(IReadOnlyList<string> Nodes, PowerAction Power) : LossAction(Nodes)
{
    /// <inheritdoc/>
    public override string State => Power switch
    {
        PowerAction.PowerOff => "stopped and left off",
        PowerAction.Deallocate => "deallocated and left off",
        PowerAction.Restart => "restarted",
        PowerAction.Delete => "deleted",
        PowerAction.Reimage => "reimaged",
        PowerAction.Redeploy => "redeployed",
        PowerAction.SimulateEviction => "evicted and left off",
        _ => throw new ArgumentOutOfRangeException(nameof(Power), Power, "It takes nothing away."),
    };

    internal override LossWork On(ClusterSimulation simulation) => new PowerWork(simulation, this);
}

/// <summary>The nodes are drained, one after the other.</summary>
/// <param name="Nodes">The names of the nodes.</param>
/// <param name="Options">Which pods go, and how long it may take.</param>
public sealed record DrainLoss(IReadOnlyList<string> Nodes, DrainOptions Options) : LossAction(Nodes)
{
    /// <inheritdoc/>
    public override string State => "drained";

    internal override LossWork On(ClusterSimulation simulation) => new DrainWork(simulation, this);
}

/// <summary>Something goes wrong inside the machines behind the nodes, in all of them at the same moment, until they end it.</summary>
/// <param name="Nodes">The names of the nodes.</param>
/// <param name="Fault">What goes wrong, and for how long.</param>
public sealed record FaultLoss(IReadOnlyList<string> Nodes, FaultSpec Fault) : LossAction(Nodes)
{
    /// <inheritdoc/>
    public override string State => $"with the fault {Fault.Fault} for {Text.Seconds(Fault.Duration)}";

    /// <summary>Whether a fault keeps pods from running: others only slow them down, which is not predicted.</summary>
    public static bool Takes(NodeFaultKind fault) => fault is NodeFaultKind.Kubelet or NodeFaultKind.Memory or NodeFaultKind.Disk;

    internal override TimeSpan Lasts => Fault.Duration;

    internal override LossWork On(ClusterSimulation simulation) => new FaultWork(simulation, this);
}

/// <summary>The objects of the nodes are deleted. Their machines go on running, but their pods are not the cluster's any more.</summary>
/// <param name="Nodes">The names of the nodes.</param>
public sealed record ObjectLoss(IReadOnlyList<string> Nodes) : LossAction(Nodes)
{
    /// <inheritdoc/>
    public override string State => "deleted from the API";

    internal override LossWork On(ClusterSimulation simulation) => new ObjectWork(simulation, this);
}
