using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>Disruption budgets that let no drain end, and such that protect nothing.</summary>
internal static class DrainRisks
{
    private const string DrainBlocked = "DrainBlocked";
    private const string BudgetProtectsNothing = "BudgetProtectsNothing";

    public static IEnumerable<ResilienceRisk> Find(RiskScene scene)
    {
        Dictionary<string, IReadOnlyList<(Family Family, LossOutcome Outcome)>> drains = [];
        var guarded = scene.Families.Where(family => scene.Snapshot.DisruptionBudgets.Any(budget => Covers(budget, family))).ToHashSet();
        foreach (var budget in scene.Snapshot.DisruptionBudgets)
        {
            Family[] covered = [.. scene.Families.Where(family => Covers(budget, family))];

            // A budget that finds no pods: do those of its namespace that no other budget protects need one?
            Family[] watched = covered.Length > 0 ? covered : [.. scene.Families.Where(family => family.Namespace == budget.Namespace && !guarded.Contains(family))];
            List<(string Node, Family Family, LossOutcome Outcome)> seen = [];
            foreach (var node in watched.SelectMany(static it => it.Pods).Select(static pod => pod.NodeName).OfType<string>().Distinct().Order(StringComparer.Ordinal))
            {
                if (!drains.TryGetValue(node, out var drain)) drains.Add(node, drain = scene.Trial.Drain(node, scene.Stop));
                seen.AddRange(drain.Where(it => watched.Contains(it.Family)).Select(it => (node, it.Family, it.Outcome)));
            }

            if (Judge(scene, budget, covered, seen) is { } risk) yield return risk;
        }
    }

    private static ResilienceRisk? Judge(RiskScene scene, DisruptionBudget budget, Family[] covered, List<(string Node, Family Family, LossOutcome Outcome)> drains)
    {
        var blocked = covered.Length == 0 ? [] : drains.Where(static it => it.Outcome.Refusal is not null).ToArray();
        if (blocked.Length > 0)
        {
            var nodes = drains.Select(static it => it.Node).Distinct().Count();
            var held = blocked.Select(static it => it.Node).Distinct().Count();
            return Make(
                DrainBlocked, RiskSeverity.Medium, held == nodes ? "It lets no drain of a node with its pods end." : $"It lets {held} of {nodes} drains of nodes with its pods not end.",
                blocked[0], $"not done after {scene.Seconds(scene.Options.Horizon)}: {blocked[0].Outcome.Refusal}",
                "Use maxUnavailable: 1, or have more replicas than it wants.");
        }

        var down = drains.Where(static it => !it.Outcome.Survives).OrderByDescending(static it => it.Outcome.Down.Worst).ToArray();
        if (down.Length == 0) return null;
        return Make(
            BudgetProtectsNothing, RiskScene.Severity(down[0].Outcome.Down.Worst),
            covered.Length == 0 ? $"Its selector finds no pods, and {down[0].Family} is without protection." : $"It lets a drain take all ready pods of {down[0].Family} at once.",
            down[0], scene.Down(down[0].Outcome.Down),
            covered.Length == 0 ? "Use the labels of the pods in its selector." : "Have two replicas or more, and let it spare one at a time: maxUnavailable: 1.");

        ResilienceRisk Make(string code, RiskSeverity severity, string message, (string Node, Family Family, LossOutcome Outcome) worst, string evidence, string fix) => new()
        {
            Code = code,
            Severity = severity,
            Kind = "PodDisruptionBudget",
            Namespace = budget.Namespace,
            Name = budget.Name,
            Cluster = scene.Snapshot.Cluster,
            Message = message,
            Scenario = $"drain of {worst.Node}",
            Evidence = evidence,
            Outage = worst.Outcome.Down.Worst,
            Returns = worst.Outcome.Returns,
            Fix = fix,
            Goal = ResilienceGoal.Drain,
            Workloads = [worst.Family.ToString()],
        };
    }

    public static bool Covers(DisruptionBudget budget, Family family) =>
        budget.Namespace == family.Namespace && budget.Selector is { } selector && family.Pods.Exists(pod => selector.Matches(pod.Labels));
}
