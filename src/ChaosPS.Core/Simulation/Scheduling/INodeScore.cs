namespace ChaosPS.Simulation.Scheduling;

/// <summary>A preference among the nodes that a pod can go to. One object serves one attempt.</summary>
internal interface INodeScore
{
    /// <summary>How much it counts beside the others.</summary>
    int Weight { get; }

    /// <summary>Scores from 0 to 100, one for each node.</summary>
    void Score(IReadOnlyList<SimulatedNode> nodes, Span<long> scores);
}
