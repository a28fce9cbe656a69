using Azure.Identity;
using Azure.ResourceManager;
using ChaosPS.Azure;

namespace ChaosPS.Providers.Azure.Identity;

/// <summary>A cloud of Azure: who signs in there, and where its Resource Manager is.</summary>
/// <param name="Name">Its name in the Azure CLI, or its address when it is none of Microsoft's.</param>
/// <param name="Authority">Where tokens come from.</param>
/// <param name="Environment">Where its Resource Manager is, and for whom tokens are.</param>
internal sealed record AzureCloud(string Name, Uri Authority, ArmEnvironment Environment)
{
    /// <summary>Azure.</summary>
    public static readonly AzureCloud Public = new("AzureCloud", AzureAuthorityHosts.AzurePublicCloud, ArmEnvironment.AzurePublicCloud);

    private static readonly AzureCloud s_government = new("AzureUSGovernment", AzureAuthorityHosts.AzureGovernment, ArmEnvironment.AzureGovernment);

    private static readonly AzureCloud s_china = new("AzureChinaCloud", AzureAuthorityHosts.AzureChina, ArmEnvironment.AzureChina);

    private static readonly AzureCloud[] s_known = [Public, s_government, s_china];

    /// <summary>The cloud of that name; null when there is none.</summary>
    public static AzureCloud? Find(string name) => AzureCloudNames.Find(name) is { } own ? s_known.Single(cloud => cloud.Name == own) : null;

    /// <summary>The cloud whose tokens come from there; null when it is none of Microsoft's.</summary>
    public static AzureCloud? OfAuthority(Uri authority) =>
        s_known.FirstOrDefault(cloud => cloud.Authority.Host.Equals(authority.Host, StringComparison.OrdinalIgnoreCase));

    /// <summary>The cloud of a pair of addresses, as an auth file has them; what is left out is the public cloud's.</summary>
    /// <param name="authority">Where tokens come from.</param>
    /// <param name="endpoint">The Resource Manager.</param>
    /// <param name="audience">For whom tokens are, in a cloud that is none of Microsoft's.</param>
    public static AzureCloud Of(Uri? authority, Uri? endpoint, string? audience)
    {
        if (endpoint is null) return authority is null ? Public : OfAuthority(authority) ?? Public with { Authority = authority };
        var known = s_known.FirstOrDefault(cloud => cloud.Environment.Endpoint.Host.Equals(endpoint.Host, StringComparison.OrdinalIgnoreCase));
        if (known is not null) return authority is null ? known : known with { Authority = authority };
        return new AzureCloud(endpoint.Host, authority ?? Public.Authority, new ArmEnvironment(endpoint, audience ?? endpoint.ToString()));
    }
}
