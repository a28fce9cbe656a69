namespace ChaosPS.Clusters;

/// <summary>An amount of node resources.</summary>
/// <param name="MilliCpu">CPU in thousandths of a core (Kubernetes' <c>m</c>).</param>
/// <param name="MemoryBytes">Memory in bytes.</param>
public readonly record struct ResourceQuantities(long MilliCpu, long MemoryBytes)
{
    /// <summary>The sum.</summary>
    public static ResourceQuantities operator +(ResourceQuantities left, ResourceQuantities right) =>
        new(left.MilliCpu + right.MilliCpu, left.MemoryBytes + right.MemoryBytes);

    /// <summary>The difference.</summary>
    public static ResourceQuantities operator -(ResourceQuantities left, ResourceQuantities right) =>
        new(left.MilliCpu - right.MilliCpu, left.MemoryBytes - right.MemoryBytes);

    /// <summary>The larger amount of each.</summary>
    public static ResourceQuantities Max(ResourceQuantities left, ResourceQuantities right) =>
        new(Math.Max(left.MilliCpu, right.MilliCpu), Math.Max(left.MemoryBytes, right.MemoryBytes));

    /// <summary>The sum.</summary>
    public static ResourceQuantities Add(ResourceQuantities left, ResourceQuantities right) => left + right;

    /// <summary>The difference.</summary>
    public static ResourceQuantities Subtract(ResourceQuantities left, ResourceQuantities right) => left - right;
}
