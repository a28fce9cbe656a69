using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Manifests;

namespace ChaosPS.Providers.Kubernetes;

/// <summary>The patch that adds a required pod anti-affinity term and keeps the ones that are there.</summary>
internal static class AntiAffinityPatch
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";

    private static readonly string[] s_known = ["labelSelector", "topologyKey", "namespaces"];

    /// <summary>The strategic merge patch; null when the workload has the same term already.</summary>
    /// <remarks>
    /// The API replaces this list as a whole, so the patch repeats what is there word for word and carries the resource version:
    /// when somebody else changed the workload meanwhile, the API answers 409 and nothing is lost.
    /// </remarks>
    public static string? Create(JsonElement workload, PodAffinityTerm term)
    {
        var root = JsonNode.Parse(workload.GetRawText())!;
        var existing = root["spec"]?["template"]?["spec"]?["affinity"]?["podAntiAffinity"]?[Required] as JsonArray;
        if (existing is not null && existing.Any(other => other is JsonObject written && IsSame(written, term))) return null;

        var terms = existing?.DeepClone().AsArray() ?? [];
        terms.Add(PodRules.Write(term));
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = root["metadata"]?["resourceVersion"]?.DeepClone() },
            ["spec"] = new JsonObject
            {
                ["template"] = new JsonObject
                {
                    ["spec"] = new JsonObject
                    {
                        ["affinity"] = new JsonObject { ["podAntiAffinity"] = new JsonObject { [Required] = terms } },
                    },
                },
            },
        }.ToJsonString();
    }

    /// <summary>The JSON patch that takes the term out, on condition that nobody changed the workload meanwhile; null when it has no such term.</summary>
    /// <remarks>A failed condition is answered with 409 when the resource version differs, as for every write that carries one.</remarks>
    public static string? Remove(JsonElement workload, PodAffinityTerm term)
    {
        var root = JsonNode.Parse(workload.GetRawText())!;
        var affinity = root["spec"]?["template"]?["spec"]?["affinity"];
        var existing = affinity?["podAntiAffinity"]?[Required] as JsonArray ?? [];
        for (var index = 0; index < existing.Count; index++)
        {
            if (existing[index] is not JsonObject written || !IsSame(written, term)) continue;
            return new JsonArray(
                new JsonObject { ["op"] = "replace", ["path"] = "/metadata/resourceVersion", ["value"] = root["metadata"]?["resourceVersion"]?.DeepClone() },
                new JsonObject { ["op"] = "remove", ["path"] = $"/spec/template/spec/affinity{Emptied()}" }).ToJsonString();

            // Nothing empty is left: a template that is again as it was has its old replica set, and needs no rollout of its own.
            string Emptied() =>
                existing.Count > 1 ? $"/podAntiAffinity/{Required}/{index}"
                : affinity!["podAntiAffinity"]!.AsObject().Count > 1 ? $"/podAntiAffinity/{Required}"
                : affinity.AsObject().Count > 1 ? "/podAntiAffinity"
                : "";
        }

        return null;
    }

    private static bool IsSame(JsonObject written, PodAffinityTerm term)
    {
        // A term with fields that are not read here (namespaceSelector, matchLabelKeys) says something else.
        if (written.Any(property => !s_known.Contains(property.Key))) return false;
        var selector = written["labelSelector"] is { } node
            ? KubernetesReader.ReadLabelSelector(JsonSerializer.SerializeToElement(node)) : null;
        var namespaces = (written["namespaces"] as JsonArray)?.Select(name => name!.GetValue<string>()) ?? [];
        return written["topologyKey"]?.GetValue<string>() == term.TopologyKey
            && Normal(selector) == Normal(term.Selector)
            && namespaces.Order(StringComparer.Ordinal).SequenceEqual(term.Namespaces.Order(StringComparer.Ordinal));
    }

    private static string? Normal(LabelSelector? selector) => selector is null ? null : string.Join(',', selector.Requirements
        .Select(requirement => requirement with { Values = [.. requirement.Values.Order(StringComparer.Ordinal)] })
        .Select(requirement => requirement.ToString())
        .Order(StringComparer.Ordinal));
}
