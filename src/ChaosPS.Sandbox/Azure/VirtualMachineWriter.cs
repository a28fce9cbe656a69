using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Sources;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Azure;

/// <summary>Writes virtual machines as the compute provider does.</summary>
internal static class VirtualMachineWriter
{
    /// <summary>The type of a virtual machine.</summary>
    public const string Type = "Microsoft.Compute/virtualMachines";

    /// <summary>The machine's name in Azure.</summary>
    public static string Name(ClusterNode node) => node.ResourceId![(node.ResourceId!.LastIndexOf('/') + 1)..];

    /// <summary>The machine's region.</summary>
    public static string Location(ClusterNode node) => node.Labels.GetValueOrDefault("topology.kubernetes.io/region", "westeurope");

    /// <summary>A virtual machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="node">The node that it was made for.</param>
    /// <param name="scaleSet">The flexible scale set that it is in; null for none.</param>
    /// <param name="lastChange">When its provisioning state last changed.</param>
    /// <param name="withView">Whether to put the instance view into it.</param>
    /// <param name="ids">For its id as a machine.</param>
    public static JsonObject Write(
        SimulatedMachine machine, ClusterNode node, SandboxScaleSet? scaleSet, DateTimeOffset lastChange, bool withView, StableId ids)
    {
        var properties = Properties(machine, node, scaleSet, ids);
        if (withView) properties["instanceView"] = ScaleSetWriter.WriteView(machine, lastChange);
        var json = new JsonObject
        {
            ["name"] = Name(node),
            ["id"] = node.ResourceId,
            ["type"] = Type,
            ["location"] = Location(node),
            ["tags"] = Tags(node),
        };
        if (Zone(node) is { } zone) json["zones"] = new JsonArray(zone);
        json["properties"] = properties;
        return json;
    }

    /// <summary>A virtual machine as a row of Resource Graph, which writes types and resource groups in lower case.</summary>
    public static JsonObject WriteRow(SimulatedMachine machine, ClusterNode node, SandboxScaleSet? scaleSet, string tenantId, StableId ids) => new()
    {
        ["id"] = node.ResourceId,
        ["name"] = Name(node),
        ["type"] = Type.ToLowerInvariant(),
        ["tenantId"] = tenantId,
        ["kind"] = "",
        ["location"] = Location(node),
        ["resourceGroup"] = node.ResourceGroupName!.ToLowerInvariant(),
        ["subscriptionId"] = node.SubscriptionId,
        ["managedBy"] = "",
        ["sku"] = null,
        ["plan"] = null,
        ["properties"] = Properties(machine, node, scaleSet, ids),
        ["tags"] = Tags(node),
        ["identity"] = null,
        ["zones"] = Zone(node) is { } zone ? new JsonArray(zone) : null,
        ["extendedLocation"] = null,
    };

    private static JsonObject Properties(SimulatedMachine machine, ClusterNode node, SandboxScaleSet? scaleSet, StableId ids)
    {
        var properties = new JsonObject
        {
            ["provisioningState"] = machine.ProvisioningState,
            ["vmId"] = ids.Uid($"vm/{machine.NodeName}"),
            ["hardwareProfile"] = new JsonObject { ["vmSize"] = node.Labels.GetValueOrDefault("node.kubernetes.io/instance-type", NodePool.DefaultSize) },
            ["storageProfile"] = new JsonObject { ["osDisk"] = new JsonObject { ["osType"] = OSType(node), ["createOption"] = "FromImage" } },
            ["osProfile"] = new JsonObject { ["computerName"] = machine.NodeName },
            ["timeCreated"] = ApiTime.MicroText(node.CreationTimestamp),
        };
        if (scaleSet is not null) properties["virtualMachineScaleSet"] = new JsonObject { ["id"] = scaleSet.ScaleSet.ResourceId };
        if (node.Labels.GetValueOrDefault("kubernetes.azure.com/scalesetpriority") == "spot") properties["priority"] = "Spot";
        return properties;
    }

    private static string OSType(ClusterNode node) => node.Labels.GetValueOrDefault("kubernetes.io/os") == "windows" ? "Windows" : "Linux";

    private static JsonObject Tags(ClusterNode node) => new() { ["aks-managed-poolName"] = node.NodePoolName ?? "" };

    private static string? Zone(ClusterNode node) => node.Zone is { } zone && zone[(zone.LastIndexOf('-') + 1)..] is var number and not "0" ? number : null;
}
