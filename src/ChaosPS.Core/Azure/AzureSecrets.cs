namespace ChaosPS.Azure;

/// <summary>Who an experiment's secrets say asks Azure, in the words of the Chaos Toolkit's extension for Azure.</summary>
/// <remarks>It is no record: a record writes all of itself wherever it is shown.</remarks>
public sealed class AzureSecrets
{
    /// <summary>The service principal.</summary>
    public string? ClientId { get; init; }

    /// <summary>Its secret.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Its tenant.</summary>
    public string? TenantId { get; init; }

    /// <summary>The cloud, such as <c>AZURE_CHINA_CLOUD</c> or <c>AzureChinaCloud</c>.</summary>
    public string? AzureCloud { get; init; }

    /// <summary>A token that somebody else has fetched; used when there is no client secret.</summary>
    public string? AccessToken { get; init; }

    /// <summary>Whether they say who asks, and not only in which cloud.</summary>
    public bool NamesSomebody => this is not { ClientId: null, ClientSecret: null, TenantId: null, AccessToken: null };

    /// <summary>Reads the keys <c>client_id</c>, <c>client_secret</c>, <c>tenant_id</c>, <c>azure_cloud</c>, <c>access_token</c> of a scope of secrets.</summary>
    /// <returns>Null when the scope has none of them: then it is not about Azure.</returns>
    public static AzureSecrets? Read(IReadOnlyDictionary<string, object?> scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var secrets = new AzureSecrets
        {
            ClientId = Text("client_id"),
            ClientSecret = Text("client_secret"),
            TenantId = Text("tenant_id"),
            AzureCloud = Text("azure_cloud"),
            AccessToken = Text("access_token"),
        };
        return secrets is { NamesSomebody: false, AzureCloud: null } ? null : secrets;

        string? Text(string key) => scope.GetValueOrDefault(key)?.ToString() is { Length: > 0 } text ? text : null;
    }
}
