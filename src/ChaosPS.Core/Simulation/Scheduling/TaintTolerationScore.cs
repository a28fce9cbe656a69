using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Scheduling;

/// <summary>Few untolerated PreferNoSchedule taints are good.</summary>
internal sealed class TaintTolerationScore(SchedulingCycle cycle) : INodeScore
{
    public int Weight => 3;

    public void Score(IReadOnlyList<SimulatedNode> nodes, Span<long> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            foreach (var taint in nodes[i].Taints)
            {
                if (taint.Effect == TaintEffect.PreferNoSchedule && !cycle.Tolerates(taint)) scores[i]++;
            }
        }

        Scores.Normalize(scores, reverse: true);
    }
}
