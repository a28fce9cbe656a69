using ChaosPS.Azure;
using ChaosPS.Clusters;

namespace ChaosPS.Ports;

/// <summary>What Azure knows of the cluster besides its machines: who asks, what AKS says, what may be done; and the power of the cluster as a whole.</summary>
/// <remarks>Every method throws <see cref="ChaosPS.Errors.ChaosException"/> for failures that Azure reports, and honours its token.</remarks>
public interface IAzurePlatform
{
    /// <summary>Who asks.</summary>
    Task<AzureAccount> GetAccountAsync(CancellationToken cancellationToken);

    /// <summary>Finds the AKS cluster that has its machines in a resource group, with one query of Resource Graph; what it says may be minutes old.</summary>
    /// <param name="subscriptionId">The subscription of the machines.</param>
    /// <param name="nodeResourceGroup">The resource group of the machines.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>Null when there is none, or none that may be seen.</returns>
    Task<AksCluster?> FindAksClusterAsync(string subscriptionId, string nodeResourceGroup, CancellationToken cancellationToken);

    /// <summary>Finds the AKS cluster whose API server has that name, in all subscriptions that may be seen.</summary>
    /// <param name="host">Its public or private name.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    Task<AksCluster?> FindAksClusterAsync(string host, CancellationToken cancellationToken);

    /// <summary>The AKS cluster as it is now.</summary>
    Task<AksCluster> GetAksClusterAsync(string resourceId, CancellationToken cancellationToken);

    /// <summary>Asks Azure to stop, start or delete a whole AKS cluster and returns once Azure has accepted. Another operation on it is waited for, some minutes.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="action">PowerOff, Start or Delete.</param>
    /// <param name="cancellationToken">Cancels the asking, not what Azure has accepted.</param>
    Task<IPowerOperation> BeginAsync(AksCluster cluster, PowerAction action, CancellationToken cancellationToken);

    /// <summary>What the roles of who asks allow on a resource.</summary>
    Task<IReadOnlyList<AzureRights>> GetPermissionsAsync(string resourceId, CancellationToken cancellationToken);

    /// <summary>The deny assignments on a resource, on what it is in, and on what is in it.</summary>
    Task<IReadOnlyList<AzureDenyAssignment>> GetDenyAssignmentsAsync(string resourceId, CancellationToken cancellationToken);

    /// <summary>The locks on a resource group and what is in it, and on its subscription.</summary>
    Task<IReadOnlyList<AzureLock>> GetLocksAsync(string subscriptionId, string resourceGroup, CancellationToken cancellationToken);

    /// <summary>What a scale set does by itself about unhealthy instances; null when nothing.</summary>
    Task<AzureRepairs?> GetRepairsAsync(string scaleSetResourceId, CancellationToken cancellationToken);

    /// <summary>What of the machines' quotas is used in a region.</summary>
    Task<IReadOnlyList<AzureQuota>> GetQuotasAsync(string subscriptionId, string location, CancellationToken cancellationToken);
}
