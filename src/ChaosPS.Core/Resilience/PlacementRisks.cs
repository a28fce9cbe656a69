namespace ChaosPS.Resilience;

/// <summary>Rules that leave pods without a node: now, or once a node or zone is lost.</summary>
internal static class PlacementRisks
{
    private const string AntiAffinityUnmet = "AntiAffinityUnmet";
    private const string HardSpreadPending = "HardSpreadPending";

    private static readonly (string Code, string Reason, string Message, string Fix)[] s_rules =
    [
        (AntiAffinityUnmet, "anti-affinity rules", "Its required anti-affinity wants more nodes than there are.",
            "Prefer different nodes instead of requiring them, have fewer replicas, or have one node more than replicas."),
        (HardSpreadPending, "topology spread constraints", "Its spread rule with DoNotSchedule leaves pods without a node.",
            "Use whenUnsatisfiable: ScheduleAnyway, or nodeTaintsPolicy: Honor, so that dead nodes do not count."),
    ];

    /// <summary>The scheduler's reason, if a rule about other pods is it.</summary>
    public static bool IsRule(string? reason) => reason is not null && Array.Exists(s_rules, rule => reason.Contains(rule.Reason, StringComparison.Ordinal));

    public static IEnumerable<ResilienceRisk> Find(RiskScene scene)
    {
        HashSet<(Family, string)> told = [];
        foreach (var family in scene.Families.Where(static family => family.Pods.Exists(static pod => pod is { NodeName: null, Terminating: false })))
        {
            // Nothing happens but time: pods that find a place by themselves are no risk.
            var outcome = scene.Trial.Wait(family, scene.Stop);
            if (outcome.Pending == 0 || Of(outcome.PendingReason) is not { } rule) continue;
            told.Add((family, rule.Code));
            yield return Make(scene, family, rule, "nothing but time", $"{Pods(outcome.Pending)} for {scene.Seconds(scene.Options.Horizon)}: {outcome.PendingReason}", RiskSeverity.Medium, default);
        }

        var zones = NodeLoss.OfGroups(scene.Snapshot.Nodes.Where(static node => node.Ready), NodeLossKind.Zone);
        var zoneLosses = zones.Count < 2 ? [] : scene.OfWanted(scene.Trial.Lose(zones, scene.Stop));
        foreach (var it in scene.Losses.Concat(zoneLosses).OrderByDescending(static it => it.Down.Worst).ThenByDescending(static it => it.Pending).ThenBy(static it => it.Loss.Kind)
            .ThenBy(static it => it.Loss.Name, StringComparer.Ordinal))
        {
            if (it.Pending == 0 || Of(it.PendingReason) is not { } rule || !told.Add((scene.FamilyOf(it), rule.Code))) continue;
            yield return Make(
                scene, scene.FamilyOf(it), rule, $"loss of {(it.Loss.Kind == NodeLossKind.Zone ? "zone " : "")}{it.Loss.Name}", $"{Pods(it.Pending)} to the end: {it.PendingReason}",
                RiskScene.Severity(it.WorstOutage), it.WorstOutage) with
            {
                Returns = it.Returns,
                Goal = it.Loss.Kind == NodeLossKind.Zone ? ResilienceGoal.ZoneLoss : ResilienceGoal.NodeLoss,
            };
        }
    }

    private static string Pods(int count) => $"{RiskScene.Count(count, "pod")} without a node";

    private static (string Code, string Reason, string Message, string Fix)? Of(string? reason)
    {
        foreach (var rule in s_rules)
        {
            if (reason is not null && reason.Contains(rule.Reason, StringComparison.Ordinal)) return rule;
        }

        return null;
    }

    private static ResilienceRisk Make(
        RiskScene scene, Family family, (string Code, string Reason, string Message, string Fix) rule, string scenario, string evidence, RiskSeverity severity, TimeSpan outage) =>
        scene.Of(family, rule.Code, severity, rule.Message, scenario, evidence, rule.Fix) with { Outage = outage };
}
