using System.Text.RegularExpressions;
using ChaosPS.Clusters;

namespace ChaosPS.Sandbox.Sources;

/// <summary>What a sandbox starts from.</summary>
internal sealed partial record SandboxSource
{
    /// <summary>The sandbox's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where everything is at the start.</summary>
    public required ClusterSnapshot Snapshot { get; init; }

    /// <summary>When the sandbox's clock starts: the snapshot is of then, or of a time before in which everything started.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>The objects as they were written.</summary>
    public required ManifestStore Manifests { get; init; }

    /// <summary>The scale sets behind the nodes.</summary>
    public required IReadOnlyList<SandboxScaleSet> ScaleSets { get; init; }

    /// <summary>The region of the machines.</summary>
    public string Location => ScaleSets is [var first, ..] ? first.ScaleSet.Location : "westeurope";

    /// <summary>The subscription of the machines.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>The tenant of the subscription.</summary>
    public required string TenantId { get; init; }

    /// <summary>Where users reach the application.</summary>
    public required Uri ApplicationUri { get; init; }

    /// <summary>Which pods are ingress controllers; null where it is as the simulation assumes.</summary>
    public LabelSelector? IngressControllers { get; init; }

    /// <summary>The hosts that the application answers to.</summary>
    public IReadOnlyList<string> Hosts =>
        [.. Snapshot.IngressPaths.Select(static path => path.Uri.Host).Prepend(ApplicationUri.Host).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The flexible scale set that the virtual machine of a node is in; null when it is in none.</summary>
    public SandboxScaleSet? FlexibleSetOf(ClusterNode node) => FlexibleSetOf(node.ResourceId) is { } id
        ? ScaleSets.FirstOrDefault(set => id.Equals(set.ScaleSet.ResourceId, StringComparison.OrdinalIgnoreCase))
        : null;

    /// <summary>The flexible scale set of a virtual machine, by the name that Azure gives its machines: the scale set's, and eight digits.</summary>
    public static string? FlexibleSetOf(string? resourceId) =>
        AzureMachineId.TryParse(resourceId, out var id) && id.VMScaleSetName is null && FlexibleName().Match(id.Name) is { Success: true } match
            ? $"/subscriptions/{id.SubscriptionId}/resourceGroups/{id.ResourceGroupName}/providers/Microsoft.Compute/virtualMachineScaleSets/{match.Groups[1].Value}"
            : null;

    [GeneratedRegex("^(.+)_[0-9a-f]{8}$", RegexOptions.CultureInvariant)]
    private static partial Regex FlexibleName();

    /// <summary>The variables that point at the sandbox.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
}

/// <summary>A scale set of the sandbox.</summary>
/// <param name="ScaleSet">What it is.</param>
/// <param name="VMSize">The size of its machines, such as <c>Standard_D4s_v3</c>.</param>
/// <param name="Zones">The zones that it spans.</param>
/// <param name="PoolName">The AKS node pool that it carries.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record SandboxScaleSet(ScaleSet ScaleSet, string VMSize, IReadOnlyList<string> Zones, string PoolName, DateTimeOffset CreatedAt);
