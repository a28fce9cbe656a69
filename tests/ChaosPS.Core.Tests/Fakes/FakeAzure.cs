using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Tests.Fakes;

/// <summary>An Azure in which everything is in order until a test changes something.</summary>
public sealed class FakeAzure : IAzurePlatform
{
    public static AksNodePool GoodPool { get; } = new() { Name = "nodepool1", IsSystem = true, Type = "VirtualMachineScaleSets", VMSize = "Standard_D4s_v3", ProvisioningState = "Succeeded" };

    public AzureAccount Account { get; set; } = new("AzureCli", "AzureCloud", "t1", "amelie@example.com", "o1");

    public AksCluster? Aks { get; set; } = new()
    {
        ResourceId = "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks",
        Name = "aks",
        ResourceGroupName = "rg",
        SubscriptionId = "s1",
        TenantId = "t1",
        Location = "westeurope",
        NodeResourceGroupName = "MC_rg",
        ProvisioningState = "Succeeded",
        PowerState = "Running",
        IsLockedDown = false,
        NodePools = [GoodPool],
    };

    public List<AzureRights> Rights { get; } = [new(["*"], [])];

    /// <summary>What is allowed on a resource beside <see cref="Rights"/>.</summary>
    public Dictionary<string, IReadOnlyList<AzureRights>> RightsOn { get; } = [];

    public List<AzureDenyAssignment> Denied { get; } = [];

    public List<AzureLock> Locks { get; } = [];

    public List<AzureQuota> Quotas { get; } = [new("cores", "Total Regional vCPUs", 12, 100), new("standardDSv3Family", "Standard DSv3 Family vCPUs", 12, 100)];

    public AzureRepairs? Repairs { get; set; }

    /// <summary>What a method of that name fails with.</summary>
    public Dictionary<string, ChaosException> Failures { get; } = [];

    /// <summary>What was asked for: the names of methods with their scopes.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>What comes of a change of the cluster.</summary>
    public Action<PowerAction>? OnBegin { get; set; }

    public Task<AzureAccount> GetAccountAsync(CancellationToken cancellationToken) => Answer(nameof(GetAccountAsync), "", Account);

    public Task<AksCluster?> FindAksClusterAsync(string subscriptionId, string nodeResourceGroup, CancellationToken cancellationToken) =>
        Answer(nameof(FindAksClusterAsync), $"{subscriptionId} {nodeResourceGroup}", Aks);

    public Task<AksCluster?> FindAksClusterAsync(string host, CancellationToken cancellationToken) => Answer(nameof(FindAksClusterAsync), host, Aks);

    public Task<AksCluster> GetAksClusterAsync(string resourceId, CancellationToken cancellationToken) => Answer(nameof(GetAksClusterAsync), resourceId, Aks!);

    public Task<IPowerOperation> BeginAsync(AksCluster cluster, PowerAction action, CancellationToken cancellationToken)
    {
        Aks = action == PowerAction.Delete ? null : cluster with { PowerState = action == PowerAction.Start ? "Running" : "Stopped" };
        OnBegin?.Invoke(action);
        return Answer<IPowerOperation>(nameof(BeginAsync), $"{action} {cluster.Name}", new Done());
    }

    public Task<IReadOnlyList<AzureRights>> GetPermissionsAsync(string resourceId, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<AzureRights>>(nameof(GetPermissionsAsync), resourceId, [.. Rights, .. RightsOn.GetValueOrDefault(resourceId) ?? []]);

    public Task<IReadOnlyList<AzureDenyAssignment>> GetDenyAssignmentsAsync(string resourceId, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<AzureDenyAssignment>>(nameof(GetDenyAssignmentsAsync), resourceId, Denied);

    public Task<IReadOnlyList<AzureLock>> GetLocksAsync(string subscriptionId, string resourceGroup, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<AzureLock>>(nameof(GetLocksAsync), $"{subscriptionId} {resourceGroup}", Locks);

    public Task<AzureRepairs?> GetRepairsAsync(string scaleSetResourceId, CancellationToken cancellationToken) =>
        Answer(nameof(GetRepairsAsync), scaleSetResourceId, Repairs);

    public Task<IReadOnlyList<AzureQuota>> GetQuotasAsync(string subscriptionId, string location, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<AzureQuota>>(nameof(GetQuotasAsync), $"{subscriptionId} {location}", Quotas);

    private sealed class Done : IPowerOperation
    {
        public Task WaitAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private Task<T> Answer<T>(string method, string scope, T answer)
    {
        Calls.Add($"{method} {scope}".TrimEnd());
        return Failures.TryGetValue(method, out var failure) ? Task.FromException<T>(failure) : Task.FromResult(answer);
    }
}
