namespace ChaosPS.Simulation.Scheduling;

/// <summary>Preferred node affinity.</summary>
internal sealed class NodeAffinityScore(SchedulingCycle cycle) : INodeScore
{
    public int Weight => 2;

    public void Score(IReadOnlyList<SimulatedNode> nodes, Span<long> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            foreach (var term in cycle.Pod.Spec.Affinity.PreferredNodes)
            {
                if (Placement.Matches(term, nodes[i])) scores[i] += term.Weight;
            }
        }

        Scores.Normalize(scores, reverse: false);
    }
}
