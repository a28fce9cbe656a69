using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Preflight;

/// <summary>Looks at the machines behind the nodes before one of them is stopped: who asks Azure, what AKS is doing, what may be done and what gets in the way.</summary>
public static class AzureTest
{
    /// <summary>Looks at everything. It changes nothing, and a failure is a finding.</summary>
    /// <param name="connection">The cluster.</param>
    /// <param name="nodes">The nodes whose machines are meant; null for all.</param>
    /// <param name="cancellationToken">Ends the looking.</param>
    /// <returns>In the order in which things have to be mended; nothing for a cluster that has nothing to do with Azure.</returns>
    public static async Task<IReadOnlyList<ConnectionFinding>> RunAsync(
        ChaosConnection connection, IReadOnlyList<ClusterNode>? nodes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Azure is not { } azure) return [];
        var findings = new List<ConnectionFinding>();
        var subscriptions = await LookAsync(connection, azure, nodes, findings, cancellationToken);
        var where = connection.Power.ScopeOf(subscriptions.Length == 0 ? AzureScope.All : string.Join(", ", subscriptions)).ToString();
        return [.. findings.Select(finding => finding with { Where = where })];
    }

    /// <returns>The subscriptions of the machines.</returns>
    private static async Task<string[]> LookAsync(
        ChaosConnection connection, IAzurePlatform azure, IReadOnlyList<ClusterNode>? nodes, List<ConnectionFinding> findings, CancellationToken cancellationToken)
    {
        if (nodes is null && !await TryAsync(findings, "Machines", ConnectionSeverity.Error, async () => nodes = await connection.Cluster.GetNodesAsync(cancellationToken)))
            return [];
        var all = nodes!;
        AzureMachineId[] machines = [.. all.Select(static node => AzureMachineId.TryParse(node.ResourceId, out var id) ? id : null).OfType<AzureMachineId>()];
        string[] subscriptions = [.. machines.Select(static machine => machine.SubscriptionId).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (machines.Length == 0 && AksServer.CloudOf(connection.Server, out _) is null) return subscriptions;

        findings.AddRange(NodeTest.Kinds(all));
        AzureAccount? account = null;
        if (!await TryAsync(findings, "Azure identity", ConnectionSeverity.Error, async () => account = await azure.GetAccountAsync(cancellationToken))) return subscriptions;
        findings.Add(new(
            "Azure identity", ConnectionSeverity.Ok,
            $"{account!.TokenSource}: {account.Principal ?? "the token does not say who"}, tenant {account.TenantId ?? "unknown"}, {account.Cloud}"));
        if (machines.Length == 0) return subscriptions;

        var (subscription, group) = (machines[0].SubscriptionId, machines[0].ResourceGroupName);
        AksCluster? aks = null;
        await TryAsync(findings, "AKS cluster", ConnectionSeverity.Warning, async () =>
        {
            aks = await azure.FindAksClusterAsync(subscription, group, cancellationToken);
            if (aks is not null) aks = await azure.GetAksClusterAsync(aks.ResourceId, cancellationToken);
            findings.AddRange(AksTest.Cluster(aks, subscription, group));
        });
        if (aks is not null) findings.AddRange(aks.NodePools.SelectMany(pool => AksTest.Pool(aks, pool)));
        await RepairTest.RunAsync(connection, azure, aks, all, machines, findings, cancellationToken);

        await RightsTest.RunAsync(azure, account, aks, machines, findings, cancellationToken);
        await TryAsync(findings, "Locks", ConnectionSeverity.Warning, async () =>
            findings.AddRange(RightsTest.Locks(aks?.NodeResourceGroupName ?? group, await azure.GetLocksAsync(subscription, group, cancellationToken))));

        foreach (var set in machines.Where(static machine => machine.ScaleSetResourceId is not null).GroupBy(static machine => machine.ScaleSetResourceId!, StringComparer.OrdinalIgnoreCase))
        {
            await TryAsync(findings, $"Instances of {set.First().VMScaleSetName}", ConnectionSeverity.Error, async () =>
                findings.AddRange(NodeTest.Machines(set, await connection.Power.GetInstancesAsync(set.Key, cancellationToken), all, aks)));
        }

        AzureMachineId[] single = [.. machines.Where(static machine => machine.ScaleSetResourceId is null)];
        if (single.Length > 0)
        {
            await TryAsync(findings, "Virtual machines", ConnectionSeverity.Error, async () => findings.AddRange(NodeTest.Machines(
                single, await connection.Power.GetVirtualMachinesAsync([.. single.Select(static machine => machine.ResourceId)], cancellationToken), all, aks)));
        }

        findings.AddRange(NodeTest.SystemNodes(all, aks));
        if (aks is not null)
        {
            await TryAsync(findings, "Quota", ConnectionSeverity.Warning, async () =>
                findings.AddRange(AksTest.Quotas(aks, all, await azure.GetQuotasAsync(subscription, aks.Location, cancellationToken))));
        }

        return subscriptions;
    }

    /// <summary>Looks at one thing; a failure to look is what was found.</summary>
    internal static async Task<bool> TryAsync(List<ConnectionFinding> findings, string check, ConnectionSeverity severity, Func<Task> look)
    {
        try
        {
            await look();
            return true;
        }
        catch (ChaosException exception)
        {
            findings.Add(new(check, severity, exception.Message, exception.RecommendedAction));
            return false;
        }
    }
}
