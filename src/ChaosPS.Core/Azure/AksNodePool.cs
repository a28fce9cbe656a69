namespace ChaosPS.Azure;

/// <summary>A node pool of an AKS cluster.</summary>
public sealed record AksNodePool
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is for the cluster's own pods.</summary>
    public bool IsSystem { get; init; }

    /// <summary>Its machines: <c>VirtualMachineScaleSets</c>, <c>VirtualMachines</c> or <c>AvailabilitySet</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>The size of its machines.</summary>
    public string VMSize { get; init; } = "";

    /// <summary>How many nodes it has.</summary>
    public int Count { get; init; }

    /// <summary>Whether the autoscaler adds and removes its nodes.</summary>
    public bool IsAutoscaled { get; init; }

    /// <summary>The fewest nodes that the autoscaler leaves.</summary>
    public int? MinCount { get; init; }

    /// <summary>The most nodes that the autoscaler makes.</summary>
    public int? MaxCount { get; init; }

    /// <summary>Whether nodes that are scaled away stay as machines that are off: <c>scaleDownMode</c> is <c>Deallocate</c>.</summary>
    public bool Deallocates { get; init; }

    /// <summary>Whether Azure may take its machines away at any time.</summary>
    public bool IsSpot { get; init; }

    /// <summary>Such as <c>Succeeded</c>, <c>Scaling</c>, <c>Failed</c>.</summary>
    public string ProvisioningState { get; init; } = "";

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
