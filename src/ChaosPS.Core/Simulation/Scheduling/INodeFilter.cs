namespace ChaosPS.Simulation.Scheduling;

/// <summary>Why a pod cannot go to a node.</summary>
/// <param name="Reasons">In the scheduler's words.</param>
/// <param name="Unresolvable">Whether even removing other pods would not help.</param>
internal sealed record Rejection(IReadOnlyList<string> Reasons, bool Unresolvable)
{
    public Rejection(string reason, bool unresolvable)
        : this([reason], unresolvable)
    {
    }
}

/// <summary>A hard rule about the nodes that a pod can go to. One object serves one attempt.</summary>
internal interface INodeFilter
{
    /// <summary>Why the pod cannot go there; null when it can.</summary>
    Rejection? Check(SimulatedNode node);
}
