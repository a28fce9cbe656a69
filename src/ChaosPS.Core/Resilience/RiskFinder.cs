using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>Finds what would hurt: things that losses, rollouts and drains of a simulation trip over, not things that look wrong.</summary>
/// <remarks>What an object says decides only what is simulated; what the simulation shows decides whether that is a risk.</remarks>
public static class RiskFinder
{
    private static readonly (string Activity, Func<RiskScene, IEnumerable<ResilienceRisk>> Find)[] s_kinds =
    [
        ("Losses of nodes", NodeLossRisks.Find),
        ("Losses of zones", ZoneLossRisks.Find),
        ("Rules that keep pods waiting", PlacementRisks.Find),
        ("Tolerations", TolerationRisks.Find),
        ("Rollouts", RolloutRisks.Find),
        ("Drains", DrainRisks.Find),
        ("Room and pools", CapacityRisks.Find),
        ("Disruption of zones", DisruptionRisks.Find),
    ];

    /// <summary>Finds the risks of the workloads of a snapshot. One seed gives the same risks.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="options">Its times and rates, and how long it is looked at.</param>
    /// <param name="isWanted">Which workloads it is about, by kind, namespace and name.</param>
    /// <param name="progress">Is told what is simulated and how many percent are done; null for nobody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The worst first.</returns>
    public static IReadOnlyList<ResilienceRisk> Find(
        ClusterSnapshot snapshot, PredictionOptions options, Func<string, string, string, bool> isWanted, Action<string, int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(isWanted);
        progress?.Invoke(s_kinds[0].Activity, 0);
        var scene = new RiskScene(snapshot, options, isWanted, cancellationToken);
        List<ResilienceRisk> risks = [];
        foreach (var (index, (activity, find)) in s_kinds.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Invoke(activity, index * 100 / s_kinds.Length);
            risks.AddRange(find(scene));
        }

        return
        [
            .. risks.OrderByDescending(static it => it.Severity).ThenByDescending(static it => it.Outage).ThenBy(static it => it.Namespace, StringComparer.Ordinal)
                .ThenBy(static it => it.Name, StringComparer.Ordinal).ThenBy(static it => it.Code, StringComparer.Ordinal),
        ];
    }
}
