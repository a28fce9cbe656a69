namespace ChaosPS.Simulation.Scheduling;

/// <summary>What several scores share.</summary>
internal static class Scores
{
    /// <summary>The best of any score.</summary>
    public const long Max = 100;

    /// <summary>Stretches scores to 0…100 by the highest; the other way round where few is good.</summary>
    /// <remarks>Source: DefaultNormalizeScore in kubernetes/pkg/scheduler/framework/plugins/helper.</remarks>
    public static void Normalize(Span<long> scores, bool reverse)
    {
        var highest = 0L;
        foreach (var score in scores) highest = Math.Max(highest, score);
        for (var i = 0; i < scores.Length; i++)
        {
            if (highest == 0)
            {
                if (reverse) scores[i] = Max;
                continue;
            }

            var stretched = scores[i] * Max / highest;
            scores[i] = reverse ? Max - stretched : stretched;
        }
    }
}
