namespace ChaosPS.Resilience;

/// <summary>How bad a loss is for a workload, from nothing to the worst.</summary>
public enum LossLevel
{
    /// <summary>It has no pods there.</summary>
    None,

    /// <summary>A ready pod is left all the time.</summary>
    Survives,

    /// <summary>It is down for less than a minute.</summary>
    DownShortly,

    /// <summary>It is down for a minute or longer, and comes back.</summary>
    Down,

    /// <summary>It is down and does not come back while it is looked at.</summary>
    DownForGood,
}
