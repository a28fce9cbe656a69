using System.Text.Json;
using System.Xml;
using Azure.Core;
using ChaosPS.Azure;

namespace ChaosPS.Providers.Azure;

/// <summary>Reads what ARM and Resource Graph answer. What is not there is empty; what is of another type than documented is a <see cref="FormatException"/>.</summary>
/// <remarks>
/// Sources: https://learn.microsoft.com/rest/api/aks/managed-clusters/get , https://learn.microsoft.com/rest/api/authorization/permissions ,
/// https://learn.microsoft.com/rest/api/authorization/deny-assignments , https://learn.microsoft.com/rest/api/resources/management-locks ,
/// https://learn.microsoft.com/rest/api/compute/usage/list , https://learn.microsoft.com/rest/api/compute/virtual-machine-scale-sets/get .
/// </remarks>
internal static class AzureReader
{
    /// <summary>An AKS cluster: a resource of ARM, or a row of Resource Graph.</summary>
    public static AksCluster ReadCluster(JsonElement json)
    {
        var id = new ResourceIdentifier(Text(json, "id") ?? throw new FormatException("it has no id"));
        var properties = Object(json, "properties");
        return new AksCluster
        {
            ResourceId = id.ToString(),
            Name = id.Name,
            ResourceGroupName = id.ResourceGroupName ?? "",
            SubscriptionId = id.SubscriptionId ?? "",
            TenantId = Text(json, "tenantId"),
            Location = Text(json, "location") ?? "",
            NodeResourceGroupName = Text(properties, "nodeResourceGroup") ?? "",
            ProvisioningState = Text(properties, "provisioningState") ?? "",
            PowerState = Text(Object(properties, "powerState"), "code") ?? "",
            IsLockedDown = Text(Object(properties, "nodeResourceGroupProfile"), "restrictionLevel") is { } level ? level == "ReadOnly" : null,
            NodePools = [.. Items(properties, "agentPoolProfiles").Select(ReadPool)],
        };
    }

    /// <summary>What a role allows.</summary>
    public static AzureRights ReadRights(JsonElement json) => new(Texts(json, "actions"), Texts(json, "notActions"));

    /// <summary>A deny assignment.</summary>
    public static AzureDenyAssignment ReadDenyAssignment(JsonElement json)
    {
        var properties = Object(json, "properties");
        var (principals, excluded) = (Items(properties, "principals"), Items(properties, "excludePrincipals"));
        return new AzureDenyAssignment(
            Text(properties, "denyAssignmentName") ?? Text(json, "name") ?? "", Text(properties, "scope") ?? "",
            [.. Items(properties, "permissions").Select(ReadRights)],
            [.. principals.Select(static principal => Text(principal, "id")).OfType<string>()],
            [.. excluded.Select(static principal => Text(principal, "id")).OfType<string>()],
            Flag(properties, "doNotApplyToChildScopes"),
            principals.Concat(excluded).Any(static principal => Text(principal, "type") == "Group"));
    }

    /// <summary>A lock.</summary>
    public static AzureLock ReadLock(JsonElement json)
    {
        var properties = Object(json, "properties");
        return new AzureLock(Text(json, "name") ?? "", Text(json, "id") ?? "", Text(properties, "level") == "ReadOnly", Text(properties, "notes"));
    }

    /// <summary>A quota.</summary>
    public static AzureQuota ReadQuota(JsonElement json)
    {
        var name = Object(json, "name");
        return new AzureQuota(Text(name, "value") ?? "", Text(name, "localizedValue") ?? "", Number(json, "currentValue") ?? 0, Number(json, "limit") ?? 0);
    }

    /// <summary>What a scale set repairs by itself; null when nothing.</summary>
    public static AzureRepairs? ReadRepairs(JsonElement json) =>
        Object(Object(json, "properties"), "automaticRepairsPolicy") is var policy && Flag(policy, "enabled")
            ? new AzureRepairs(Text(policy, "repairAction") ?? "Replace", Text(policy, "gracePeriod") is { } period ? XmlConvert.ToTimeSpan(period) : null, false)
            : null;

    /// <summary>Whether the view of a scale set says that its repairs are suspended.</summary>
    public static bool ReadRepairsSuspended(JsonElement json) => Items(json, "orchestrationServices")
        .Any(static service => Text(service, "serviceName") == "AutomaticRepairs" && Text(service, "serviceState") == "Suspended");

    private static AksNodePool ReadPool(JsonElement json) => new()
    {
        Name = Text(json, "name") ?? "",
        IsSystem = Text(json, "mode") == "System",
        Type = Text(json, "type") ?? "",
        VMSize = Text(json, "vmSize") ?? "",
        Count = (int)(Number(json, "count") ?? 0),
        IsAutoscaled = Flag(json, "enableAutoScaling"),
        MinCount = (int?)Number(json, "minCount"),
        MaxCount = (int?)Number(json, "maxCount"),
        Deallocates = Text(json, "scaleDownMode") == "Deallocate",
        IsSpot = Text(json, "scaleSetPriority") == "Spot",
        ProvisioningState = Text(json, "provisioningState") ?? "",
    };

    private static JsonElement Object(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : default;

    private static JsonElement[] Items(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [];

    private static string[] Texts(JsonElement json, string name) => [.. Items(json, name).Where(static item => item.ValueKind == JsonValueKind.String).Select(static item => item.GetString()!)];

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static long? Number(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;
}
