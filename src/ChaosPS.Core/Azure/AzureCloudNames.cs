namespace ChaosPS.Azure;

/// <summary>What the clouds of Azure are called.</summary>
internal static class AzureCloudNames
{
    /// <summary>The names that the Azure CLI has for them; every message uses these.</summary>
    public static IReadOnlyList<string> All { get; } = ["AzureCloud", "AzureUSGovernment", "AzureChinaCloud"];

    /// <summary>Those of Azure PowerShell, and of the Chaos Toolkit's extension for Azure.</summary>
    private static readonly Dictionary<string, string> s_others = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AzurePublicCloud"] = "AzureCloud",
        ["AZURE_PUBLIC_CLOUD"] = "AzureCloud",
        ["AZURE_US_GOV_CLOUD"] = "AzureUSGovernment",
        ["AZURE_CHINA_CLOUD"] = "AzureChinaCloud",
    };

    /// <summary>The name in the Azure CLI of a cloud that somebody has named; null when there is none of that name.</summary>
    public static string? Find(string name) =>
        All.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? s_others.GetValueOrDefault(name);
}
