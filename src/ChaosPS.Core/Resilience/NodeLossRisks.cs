using System.Globalization;

namespace ChaosPS.Resilience;

/// <summary>Single points of failure by real placement.</summary>
internal static class NodeLossRisks
{
    private const string SinglePoint = "SinglePoint";

    public static IEnumerable<ResilienceRisk> Find(RiskScene scene)
    {
        foreach (var predictions in RiskScene.ByWorkload(scene.Losses))
        {
            var worst = predictions[0];
            if (worst.Survives) continue;
            var family = scene.FamilyOf(worst);
            yield return scene.Of(
                family, SinglePoint, RiskScene.Severity(worst.WorstOutage), Message(worst), $"loss of {worst.Loss.Name}",
                $"{scene.Down(worst.Down)}{(worst.Recovers ? "" : $", and not back by itself{Why(worst)}")}", Fix(family, worst)) with
            {
                Outage = worst.WorstOutage,
                Returns = worst.Returns,
                Goal = family.IsBare ? null : ResilienceGoal.NodeLoss,
            };
        }
    }

    private static string Message(NodeLossPrediction worst) => worst.Ready == 1
        ? "Its only pod is on one node."
        : string.Create(CultureInfo.InvariantCulture, $"All of its {worst.Ready} ready pods are on one node.");

    private static string Why(NodeLossPrediction worst) => worst.FreedBy is { } freed ? $": it waits for {freed}" : worst.PendingReason is { } reason ? $": {reason}" : "";

    private static string Fix(Family family, NodeLossPrediction worst)
    {
        if (family.IsBare) return "Let a Deployment make the pod: nothing makes it again.";
        return worst.Ready == 1 ? "Have two replicas or more, on different nodes." : "Spread the pods over nodes: topologySpreadConstraints or podAntiAffinity on kubernetes.io/hostname.";
    }
}
