namespace ChaosPS.Resilience;

/// <summary>The kinds of risks, each in a sentence.</summary>
internal static class RiskCodes
{
    /// <summary>By code, in alphabetical order.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["AntiAffinityUnmet"] = "Required anti-affinity leaves pods without a node.",
        ["BudgetProtectsNothing"] = "A disruption budget lets a drain take all pods.",
        ["CapacityShort"] = "The pods of a lost node do not fit on the others.",
        ["DisruptionTrap"] = "More than half of the nodes of a small zone gone: nothing is evicted.",
        ["DrainBlocked"] = "A disruption budget lets a drain not end.",
        ["FaultDomainOnly"] = "Pods are spread over fault domains of one data center, not over zones.",
        ["HardSpreadPending"] = "A hard spread rule leaves pods without a node.",
        ["LongToleration"] = "Tolerations keep pods on dead nodes and make an outage longer.",
        ["ReadinessMissing"] = "Without a readiness probe, new pods get calls before they answer.",
        ["RolloutDeadlock"] = "A new version never rolls out.",
        ["RolloutOutage"] = "No pod is ready while a new version rolls out.",
        ["SinglePoint"] = "The loss of one node takes the workload down.",
        ["SingleZone"] = "The loss of one zone or fault domain takes the workload down.",
        ["SystemPoolOfOne"] = "The loss of the only system node takes system workloads down.",
    };
}
