namespace ChaosPS.Clusters;

/// <summary>Parts of Azure resource ids.</summary>
public static class AzureResource
{
    /// <summary>The scale set that an instance's resource id names; null when it is no scale set instance.</summary>
    public static string? ScaleSetOf(string? instanceResourceId)
    {
        if (instanceResourceId is null) return null;
        var end = instanceResourceId.LastIndexOf("/virtualMachines/", StringComparison.OrdinalIgnoreCase);
        return end > 0 && instanceResourceId.Contains("/virtualMachineScaleSets/", StringComparison.OrdinalIgnoreCase)
            ? instanceResourceId[..end]
            : null;
    }
}
