using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>What pods take of a node.</summary>
/// <param name="Requested">What they request.</param>
/// <param name="Assumed">The same with something put in for containers that request nothing: what scores are made from.</param>
/// <param name="Pods">How many they are.</param>
internal readonly record struct NodeLoad(ResourceQuantities Requested, ResourceQuantities Assumed, int Pods)
{
    private const long DefaultMilliCpu = 100;
    private const long DefaultMemory = 200L * 1024 * 1024;

    public static NodeLoad operator +(NodeLoad left, NodeLoad right) =>
        new(left.Requested + right.Requested, left.Assumed + right.Assumed, left.Pods + right.Pods);

    public static NodeLoad operator -(NodeLoad left, NodeLoad right) =>
        new(left.Requested - right.Requested, left.Assumed - right.Assumed, left.Pods - right.Pods);

    /// <summary>What one pod takes. A container that declares no request counts as 100m CPU and 200 MiB in scores.</summary>
    public static NodeLoad Of(PodSpec spec)
    {
        var assumed = default(ResourceQuantities);
        foreach (var container in spec.Containers)
        {
            assumed += new ResourceQuantities(
                container.Requests.MilliCpu == 0 ? DefaultMilliCpu : container.Requests.MilliCpu,
                container.Requests.MemoryBytes == 0 ? DefaultMemory : container.Requests.MemoryBytes);
        }

        return new NodeLoad(spec.Requests, ResourceQuantities.Max(assumed, spec.InitRequests) + spec.Overhead, 1);
    }
}
