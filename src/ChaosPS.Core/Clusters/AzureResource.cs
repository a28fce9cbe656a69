using System.Text.Json.Nodes;

namespace ChaosPS.Clusters;

/// <summary>A resource as Azure Resource Graph knows it.</summary>
/// <param name="ResourceId">Its Azure resource id.</param>
/// <param name="Name">Its name.</param>
/// <param name="ResourceGroupName">The resource group that it is in.</param>
/// <param name="SubscriptionId">The subscription that it is in.</param>
/// <param name="Location">The Azure region; empty where the filter left it out.</param>
/// <param name="Row">All columns of its row, as the filter left them.</param>
public sealed record AzureResource(
    string ResourceId, string Name, string ResourceGroupName, string SubscriptionId, string Location, JsonObject Row)
{
    /// <summary>A text below <c>properties</c>, such as <c>nodeResourceGroup</c>; null when it is not there.</summary>
    public string? Property(string name) =>
        Row["properties"] is JsonObject properties && properties[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The resource id.</summary>
    public override string ToString() => ResourceId;
}
