using System.Globalization;
using ChaosPS.Azure;
using ChaosPS.Clusters;

namespace ChaosPS.Preflight;

/// <summary>What AKS does by itself that an experiment has to reckon with.</summary>
internal static class AksTest
{
    private const string Done = "Succeeded";

    /// <summary>The cluster: what it is doing, and whether its machines may be touched at all.</summary>
    public static IEnumerable<ConnectionFinding> Cluster(AksCluster? aks, string subscription, string group)
    {
        const string Check = "AKS cluster";
        if (aks is null)
        {
            yield return new(
                Check, ConnectionSeverity.Warning,
                $"none is seen that has its machines in {group}, subscription {subscription}: node pools, autoscaler and lockdown are not known",
                "If it is an AKS cluster: az role assignment create --assignee <object id> --role Reader --scope <resource id of the cluster>");
            yield break;
        }

        var named = Named(aks);
        if (aks.PowerState == "Stopped")
            yield return new(Check, ConnectionSeverity.Error, $"{aks.Name} is stopped", $"az aks start {named}");
        yield return aks.ProvisioningState == Done
            ? new(Check, ConnectionSeverity.Ok, $"{aks.Name} in {aks.ResourceGroupName}, subscription {aks.SubscriptionId}; machines in {aks.NodeResourceGroupName}")
            : new(
                Check, ConnectionSeverity.Error, $"{aks.Name} is {aks.ProvisioningState}: its nodes may change at any moment, and Azure refuses changes meanwhile",
                aks.ProvisioningState == "Failed" ? $"az aks update {named}" : $"Wait until that is over: az aks wait {named} --updated");
        if (aks.IsLockedDown == true)
        {
            yield return new(
                "Lockdown", ConnectionSeverity.Error, $"the node resource group {aks.NodeResourceGroupName} is locked down: nobody but AKS may change its machines",
                $"az aks update {named} --nrg-lockdown-restriction-level Unrestricted");
        }
    }

    /// <summary>A node pool: what it is doing, and who else starts, stops and removes its nodes.</summary>
    public static IEnumerable<ConnectionFinding> Pool(AksCluster aks, AksNodePool pool)
    {
        var check = $"Node pool {pool.Name}";
        var named = $"--subscription {aks.SubscriptionId} --resource-group {aks.ResourceGroupName} --cluster-name {aks.Name} --name {pool.Name}";
        yield return pool.ProvisioningState == Done
            ? new(check, ConnectionSeverity.Ok, $"{(pool.IsSystem ? "system" : "user")} pool of {pool.VMSize}, {pool.Type}")
            : new(
                check, ConnectionSeverity.Error, $"it is {pool.ProvisioningState}: its nodes may change at any moment",
                pool.ProvisioningState == "Failed" ? $"az aks nodepool update {named}" : $"Wait until that is over: az aks nodepool wait {named} --updated");
        if (pool.IsAutoscaled)
        {
            yield return new(
                check, ConnectionSeverity.Warning,
                string.Create(CultureInfo.InvariantCulture, $"the autoscaler keeps {pool.MinCount} to {pool.MaxCount} nodes: it may delete a node that is stopped, and make another"),
                $"For the time of the experiment: az aks nodepool update {named} --disable-cluster-autoscaler");
        }

        if (pool.Deallocates)
        {
            yield return new(
                check, ConnectionSeverity.Warning, "scaled down nodes stay as machines that are off, and their nodes as not ready: those are meant to be off, and are not to be started",
                $"Look at them before the experiment: Get-ClusterNode -NodePoolName {pool.Name} -PowerState. Or: az aks nodepool update {named} --scale-down-mode Delete");
        }

        if (pool.IsSpot)
        {
            yield return new(
                check, ConnectionSeverity.Warning, "spot machines: Azure may take them away during the experiment, and may have none when one is to start again",
                "Choose nodes of another pool (Get-ClusterNode -NodePoolName), or expect it.");
        }
    }

    /// <summary>Whether Azure would give another machine, as the autoscaler, a repair or an upgrade may need.</summary>
    public static IEnumerable<ConnectionFinding> Quotas(AksCluster aks, IReadOnlyList<ClusterNode> nodes, IReadOnlyList<AzureQuota> quotas)
    {
        var findings = new List<ConnectionFinding>();
        foreach (var pool in aks.NodePools)
        {
            // A machine has the cores that pods can have, and what is kept for the node itself.
            var cores = nodes.Where(node => node.NodePoolName == pool.Name).Select(static node => (int)Math.Ceiling(node.Allocatable.MilliCpu / 1000d)).DefaultIfEmpty().Max();
            string?[] names = pool.IsSpot ? ["lowPriorityCores"] : ["cores", MachineFamily.Of(pool.VMSize)];
            findings.AddRange(quotas
                .Where(quota => quota.Left < cores && names.Contains(quota.Name, StringComparer.OrdinalIgnoreCase))
                .Select(quota => new ConnectionFinding(
                    "Quota", ConnectionSeverity.Warning,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{quota.Label}: {quota.Used} of {quota.Limit} are used in {aks.Location}; a node of {pool.Name} needs {cores}, so that none could take the place of one that is lost"),
                    $"az vm list-usage --subscription {aks.SubscriptionId} --location {aks.Location} --output table shows it; az quota update raises it.")));
        }

        return findings.Count > 0 ? findings.DistinctBy(static finding => finding.Evidence)
            : [new("Quota", ConnectionSeverity.Ok, $"there is room for another node of each pool in {aks.Location}")];
    }

    /// <summary>How the commands of the Azure CLI are told which cluster is meant, whatever subscription they are set to.</summary>
    public static string Named(AksCluster aks) => $"--subscription {aks.SubscriptionId} --resource-group {aks.ResourceGroupName} --name {aks.Name}";
}
