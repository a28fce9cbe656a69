using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>The trap of three of five: where more than half of the nodes of a small zone are gone, Kubernetes evicts nothing, and pods stay on dead nodes.</summary>
internal static class DisruptionRisks
{
    private const string DisruptionTrap = "DisruptionTrap";

    /// <summary>Up to so many nodes do not disrupt a zone.</summary>
    private const int FewNodes = 2;

    /// <summary>No zone is ever disrupted with such a threshold.</summary>
    private const double Never = 2;

    private static readonly TimeSpan s_much = TimeSpan.FromMinutes(1);

    public static IEnumerable<ResilienceRisk> Find(RiskScene scene)
    {
        var simulation = scene.Options.Simulation;
        ResilienceTrial? unguarded = null;
        foreach (var zone in scene.Snapshot.Nodes.Where(static node => node.Ready).GroupBy(SimulatedNode.ZoneKeyOf).OrderBy(static it => it.Key, StringComparer.Ordinal))
        {
            ClusterNode[] nodes = [.. zone.OrderByDescending(node => scene.Trial.On(node.Name).Count(scene.Wanted.Contains)).ThenBy(static node => node.Name, StringComparer.Ordinal)];
            var lost = Math.Max(FewNodes + 1, (int)Math.Ceiling(nodes.Length * simulation.UnhealthyZoneThreshold));
            if (lost >= nodes.Length || nodes.Length > simulation.LargeClusterSizeThreshold) continue;

            var name = nodes[0].Zone is { } label ? $"zone {label}" : "the cluster";
            var loss = new NodeLoss($"{lost} of {nodes.Length} nodes of {name}", NodeLossKind.Zone, [.. nodes.Take(lost).Select(static node => node.Name)]);
            var trapped = scene.OfWanted(scene.Trial.Lose([loss], scene.Stop));
            if (trapped.All(static it => it.Survives)) continue;
            unguarded ??= new ResilienceTrial(scene.Snapshot, scene.Options with { Simulation = simulation with { UnhealthyZoneThreshold = Never } });
            var free = unguarded.Lose([loss], scene.Stop).ToDictionary(static it => (it.Kind, it.Namespace, it.Name), static it => it.Down.Worst);
            NodeLossPrediction[] hurt = [.. trapped.Where(it => it.Down.Worst - free[(it.Kind, it.Namespace, it.Name)] > s_much)];
            if (hurt.Length == 0) continue;
            var worst = hurt[0];
            yield return new ResilienceRisk
            {
                Code = DisruptionTrap,
                Severity = RiskScene.Severity(worst.Down.Worst),
                Kind = nodes[0].Zone is null ? "Cluster" : "Zone",
                Name = nodes[0].Zone ?? scene.Snapshot.Cluster.Name,
                Cluster = scene.Snapshot.Cluster,
                Message = $"When {lost} of its {nodes.Length} nodes are gone, Kubernetes evicts nothing: their pods are not made anew, though there may be room.",
                Scenario = $"loss of {loss.Name}",
                Evidence = $"{RiskScene.Count(hurt.Length, "workload")} {scene.Down(worst.Down)}, {worst.Name} for one; with evictions {scene.Seconds(free[(worst.Kind, worst.Namespace, worst.Name)])}",
                Outage = worst.Down.Worst,
                Returns = worst.Returns,
                Fix = "Have nodes in more zones, or know how to set the taint node.kubernetes.io/out-of-service on dead nodes by hand.",
                Workloads = [.. hurt.Select(static it => $"{it.Kind}/{it.Namespace}/{it.Name}")],
            };
        }
    }
}
