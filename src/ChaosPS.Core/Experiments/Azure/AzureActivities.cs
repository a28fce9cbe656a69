using System.Text.Json;
using ChaosPS.Clusters;

namespace ChaosPS.Experiments.Azure;

/// <summary>
/// <c>chaosazure</c>'s modules for machines, scale sets and AKS, under its names and with its arguments. What the original does not have is called after its pattern.
/// </summary>
internal static class AzureActivities
{
    public static IReadOnlyList<NativeActivity> All { get; } =
    [
        new ScaleSetPowerActivity("deallocate_vmss", PowerAction.Deallocate, "Stops scale set instances and gives up their hardware."),
        new ScaleSetPowerActivity("delete_vmss", PowerAction.Delete, "Deletes scale set instances. It cannot be undone."),
        new ScaleSetPowerActivity("evict_vmss", PowerAction.SimulateEviction, "Lets Azure evict Spot instances of scale sets. It cannot be undone."),
        new ScaleSetPowerActivity("redeploy_vmss", PowerAction.Redeploy, "Moves scale set instances to other hardware."),
        new ScaleSetPowerActivity("reimage_vmss", PowerAction.Reimage, "Sets the system disks of scale set instances up anew. It cannot be undone."),
        new ScaleSetPowerActivity("restart_vmss", PowerAction.Restart, "Restarts scale set instances; starts those that are off."),
        new ScaleSetPowerActivity("start_vmss", PowerAction.Start, "Starts scale set instances."),
        new ScaleSetPowerActivity("stop_vmss", PowerAction.PowerOff, "Powers scale set instances off."),
        new MachinePowerActivity("deallocate_machines", PowerAction.Deallocate, "Stops virtual machines and gives up their hardware."),
        new MachinePowerActivity("delete_machines", PowerAction.Delete, "Deletes virtual machines. It cannot be undone."),
        new MachinePowerActivity("evict_machines", PowerAction.SimulateEviction, "Lets Azure evict Spot virtual machines. It cannot be undone."),
        new MachinePowerActivity("redeploy_machines", PowerAction.Redeploy, "Moves virtual machines to other hardware."),
        new MachinePowerActivity("reimage_machines", PowerAction.Reimage, "Sets the system disks of virtual machines up anew. It cannot be undone."),
        new MachinePowerActivity("restart_machines", PowerAction.Restart, "Restarts virtual machines; starts those that are off."),
        new MachinePowerActivity("start_machines", PowerAction.Start, "Starts virtual machines."),
        new MachinePowerActivity("stop_machines", PowerAction.PowerOff, "Powers virtual machines off."),
        new AksNodeActivity("delete_node", PowerAction.Delete, "Deletes a node's machine, at random. It cannot be undone."),
        new AksNodeActivity("restart_node", PowerAction.Restart, "Restarts a node, at random."),
        new AksNodeActivity("stop_node", PowerAction.PowerOff, "Powers a node off, at random."),
        .. FaultActivity.All,
        new ManagedClusterActivity("delete_managed_clusters", PowerAction.Delete, "Deletes whole AKS clusters. It cannot be undone."),
        new ManagedClusterActivity("start_managed_clusters", PowerAction.Start, "Starts AKS clusters that are stopped."),
        new ManagedClusterActivity("stop_managed_clusters", PowerAction.PowerOff, "Stops whole AKS clusters, their API servers too. What no controller makes again is lost."),
        Describe("chaosazure.machine.probes", "describe_machines", "virtual machines", AzureTargets.MachineType),
        Count("chaosazure.machine.probes", "count_machines", "virtual machines", AzureTargets.MachineType),
        Describe("chaosazure.aks.probes", "describe_managed_clusters", "managed clusters", AzureTargets.ClusterType),
        Count("chaosazure.aks.probes", "count_managed_clusters", "managed clusters", AzureTargets.ClusterType),
        new AzureProbe("chaosazure.vmss.probes", "count_instances", "How many instances the scale sets have.", "scale sets", static async (power, filter, token) =>
        {
            var count = 0L;
            foreach (var scaleSet in await power.FindScaleSetsAsync(filter, token)) count += (await power.GetInstancesAsync(scaleSet, token)).Count;
            return count;
        }),
    ];

    /// <summary>Why a module of the extension is not carried out; null when nothing is known of it.</summary>
    public static string? WhyNot(string module) =>
        module.Split('.') is ["chaosazure", "application_gateway" or "netapp" or "postgresql" or "postgresql_flexible" or "storage" or "webapp", _]
            ? "it is about other services of Azure than the nodes of a cluster"
            : null;

    private static AzureProbe Describe(string module, string function, string what, string type) => new(
        module, function, $"The {what}, as Azure Resource Graph describes them.", what,
        async (power, filter, token) => (await power.FindResourcesAsync(type, filter, token))
            .Select(static resource => JsonValues.FromJson(JsonSerializer.SerializeToElement(resource.Row))).ToArray());

    private static AzureProbe Count(string module, string function, string what, string type) => new(
        module, function, $"How many {what} there are.", what,
        async (power, filter, token) => (object?)(long)(await power.FindResourcesAsync(type, filter, token)).Count);
}
