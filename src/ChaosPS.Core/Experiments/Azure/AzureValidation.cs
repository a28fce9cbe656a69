using ChaosPS.Azure;
using ChaosPS.Ports;

namespace ChaosPS.Experiments.Azure;

/// <summary>What can be said before a run of who asks Azure, and where.</summary>
internal static class AzureValidation
{
    private const string Modules = "chaosazure.";

    /// <summary>Whether a Python module asks Azure.</summary>
    public static bool IsOf(string module) => module.StartsWith(Modules, StringComparison.Ordinal);

    /// <summary>Whether a provider, or what an activity has in its place, asks Azure.</summary>
    public static bool Asks(DocumentMapping node) =>
        (node["module"] ?? (node["provider"] as DocumentMapping)?["module"]) is DocumentScalar { Value: string module } && IsOf(module);

    /// <summary>Reports clouds that there are not, among the secrets of those who ask.</summary>
    public static void Check(Experiment experiment, IReadOnlyDictionary<string, object?> secrets, FindingList findings)
    {
        foreach (var provider in experiment.Providers.Select(static found => found.Provider).OfType<NativeProvider>().Where(static provider => IsOf(provider.Activity.Module)))
        {
            foreach (var scope in ClusterSecrets.Scopes(provider.Node))
            {
                if (secrets.GetValueOrDefault(scope) is not IReadOnlyDictionary<string, object?> values) continue;
                if (AzureSecrets.Read(values)?.AzureCloud is not { } cloud || AzureCloudNames.Find(cloud) is not null) continue;

                // What it is stands among the secrets, and so is not shown.
                findings.BreaksRun(
                    "AzureCloudUnknown", provider.Node["secrets"]!, $"The azure_cloud of the secrets '{scope}' is no cloud of Azure.",
                    $"It is one of {string.Join(", ", AzureCloudNames.All)}.");
                findings.OfAzure();
            }
        }
    }

    /// <summary>Where in Azure the experiment would work, as far as that is said without asking anybody. What its secrets say is not.</summary>
    public static AzureScope Place(IReadOnlyDictionary<string, object?> configuration, EnvironmentVariables environment)
    {
        var site = environment.Site;
        return new AzureScope(
            AzureAskers.Subscription(configuration) ?? Read("AZURE_SUBSCRIPTION_ID") ?? site?.SubscriptionId,
            site?.Account?.Cloud ?? (Read("AZURE_CLOUD") is { } named ? AzureCloudNames.Find(named) : null),
            site?.Aks?.TenantId ?? site?.Account?.TenantId ?? Read("AZURE_TENANT_ID"));

        string? Read(string name) => environment.Get(name) is { Length: > 0 } text ? text : null;
    }
}
