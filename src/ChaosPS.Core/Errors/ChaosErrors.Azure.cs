using ChaosPS.Azure;

namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>No token for Azure could be had.</summary>
    /// <param name="scope">Where it was to be for.</param>
    /// <param name="source">What was asked for; null for the secrets of an experiment.</param>
    /// <param name="attempts">What was tried, each with why it failed.</param>
    /// <param name="kind"><see cref="ErrorKind.ConnectionFailed"/> where somebody was signed in, and nobody answers who gives the next token.</param>
    public static ChaosException AzureSignInFailed(
        AzureScope scope, AzureTokenSource? source, IReadOnlyList<(string Name, string Reason)> attempts, ErrorKind kind = ErrorKind.AuthenticationFailed)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(attempts);
        var width = attempts.Max(static attempt => attempt.Name.Length);
        return new ChaosException(
            "AzureSignInFailed", kind,
            $"Cannot sign in to Azure ({scope})."
            + string.Concat(attempts.Select(attempt => $"\n  {attempt.Name.PadRight(width)}  {attempt.Reason.TrimEnd('.')}.")),
            SignIn(source, scope.Cloud), scope.Cloud);
    }

    /// <summary>The file that AZURE_AUTH_LOCATION names cannot be used.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scope">Where it was to lead, as far as the environment and the file itself say.</param>
    /// <param name="reason">What is wrong with it.</param>
    public static ChaosException AzureAuthFileInvalid(string path, AzureScope scope, string reason) => new(
        "AzureAuthFileInvalid", ErrorKind.InvalidData,
        $"The file '{path}', which AZURE_AUTH_LOCATION names, cannot be used: {reason.TrimEnd('.')}{scope?.Aside}.",
        "'az ad sp create-for-rbac --sdk-auth' writes one; or unset AZURE_AUTH_LOCATION and log in with 'az login'.", path);

    /// <summary>A cluster that has no side in Azure is asked for it.</summary>
    public static ChaosException NotInAzure(string cluster) => new(
        "NotInAzure", ErrorKind.NotSupported,
        $"Cluster '{cluster}' has nothing to do with Azure, so Azure cannot be asked about it.", "Connect to a cluster of AKS (Connect-ChaosCluster).", cluster);

    /// <summary>There is no such cloud.</summary>
    /// <param name="scope">Where it was to be: the cloud as it was named, and what is known of subscription and tenant.</param>
    /// <param name="known">The clouds that there are.</param>
    public static ChaosException AzureCloudUnknown(AzureScope scope, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return new(
            "AzureCloudUnknown", ErrorKind.InvalidArgument,
            $"There is no Azure cloud '{scope.Cloud}' ({scope}).",
            $"It is one of {string.Join(", ", known)}.", scope.Cloud);
    }

    /// <summary>What to do to be signed in.</summary>
    private static string SignIn(AzureTokenSource? source, string? cloud)
    {
        var choose = cloud is "AzureUSGovernment" or "AzureChinaCloud" ? $"az cloud set --name {cloud}; " : "";
        return source switch
        {
            AzureTokenSource.Environment => "Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH to those of a service principal.",
            AzureTokenSource.AuthFile => "Set AZURE_AUTH_LOCATION to a file that 'az ad sp create-for-rbac --sdk-auth' has written.",
            AzureTokenSource.WorkloadIdentity => "Label the pod azure.workload.identity/use=true and give its service account the annotation azure.workload.identity/client-id.",
            AzureTokenSource.AzurePipelines => "Run it in a task with a service connection (AzureCLI@2, AzurePowerShell@5) and map SYSTEM_ACCESSTOKEN: $(System.AccessToken) into its env.",
            AzureTokenSource.AzureCli => $"{choose}az login",
            AzureTokenSource.AzurePowerShell => $"Connect-AzAccount{(choose.Length == 0 ? "" : $" -Environment {cloud}")}",
            AzureTokenSource.ManagedIdentity => "Give this machine an identity (az vm identity assign), or run it where one is.",
            null => "Check client_id, client_secret and tenant_id, or access_token, in the experiment's secrets.",
            _ => $"Log in: {choose}az login. Or name one source: Connect-ChaosCluster -TokenSource, chaosps --token-source.",
        };
    }
}
