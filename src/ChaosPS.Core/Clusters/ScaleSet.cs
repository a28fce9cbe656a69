namespace ChaosPS.Clusters;

/// <summary>A virtual machine scale set.</summary>
/// <param name="ResourceId">Its Azure resource id.</param>
/// <param name="Name">Its name.</param>
/// <param name="ResourceGroupName">The resource group that it is in.</param>
/// <param name="SubscriptionId">The subscription that it is in.</param>
/// <param name="Location">The Azure region.</param>
/// <param name="Flexible">
/// Whether its instances are virtual machines of their own (flexible orchestration), which only Azure's calls for virtual machines reach.
/// Source: https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-orchestration-modes .
/// </param>
public sealed record ScaleSet(string ResourceId, string Name, string ResourceGroupName, string SubscriptionId, string Location, bool Flexible = false);

/// <summary>The machine behind a node: an instance of a scale set, or a virtual machine of its own.</summary>
public sealed record ScaleSetInstance
{
    /// <summary>Its Azure resource id.</summary>
    public required string ResourceId { get; init; }

    /// <summary>Azure's name for it, <c>&lt;scale set&gt;_&lt;instance id&gt;</c> or a virtual machine's name: not the node's name.</summary>
    public required string Name { get; init; }

    /// <summary>The instance id: decimal in a uniform scale set, else the virtual machine's name.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The host name inside the machine, which is the node's name; null when Azure does not say.</summary>
    public string? ComputerName { get; init; }

    /// <summary>The scale set that it belongs to; null for a virtual machine that is in none (VM pools, node auto-provisioning, availability sets).</summary>
    public ScaleSet? ScaleSet { get; init; }

    /// <summary>The Azure region.</summary>
    public string Location { get; init; } = "";

    /// <summary>The zone, such as <c>1</c>; null for a regional machine.</summary>
    public string? Zone { get; init; }

    /// <summary>Its power state.</summary>
    public PowerState PowerState { get; init; }

    /// <summary>Its provisioning state, such as <c>Succeeded</c> or <c>Updating</c>.</summary>
    public string ProvisioningState { get; init; } = "";
}
