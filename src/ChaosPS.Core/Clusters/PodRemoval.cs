namespace ChaosPS.Clusters;

/// <summary>How a pod is taken away.</summary>
public enum PodRemoval
{
    /// <summary>Through the eviction API, which asks disruption budgets.</summary>
    Evict,

    /// <summary>By deleting it, which asks nobody.</summary>
    Delete,
}
