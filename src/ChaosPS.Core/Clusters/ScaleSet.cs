namespace ChaosPS.Clusters;

/// <summary>A virtual machine scale set.</summary>
/// <param name="ResourceId">Its Azure resource id.</param>
/// <param name="Name">Its name.</param>
/// <param name="ResourceGroupName">The resource group that it is in.</param>
/// <param name="SubscriptionId">The subscription that it is in.</param>
/// <param name="Location">The Azure region.</param>
public sealed record ScaleSet(string ResourceId, string Name, string ResourceGroupName, string SubscriptionId, string Location);

/// <summary>An instance of a scale set: the machine behind a node.</summary>
public sealed record ScaleSetInstance
{
    /// <summary>Its Azure resource id.</summary>
    public required string ResourceId { get; init; }

    /// <summary>Azure's name for it, <c>&lt;scale set&gt;_&lt;instance id&gt;</c>: not the node's name.</summary>
    public required string Name { get; init; }

    /// <summary>The instance id, decimal.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The host name inside the machine, which is the node's name; null when Azure does not say.</summary>
    public string? ComputerName { get; init; }

    /// <summary>The scale set that it belongs to.</summary>
    public required ScaleSet ScaleSet { get; init; }

    /// <summary>The zone, such as <c>1</c>; null for a regional scale set.</summary>
    public string? Zone { get; init; }

    /// <summary>Its power state.</summary>
    public PowerState PowerState { get; init; }

    /// <summary>Its provisioning state, such as <c>Succeeded</c> or <c>Updating</c>.</summary>
    public string ProvisioningState { get; init; } = "";
}
