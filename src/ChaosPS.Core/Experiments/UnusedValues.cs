using ChaosPS.Experiments.Azure;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Finds values of the configuration and scopes of secrets that nothing uses, and scopes that are used and not there.</summary>
internal static class UnusedValues
{
    /// <summary>What functions of the extensions read from the configuration by name, and not by a placeholder.</summary>
    private static readonly string[] s_readByName = ["azure_", "vault_", "kubernetes_", "aws_", "gcp_", "dynatrace_", "slack_"];

    /// <summary>Warns at the place of each.</summary>
    public static void Check(DocumentMapping document, FindingList findings)
    {
        var secrets = document["secrets"] as DocumentMapping;
        DocumentNode[] users = [.. document.Entries.Where(static entry => entry.Key.Value is not "secrets").Select(static entry => entry.Value)];
        var used = users.SelectMany(DocumentValues.Texts).SelectMany(static text => Substitution.Names(text.Value)).ToHashSet();
        var scopes = users.SelectMany(static user => Scopes(user)).ToArray();
        foreach (var entry in (document["configuration"] as DocumentMapping)?.Entries ?? [])
        {
            var key = DocumentValues.Key(entry);
            if (used.Contains(key) || s_readByName.Any(start => key.StartsWith(start, StringComparison.Ordinal))) continue;
            findings.Warning("VariableUnused", entry.Key, $"Nothing uses the configuration key '{key}'.", $"Write ${{{key}}} where it is meant, or remove it.");
        }

        foreach (var entry in secrets?.Entries ?? [])
        {
            var scope = DocumentValues.Key(entry);
            if (scopes.Any(used => used.Name.Value is string name && name == scope) || entry.Value is not DocumentMapping values) continue;
            if (values.Entries.Any(value => used.Contains(DocumentValues.Key(value)))) continue;
            findings.Warning(
                "VariableUnused", entry.Key, $"Nothing uses the secrets '{scope}'.", $"Name them in a provider, secrets: [{scope}], or remove them.");
        }

        string[] known = [.. secrets?.Entries.Select(DocumentValues.Key) ?? []];
        foreach (var (scope, ofAzure) in scopes.Where(scope => scope.Name.Value is not string name || !known.Contains(name)))
        {
            var name = PythonValue.Text(scope.Value);
            var instead = ofAzure ? ": Azure is asked as whoever starts the run." : ".";
            findings.Warning("SecretsUnknown", scope, $"There are no secrets '{name}'{instead}", Errors.NearestNames.Suggest(name, known));
            if (ofAzure) findings.OfAzure();
        }
    }

    /// <summary>The scopes that providers, and by a common mistake activities, name, and whether those say who asks Azure.</summary>
    private static IEnumerable<(DocumentScalar Name, bool OfAzure)> Scopes(DocumentNode node) => node switch
    {
        DocumentSequence sequence => sequence.Items.SelectMany(static item => Scopes(item)),
        DocumentMapping mapping => mapping.Entries.SelectMany(entry => entry switch
        {
            { Key.Value: "secrets", Value: DocumentSequence scopes } => scopes.Items.OfType<DocumentScalar>().Select(scope => (scope, AzureValidation.Asks(mapping))),
            { Key.Value: "secrets", Value: DocumentScalar { Value: string } scope } => [(scope, AzureValidation.Asks(mapping))],
            _ => Scopes(entry.Value),
        }),
        _ => [],
    };
}
