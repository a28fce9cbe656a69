namespace ChaosPS.Azure;

/// <summary>Where the token comes from that Azure is asked with.</summary>
public enum AzureTokenSource
{
    /// <summary>The first of the others that is set up: what the environment names comes before who is logged in, and that before the machine's identity.</summary>
    Default,

    /// <summary>A service principal of the environment: AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH.</summary>
    Environment,

    /// <summary>The file that AZURE_AUTH_LOCATION names, as <c>az ad sp create-for-rbac --sdk-auth</c> writes it.</summary>
    AuthFile,

    /// <summary>The token that Kubernetes gives a pod: AZURE_FEDERATED_TOKEN_FILE.</summary>
    WorkloadIdentity,

    /// <summary>The service connection of an Azure Pipelines job: AZURESUBSCRIPTION_SERVICE_CONNECTION_ID and SYSTEM_ACCESSTOKEN.</summary>
    AzurePipelines,

    /// <summary>Whoever is logged in to the Azure CLI.</summary>
    AzureCli,

    /// <summary>Whoever is logged in to Azure PowerShell.</summary>
    AzurePowerShell,

    /// <summary>The identity of the Azure machine that this runs on; AZURE_CLIENT_ID chooses among several.</summary>
    ManagedIdentity,
}
