namespace ChaosPS.Resilience;

/// <summary>What of a cluster is lost at once.</summary>
public enum NodeLossKind
{
    /// <summary>One node.</summary>
    Node,

    /// <summary>Two nodes.</summary>
    Pair,

    /// <summary>All nodes of a zone.</summary>
    Zone,

    /// <summary>All nodes of a node pool.</summary>
    NodePool,

    /// <summary>All nodes of a scale set.</summary>
    VMScaleSet,

    /// <summary>Some nodes, more than two.</summary>
    Nodes,
}
