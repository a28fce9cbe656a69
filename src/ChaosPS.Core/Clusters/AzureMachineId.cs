using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ChaosPS.Clusters;

/// <summary>The Azure machine that a node's providerID names: an instance of a scale set, or a virtual machine.</summary>
/// <remarks>
/// The forms are those of Azure's cloud provider (https://cloud-provider-azure.sigs.k8s.io). Azure does not keep the case of
/// its names, the resource group's least of all, so nothing here depends on it.
/// </remarks>
/// <param name="ResourceId">The machine's resource id, <c>/subscriptions/…</c>.</param>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="ResourceGroupName">The resource group: of a node of AKS, the node resource group.</param>
/// <param name="VMScaleSetName">The scale set; null for a virtual machine.</param>
/// <param name="Name">The instance id in the scale set, decimal, or the virtual machine's name.</param>
public sealed partial record AzureMachineId(
    string ResourceId, string SubscriptionId, string ResourceGroupName, string? VMScaleSetName, string Name)
{
    /// <summary>The instance id in the scale set, decimal; null for a virtual machine.</summary>
    public string? InstanceId => VMScaleSetName is null ? null : Name;

    /// <summary>The scale set's resource id; null for a virtual machine.</summary>
    public string? ScaleSetResourceId => VMScaleSetName is null ? null : ResourceId[..ResourceId.LastIndexOf("/virtualMachines/", StringComparison.OrdinalIgnoreCase)];

    /// <summary>The scale set, as far as the id says what it is; null for a virtual machine.</summary>
    public ScaleSet? ScaleSet => ScaleSetResourceId is { } id ? new ScaleSet(id, VMScaleSetName!, ResourceGroupName, SubscriptionId, "") : null;

    /// <summary>Reads a providerID (<c>azure:///subscriptions/…</c>) or a resource id (<c>/subscriptions/…</c>).</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AzureMachineId? id)
    {
        id = null;
        var match = Pattern().Match(text ?? "");
        if (!match.Success) return false;
        var scaleSet = match.Groups["scaleSet"];
        id = new AzureMachineId(
            match.Groups["id"].Value, match.Groups["subscription"].Value, match.Groups["group"].Value,
            scaleSet.Success ? scaleSet.Value : null, match.Groups["name"].Value);
        return true;
    }

    /// <summary>The scale set of the instance that a providerID or resource id names; null when it names no scale set instance.</summary>
    public static string? ScaleSetOf(string? text) => TryParse(text, out var id) ? id.ScaleSetResourceId : null;

    [GeneratedRegex(
        @"^(?:azure://)?(?<id>/subscriptions/(?<subscription>[^/]+)/resourceGroups/(?<group>[^/]+)/providers/Microsoft\.Compute"
        + @"(?:/virtualMachineScaleSets/(?<scaleSet>[^/]+))?/virtualMachines/(?<name>[^/]+))$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
