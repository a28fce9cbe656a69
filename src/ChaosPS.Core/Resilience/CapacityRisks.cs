using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>Too little room for the pods of a lost node, and system pools of one node.</summary>
internal static class CapacityRisks
{
    private const string CapacityShort = "CapacityShort";
    private const string SystemPoolOfOne = "SystemPoolOfOne";
    private const string ModeLabel = "kubernetes.azure.com/mode";
    private const string SystemSpace = "kube-system";

    /// <summary>So many more nodes are tried.</summary>
    private const int MostNodes = 5;

    public static IEnumerable<ResilienceRisk> Find(RiskScene scene)
    {
        if (FindShortage(scene) is { } shortage) yield return shortage;
        ClusterNode[] system = [.. scene.Snapshot.Nodes.Where(static node => node.Labels.GetValueOrDefault(ModeLabel) == "system")];
        if (system is not [var only]) yield break;
        NodeLossPrediction[] hurt =
        [
            .. scene.Losses.Where(it => it.Loss.Name == only.Name && it.Namespace == SystemSpace && !it.Survives).OrderByDescending(static it => it.Down.Worst).ThenBy(static it => it.Name, StringComparer.Ordinal),
        ];
        if (hurt.Length == 0) yield break;
        yield return new ResilienceRisk
        {
            Code = SystemPoolOfOne,
            Severity = RiskScene.Severity(hurt[0].Down.Worst),
            Kind = "NodePool",
            Name = only.NodePoolName ?? only.Name,
            Cluster = scene.Snapshot.Cluster,
            Message = "It is the cluster's system pool and has one node.",
            Scenario = $"loss of {only.Name}",
            Evidence = $"{hurt[0].Name} of {SystemSpace} {scene.Down(hurt[0].Down)}{(hurt.Length > 1 ? $", and {hurt.Length - 1} more" : "")}",
            Outage = hurt[0].Down.Worst,
            Returns = hurt[0].Returns,
            Fix = "Have two nodes or more in the system pool; three are advised.",
            Workloads = [.. hurt.Select(static it => $"{it.Kind}/{it.Namespace}/{it.Name}")],
        };
    }

    private static ResilienceRisk? FindShortage(RiskScene scene)
    {
        var worst = scene.Losses.Where(static it => it.Pending > 0 && IsShort(it.PendingReason)).GroupBy(static it => it.Loss.Name)
            .OrderByDescending(static loss => loss.Max(static it => it.Down.Worst)).ThenByDescending(static loss => loss.Sum(static it => it.Pending)).ThenBy(static loss => loss.Key, StringComparer.Ordinal)
            .FirstOrDefault()?.ToArray();
        if (worst is null) return null;
        var loss = worst[0].Loss;
        var outage = worst.Max(static it => it.Down.Worst);
        return new ResilienceRisk
        {
            Code = CapacityShort,
            Severity = RiskScene.Severity(outage, RiskSeverity.Medium),
            Kind = "Cluster",
            Name = scene.Snapshot.Cluster.Name,
            Cluster = scene.Snapshot.Cluster,
            Message = "The pods of a lost node do not fit on the others.",
            Scenario = $"loss of {loss.Name}",
            Evidence = $"{RiskScene.Count(worst.Sum(static it => it.Pending), "pod")} without a node to the end: {worst[0].PendingReason}",
            Outage = outage,
            Returns = worst.All(static it => it.Returns),
            Fix = NodesNeeded(scene, loss, worst) is { } nodes
                ? $"Have {RiskScene.Count(nodes, "node")} more{(scene.Nodes[loss.Name].NodePoolName is { } pool ? $" in pool {pool}" : "")}: that many are enough in the simulation."
                : "Request less, or have larger nodes: more of the same do not help.",
            Workloads = [.. worst.Select(static it => $"{it.Kind}/{it.Namespace}/{it.Name}")],
        };
    }

    /// <summary>Whether the scheduler's reason is room, and no rule.</summary>
    public static bool IsShort(string? reason) => reason is not null && !PlacementRisks.IsRule(reason) &&
        (reason.Contains("Insufficient", StringComparison.Ordinal) || reason.Contains("Too many pods", StringComparison.Ordinal));

    private static int? NodesNeeded(RiskScene scene, NodeLoss loss, NodeLossPrediction[] hurt)
    {
        // Nodes like the one that is lost, whether or not it has a pool.
        const string Pool = "more";
        var pool = scene.Nodes[loss.Name].NodePoolName ?? Pool;
        var snapshot = scene.Snapshot with { Nodes = [.. scene.Snapshot.Nodes.Select(node => node.NodePoolName is null ? node with { NodePoolName = Pool } : node)] };
        var size = snapshot.Nodes.Count(node => node.NodePoolName == pool);
        var names = hurt.Select(static it => (it.Kind, it.Namespace, it.Name)).ToHashSet();
        for (var more = 1; more <= MostNodes; more++)
        {
            var larger = new ClusterOverlay { PoolSizes = new Dictionary<string, int> { [pool] = size + more } }.Apply(snapshot, scene.Options.Simulation, scene.Stop);
            var outcome = new ResilienceTrial(larger, scene.Options).Lose([loss], scene.Stop);
            if (outcome.All(it => it.Pending == 0 || !names.Contains((it.Kind, it.Namespace, it.Name)))) return more;
        }

        return null;
    }
}
