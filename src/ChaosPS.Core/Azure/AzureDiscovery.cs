using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Azure;

/// <summary>From a connection to where in Azure its cluster is, without anything being named.</summary>
public static class AzureDiscovery
{
    /// <summary>Looks where in Azure a cluster is, and tells the log.</summary>
    /// <param name="connection">The connection; one that has nothing to do with Azure comes back as it is.</param>
    /// <param name="log">Is told what was found; null for nobody.</param>
    /// <param name="cancellationToken">Ends the looking.</param>
    /// <returns>The same connection, with its <see cref="ChaosConnection.Site"/>.</returns>
    /// <exception cref="ChaosException">The source of tokens that was named does not work: id <c>AzureSignInFailed</c>.</exception>
    public static async Task<ChaosConnection> LocateAsync(ChaosConnection connection, IChaosLog? log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        log ??= NullLog.Instance;
        if (connection.Azure is not { } azure) return connection;
        var machines = await ReadMachinesAsync(connection, log, cancellationToken);
        var home = machines is [var first, ..] ? first : null;
        try
        {
            if (home is null)
            {
                if (AksServer.CloudOf(connection.Server, out var host) is null) return connection;
                var account = await SignInAsync(connection, azure, AzureScope.All, log, cancellationToken);
                var found = await azure.FindAksClusterAsync(host, cancellationToken);
                Tell(connection, log, found, $"None of {connection.Power.ScopeOf(AzureScope.All)} has the API server {host}");
                return found is null ? connection : connection.At(new AzureSite(account, found.SubscriptionId, found.NodeResourceGroupName, found));
            }

            var asker = await SignInAsync(connection, azure, home.SubscriptionId, log, cancellationToken);
            foreach (var set in machines.GroupBy(static machine => machine.VMScaleSetName, StringComparer.OrdinalIgnoreCase))
            {
                var place = connection.Power.Place(set.First().ResourceId);
                var names = ChaosErrors.List(set.Select(static machine => machine.Name));
                log.Write(ChaosLogLevel.Verbose, set.Key is null ? $"Virtual machines: {names}{place}." : $"Scale set {set.Key}: instances {names}{place}.");
            }

            var aks = await azure.FindAksClusterAsync(home.SubscriptionId, home.ResourceGroupName, cancellationToken);
            Tell(connection, log, aks, $"None has its machines in {home.ResourceGroupName}{connection.Power.Place(home.ResourceId)}");

            // Kubernetes does not keep the case of the name; Azure does.
            return connection.At(new AzureSite(asker, home.SubscriptionId, aks?.NodeResourceGroupName ?? home.ResourceGroupName, aks));
        }
        catch (ChaosException exception) when (connection.Origin.TokenSource == AzureTokenSource.Default)
        {
            // Who works with the Kubernetes API only needs no Azure; who stops nodes learns it here, not in the middle.
            log.Write(ChaosLogLevel.Warning, $"The machines behind the nodes cannot be reached: {exception.Summary} {exception.RecommendedAction}");
            log.Write(ChaosLogLevel.Verbose, exception.Message);
            return home is null ? connection : connection.At(new AzureSite(null, home.SubscriptionId, home.ResourceGroupName, null));
        }
    }

    private static async Task<AzureAccount> SignInAsync(
        ChaosConnection connection, IAzurePlatform azure, string subscription, IChaosLog log, CancellationToken cancellationToken)
    {
        var account = await azure.GetAccountAsync(cancellationToken);
        log.Write(
            ChaosLogLevel.Verbose,
            $"Azure is asked by {account.TokenSource}, as {account.Principal ?? "somebody whom the token does not name"}, in {connection.Power.ScopeOf(subscription)}.");
        return account;
    }

    private static async Task<IReadOnlyList<AzureMachineId>> ReadMachinesAsync(ChaosConnection connection, IChaosLog log, CancellationToken cancellationToken)
    {
        try
        {
            var nodes = await connection.Cluster.GetNodesAsync(cancellationToken);
            return [.. nodes.Select(static node => AzureMachineId.TryParse(node.ResourceId, out var id) ? id : null).OfType<AzureMachineId>()];
        }
        catch (ChaosException exception) when (exception.Kind == ErrorKind.PermissionDenied)
        {
            log.Write(ChaosLogLevel.Verbose, exception.Message);
            return [];
        }
    }

    private static void Tell(ChaosConnection connection, IChaosLog log, AksCluster? aks, string none) => log.Write(
        ChaosLogLevel.Verbose,
        aks is null
            ? $"No AKS cluster was found. {none}, or it may not be seen."
            : $"AKS cluster {aks.Name} in resource group {aks.ResourceGroupName}{connection.Power.Place(aks.ResourceId)}; its machines are in {aks.NodeResourceGroupName}.");
}
