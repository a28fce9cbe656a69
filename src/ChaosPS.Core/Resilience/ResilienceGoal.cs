namespace ChaosPS.Resilience;

/// <summary>What a workload is to survive: some ready pod is left all the time, whatever the chance.</summary>
public enum ResilienceGoal
{
    /// <summary>The loss of any one node.</summary>
    NodeLoss,

    /// <summary>The loss of any one zone, or fault domain where the nodes have no zones.</summary>
    ZoneLoss,

    /// <summary>A rollout of a new template, which must also come to its end.</summary>
    Rollout,

    /// <summary>A drain of any one node, which must also come to its end.</summary>
    Drain,
}
