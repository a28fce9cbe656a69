using ChaosPS.Clusters;

namespace ChaosPS.Commands;

/// <summary>A change of power that was approved, and how far it is.</summary>
/// <param name="node">The node.</param>
/// <param name="instance">The machine behind it.</param>
/// <param name="percent">How many of the nodes that came together had been done before; null when it came alone.</param>
internal sealed class NodePowerChange(ClusterNode node, ScaleSetInstance instance, int? percent)
{
    /// <summary>The node.</summary>
    public ClusterNode Node => node;

    /// <summary>The machine behind it.</summary>
    public ScaleSetInstance Instance => instance;

    /// <summary>Percent of the nodes that came together.</summary>
    public int? Percent => percent;

    /// <summary>How far it is.</summary>
    public NodePowerStage Stage { get; set; }
}

/// <summary>How far a change of power is.</summary>
internal enum NodePowerStage
{
    /// <summary>Azure has not answered.</summary>
    Asked,

    /// <summary>Azure has accepted and carries it out.</summary>
    Accepted,

    /// <summary>The machine was changed.</summary>
    Done,

    /// <summary>There is no more to say: the machine was as wanted before, or an error says it.</summary>
    Told,
}
