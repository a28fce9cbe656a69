namespace ChaosPS.Simulation;

/// <summary>What a kubelet finds lacking on its node, in its words.</summary>
/// <param name="Condition">The node's condition.</param>
/// <param name="Reason">The condition's reason.</param>
/// <param name="Message">The condition's message.</param>
/// <param name="Event">The reason of the event that tells it.</param>
/// <param name="Resource">What pods are evicted for.</param>
internal sealed record NodePressure(string Condition, string Reason, string Message, string Event, string Resource)
{
    /// <summary>Too little memory.</summary>
    public static NodePressure Memory { get; } = new(
        "MemoryPressure", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available", "NodeHasInsufficientMemory", "memory");

    /// <summary>Too little disk.</summary>
    public static NodePressure Disk { get; } = new(
        "DiskPressure", "KubeletHasDiskPressure", "kubelet has disk pressure", "NodeHasDiskPressure", "ephemeral-storage");
}
