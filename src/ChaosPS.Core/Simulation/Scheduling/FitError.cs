using System.Globalization;

namespace ChaosPS.Simulation.Scheduling;

/// <summary>What the scheduler says when no node takes a pod.</summary>
internal static class FitError
{
    /// <summary>The message, with what preemption could have done (nothing: there are no priorities).</summary>
    public static string Describe(int nodes, IReadOnlyList<Rejection> rejections)
    {
        if (nodes == 0) return "no nodes available to schedule pods";
        Dictionary<string, int> reasons = [];
        Dictionary<string, int> preemption = [];
        foreach (var rejection in rejections)
        {
            foreach (var reason in rejection.Reasons) Count(reasons, reason);
            Count(preemption, rejection.Unresolvable
                ? "Preemption is not helpful for scheduling"
                : "No preemption victims found for incoming pod");
        }

        return $"{Sentence(nodes, reasons)} preemption: {Sentence(nodes, preemption)}";
    }

    private static void Count(Dictionary<string, int> histogram, string reason) =>
        histogram[reason] = histogram.GetValueOrDefault(reason) + 1;

    private static string Sentence(int nodes, Dictionary<string, int> histogram)
    {
        var parts = histogram
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Value} {entry.Key}"))
            .Order(StringComparer.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"0/{nodes} nodes are available: {string.Join(", ", parts)}.");
    }
}
