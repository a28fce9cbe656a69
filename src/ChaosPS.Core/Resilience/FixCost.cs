using System.Globalization;

namespace ChaosPS.Resilience;

/// <summary>What a change takes from the cluster, all the time, beyond what the workload takes now.</summary>
/// <param name="Pods">More pods.</param>
/// <param name="MilliCpu">The CPU that these request, in thousandths of a core.</param>
/// <param name="MemoryBytes">The memory that these request, in bytes.</param>
public readonly record struct FixCost(int Pods, long MilliCpu, long MemoryBytes)
{
    /// <summary>In a line: <c>1 pod, 100m CPU, 128Mi memory</c>, or <c>none</c>.</summary>
    public override string ToString() => Pods == 0
        ? "none"
        : string.Create(CultureInfo.InvariantCulture, $"{Pods} {(Pods == 1 ? "pod" : "pods")}, {MilliCpu}m CPU, {MemoryBytes / (1 << 20)}Mi memory");
}
