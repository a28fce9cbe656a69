using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Tables;

namespace ChaosPS.Sandbox.Kubernetes.Rules;

/// <summary>The rules of a CustomResourceDefinition, as far as the sandbox goes by what it says.</summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/ ; the texts are the API server's.</remarks>
internal static class DefinitionRules
{
    /// <summary>What a definition of right shape breaks.</summary>
    public static IEnumerable<FieldError> Check(JsonObject manifest)
    {
        var spec = manifest["spec"]!.AsObject();
        var (name, group, plural) = (manifest.Text("metadata.name"), spec.Text("group"), spec.Text("names.plural"));
        if (name != $"{plural}.{group}") yield return FieldError.Invalid("metadata.name", $"\"{name}\"", "must be spec.names.plural+\".\"+spec.group");
        if (group.Length == 0) yield return FieldError.Required("spec.group");
        else if (!group.Contains('.', StringComparison.Ordinal)) yield return FieldError.Invalid("spec.group", $"\"{group}\"", "should be a domain with at least one dot");
        if (spec.Text("scope") is not ("Cluster" or "Namespaced")) yield return FieldError.NotSupported("spec.scope", spec.Text("scope"), "Cluster", "Namespaced");
        foreach (var field in new[] { "plural", "kind" })
        {
            if (spec.Text($"names.{field}").Length == 0) yield return FieldError.Required($"spec.names.{field}");
        }

        if (NameRules.CheckLabel(plural) is { } why && plural.Length > 0) yield return FieldError.Invalid("spec.names.plural", $"\"{plural}\"", why);
        JsonObject[] versions = [.. (spec["versions"] as JsonArray ?? []).OfType<JsonObject>()];
        if (versions.Count(version => (bool?)version["storage"] is true) != 1)
            yield return FieldError.Invalid("spec.versions", "[]", "must have exactly one version marked as storage version");
        foreach (var (index, version) in versions.Index())
        {
            var field = $"spec.versions[{index}]";
            if (NameRules.CheckLabel(version.Text("name")) is { } wrong) yield return FieldError.Invalid($"{field}.name", $"\"{version.Text("name")}\"", wrong);
            else if (versions.Take(index).Any(other => other.Text("name") == version.Text("name"))) yield return FieldError.Duplicate($"{field}.name", version.Text("name"));
            if (version.Find("schema.openAPIV3Schema") is null) yield return FieldError.Required($"{field}.schema.openAPIV3Schema", "schemas are required");
        }
    }
}
