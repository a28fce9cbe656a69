using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Providers.Tests.Chaosk8s;

/// <summary>Kinds that the sandbox learns: those of Chaos Mesh's faults, and two of a group of the test's. Nothing carries a fault out.</summary>
internal static class CustomKinds
{
    private static readonly ApiResource s_definitions =
        new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", Namespaced: false);

    private static readonly (string Group, string Version, string Kind, string Plural, string Scope)[] s_kinds =
    [
        ("chaos-mesh.org", "v1alpha1", "NetworkChaos", "networkchaos", "Namespaced"),
        ("chaos-mesh.org", "v1alpha1", "StressChaos", "stresschaos", "Namespaced"),
        ("g.io", "v1", "Thing", "things", "Namespaced"),
        ("g.io", "v1", "Global", "globals", "Cluster"),
    ];

    public static Task DefineAsync(ChaosConnection connection) => connection.Time.RunAsync(async () =>
    {
        foreach (var kind in s_kinds) await connection.Cluster.CreateObjectAsync(s_definitions, null, Definition(kind), dryRun: false, default);
    });

    private static JsonObject Definition((string Group, string Version, string Kind, string Plural, string Scope) kind) => JsonNode.Parse($$"""
        {
          "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "{{kind.Plural}}.{{kind.Group}}"},
          "spec": {
            "group": "{{kind.Group}}", "scope": "{{kind.Scope}}", "names": {"kind": "{{kind.Kind}}", "plural": "{{kind.Plural}}"},
            "versions": [{"name": "{{kind.Version}}", "served": true, "storage": true,
              "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true} } }]
          }
        }
        """)!.AsObject();
}
