namespace ChaosPS.Azure;

/// <summary>An AKS cluster as Azure has it.</summary>
public sealed record AksCluster
{
    /// <summary>Its Azure resource id.</summary>
    public required string ResourceId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The resource group that it is in itself.</summary>
    public required string ResourceGroupName { get; init; }

    /// <summary>The subscription.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>The tenant of the subscription; null when Azure does not say.</summary>
    public string? TenantId { get; init; }

    /// <summary>The Azure region.</summary>
    public string Location { get; init; } = "";

    /// <summary>The resource group that its machines are in.</summary>
    public string NodeResourceGroupName { get; init; } = "";

    /// <summary>Such as <c>Succeeded</c>, <c>Updating</c>, <c>Failed</c>.</summary>
    public string ProvisioningState { get; init; } = "";

    /// <summary><c>Running</c> or <c>Stopped</c>.</summary>
    public string PowerState { get; init; } = "";

    /// <summary>Whether it runs: it has an API server and machines.</summary>
    public bool IsRunning => PowerState != "Stopped";

    /// <summary>Whether the node resource group is locked down, so that nobody but AKS changes anything in it; null when Azure does not say.</summary>
    public bool? IsLockedDown { get; init; }

    /// <summary>Its node pools.</summary>
    public IReadOnlyList<AksNodePool> NodePools { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
