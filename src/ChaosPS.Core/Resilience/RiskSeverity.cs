namespace ChaosPS.Resilience;

/// <summary>How much a risk hurts when it comes true.</summary>
public enum RiskSeverity
{
    /// <summary>Nobody is cut off: some capacity is missing, or for longer than it has to be.</summary>
    Low,

    /// <summary>Users are cut off for less than a minute, or work stands still: pods without a node, a rollout or a drain that does not end.</summary>
    Medium,

    /// <summary>Users are cut off for a minute or more.</summary>
    High,
}
