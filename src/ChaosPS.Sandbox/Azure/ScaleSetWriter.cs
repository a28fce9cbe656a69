using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Sources;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Azure;

/// <summary>Writes scale sets and their instances as the compute provider does.</summary>
internal static class ScaleSetWriter
{
    /// <summary>The type of a scale set.</summary>
    public const string Type = "Microsoft.Compute/virtualMachineScaleSets";

    /// <summary>The type of an instance.</summary>
    public const string InstanceType = $"{Type}/virtualMachines";

    /// <summary>A scale set.</summary>
    public static JsonObject Write(SandboxScaleSet scaleSet, int capacity, StableId ids) => new()
    {
        ["name"] = scaleSet.ScaleSet.Name,
        ["id"] = scaleSet.ScaleSet.ResourceId,
        ["type"] = Type,
        ["location"] = scaleSet.ScaleSet.Location,
        ["tags"] = Tags(scaleSet),
        ["sku"] = Sku(scaleSet, capacity),
        ["zones"] = new JsonArray([.. scaleSet.Zones.Select(zone => (JsonNode)zone)]),
        ["properties"] = Properties(scaleSet, ids),
    };

    /// <summary>A scale set as a row of Resource Graph, which writes types and resource groups in lower case.</summary>
    public static JsonObject WriteRow(SandboxScaleSet scaleSet, int capacity, string tenantId, StableId ids) => new()
    {
        ["id"] = scaleSet.ScaleSet.ResourceId,
        ["name"] = scaleSet.ScaleSet.Name,
        ["type"] = Type.ToLowerInvariant(),
        ["tenantId"] = tenantId,
        ["kind"] = "",
        ["location"] = scaleSet.ScaleSet.Location,
        ["resourceGroup"] = scaleSet.ScaleSet.ResourceGroupName.ToLowerInvariant(),
        ["subscriptionId"] = scaleSet.ScaleSet.SubscriptionId,
        ["managedBy"] = "",
        ["sku"] = Sku(scaleSet, capacity),
        ["plan"] = null,
        ["properties"] = Properties(scaleSet, ids),
        ["tags"] = Tags(scaleSet),
        ["identity"] = null,
        ["zones"] = new JsonArray([.. scaleSet.Zones.Select(zone => (JsonNode)zone)]),
        ["extendedLocation"] = null,
    };

    /// <summary>An instance.</summary>
    /// <param name="scaleSet">Its scale set.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="node">The node that it was made for.</param>
    /// <param name="lastChange">When its provisioning state last changed.</param>
    /// <param name="withView">Whether to put the instance view into it.</param>
    /// <param name="ids">For its id as a machine.</param>
    public static JsonObject WriteInstance(
        SandboxScaleSet scaleSet, SimulatedMachine machine, ClusterNode node, DateTimeOffset lastChange, bool withView, StableId ids)
    {
        var properties = new JsonObject
        {
            ["latestModelApplied"] = true,
            ["modelDefinitionApplied"] = "VirtualMachineScaleSet",
            ["provisioningState"] = machine.ProvisioningState,
            ["vmId"] = ids.Uid($"vm/{machine.NodeName}"),
            ["osProfile"] = new JsonObject { ["computerName"] = machine.NodeName },
            ["timeCreated"] = ApiTime.MicroText(node.CreationTimestamp),
        };
        if (withView) properties["instanceView"] = WriteView(machine, lastChange);
        var json = new JsonObject
        {
            ["name"] = $"{scaleSet.ScaleSet.Name}_{node.InstanceId}",
            ["instanceId"] = node.InstanceId,
            ["id"] = $"{scaleSet.ScaleSet.ResourceId}/virtualMachines/{node.InstanceId}",
            ["type"] = InstanceType,
            ["location"] = scaleSet.ScaleSet.Location,
            ["tags"] = Tags(scaleSet),
            ["sku"] = new JsonObject { ["name"] = scaleSet.VMSize, ["tier"] = "Standard" },
        };
        if (node.Zone is { } zone) json["zones"] = new JsonArray(zone[(zone.LastIndexOf('-') + 1)..]);
        json["properties"] = properties;
        return json;
    }

    /// <summary>The view of an instance: what it is doing now.</summary>
    public static JsonObject WriteView(SimulatedMachine machine, DateTimeOffset lastChange)
    {
        var power = machine.PowerState.ToString().ToLowerInvariant();
        var provisioning = machine.ProvisioningState.ToLowerInvariant();
        return new JsonObject
        {
            ["computerName"] = machine.NodeName,
            ["osName"] = "ubuntu",
            ["osVersion"] = "22.04",
            ["statuses"] = new JsonArray(
                new JsonObject
                {
                    ["code"] = $"ProvisioningState/{provisioning}",
                    ["level"] = "Info",
                    ["displayStatus"] = provisioning == "succeeded" ? "Provisioning succeeded" : machine.ProvisioningState,
                    ["time"] = ApiTime.MicroText(lastChange),
                },
                new JsonObject { ["code"] = $"PowerState/{power}", ["level"] = "Info", ["displayStatus"] = $"VM {power}" }),
        };
    }

    private static JsonObject Tags(SandboxScaleSet scaleSet) => new()
    {
        ["aks-managed-poolName"] = scaleSet.PoolName,
    };

    private static JsonObject Sku(SandboxScaleSet scaleSet, int capacity) =>
        new() { ["name"] = scaleSet.VMSize, ["tier"] = "Standard", ["capacity"] = capacity };

    private static JsonObject Properties(SandboxScaleSet scaleSet, StableId ids) => new()
    {
        ["provisioningState"] = "Succeeded",
        ["orchestrationMode"] = scaleSet.ScaleSet.Flexible ? "Flexible" : "Uniform",
        ["singlePlacementGroup"] = false,
        ["overprovision"] = false,
        ["upgradePolicy"] = new JsonObject { ["mode"] = "Manual" },
        ["platformFaultDomainCount"] = 1,
        ["uniqueId"] = ids.Uid($"scaleSet/{scaleSet.ScaleSet.Name}"),
        ["timeCreated"] = ApiTime.MicroText(scaleSet.CreatedAt),
    };
}
