namespace ChaosPS.Clusters;

/// <summary>What can be waited for.</summary>
public enum NodeState
{
    /// <summary>The node's condition Ready is True.</summary>
    Ready,

    /// <summary>The node's condition Ready is False or Unknown, or the node object is gone.</summary>
    NotReady,

    /// <summary>The machine is on.</summary>
    Running,

    /// <summary>The machine is off: stopped or deallocated.</summary>
    Stopped,
}
