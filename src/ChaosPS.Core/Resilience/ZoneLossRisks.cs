using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>Workloads that are spread over nodes, but not over what nodes have in common.</summary>
internal static class ZoneLossRisks
{
    private const string SingleZone = "SingleZone";
    private const string FaultDomainOnly = "FaultDomainOnly";
    private const string ZoneKey = "topology.kubernetes.io/zone";

    public static IEnumerable<ResilienceRisk> Find(RiskScene scene)
    {
        var zones = NodeLoss.OfGroups(scene.Snapshot.Nodes.Where(static node => node.Ready), NodeLossKind.Zone);
        if (zones.Count < 2) yield break;
        var domains = zones.Where(IsFaultDomain).ToArray();
        var fallsWithNode = scene.Losses.Where(static it => !it.Survives).Select(Key).ToHashSet();
        var predictions = scene.OfWanted(scene.Trial.Lose(zones, scene.Stop));
        foreach (var ofWorkload in RiskScene.ByWorkload(predictions))
        {
            var worst = ofWorkload[0];
            if (worst.Survives || fallsWithNode.Contains(Key(worst))) continue;
            var what = IsFaultDomain(worst.Loss) ? "fault domain" : "zone";
            yield return scene.Of(
                scene.FamilyOf(worst), SingleZone, RiskScene.Severity(worst.WorstOutage), $"Its pods are on different nodes, but all in one {what}.",
                $"loss of {what} {worst.Loss.Name}", scene.Down(worst.Down), $"Spread the pods over {what}s: topologySpreadConstraints on {ZoneKey}.") with
            {
                Outage = worst.WorstOutage,
                Returns = worst.Returns,
                Goal = ResilienceGoal.ZoneLoss,
            };
        }

        if (domains.Length < 2) yield break;
        var fallsWithZone = predictions.Where(static it => !it.Survives).Select(Key).ToHashSet();
        var all = new NodeLoss($"the data center of fault domains {string.Join(", ", domains.Select(static it => it.Name))}", NodeLossKind.Zone,
            [.. domains.SelectMany(static it => it.Nodes)]);
        foreach (var it in scene.OfWanted(scene.Trial.Lose([all], scene.Stop)))
        {
            var family = scene.FamilyOf(it);
            if (it.Survives || fallsWithNode.Contains(Key(it)) || fallsWithZone.Contains(Key(it)) || !MeansZones(family.Spec)) continue;
            yield return scene.Of(
                family, FaultDomainOnly, RiskSeverity.Low, "Its rule spreads pods over zones, but the nodes are not in zones: their labels are numbers of fault domains in one data center.",
                $"loss of {all.Name}", scene.Down(it.Down), "Make a node pool with availability zones.") with
            {
                Outage = it.WorstOutage,
                Returns = it.Returns,
            };
        }
    }

    /// <summary>AKS writes the number of the fault domain where a scale set has no zones: <c>0</c>, and not <c>westeurope-1</c>.</summary>
    /// <remarks>Source: cloud-provider-azure, pkg/provider/azure_vmss.go.</remarks>
    private static bool IsFaultDomain(NodeLoss zone) => zone.Name.All(char.IsAsciiDigit);

    private static bool MeansZones(PodSpec spec) => spec.TopologySpread.Any(static rule => rule.TopologyKey == ZoneKey) ||
        spec.Affinity.RequiredAntiPods.Concat(spec.Affinity.PreferredAntiPods).Any(static term => term.TopologyKey == ZoneKey);

    private static (string, string, string) Key(NodeLossPrediction it) => (it.Kind, it.Namespace, it.Name);
}
