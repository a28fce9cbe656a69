namespace ChaosPS.Azure;

/// <summary>Where in Azure a cluster is, as far as it is known.</summary>
/// <param name="Account">Who asks; null when nobody is signed in.</param>
/// <param name="SubscriptionId">The subscription of the machines.</param>
/// <param name="NodeResourceGroupName">The resource group of the machines.</param>
/// <param name="Aks">The AKS cluster; null when Azure shows none.</param>
public sealed record AzureSite(AzureAccount? Account, string SubscriptionId, string NodeResourceGroupName, AksCluster? Aks);
