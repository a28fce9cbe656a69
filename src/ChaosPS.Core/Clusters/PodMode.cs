namespace ChaosPS.Clusters;

/// <summary>How many of the pods that match are hit. The words are Chaos Mesh's.</summary>
public enum PodMode
{
    /// <summary>One, at random.</summary>
    One,

    /// <summary>All of them.</summary>
    All,

    /// <summary>A number of them, at random; all when there are fewer.</summary>
    Fixed,

    /// <summary>A share of them, at random, rounded down, and at least one.</summary>
    FixedPercent,

    /// <summary>A share that is itself random, from 1 percent up to a limit; rounded down, and at least one.</summary>
    RandomMaxPercent,
}
