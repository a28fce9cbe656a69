using System.Text.Json.Nodes;

namespace ChaosPS.Providers.Tests.Chaosk8s;

/// <summary>An experiment for each activity of chaosk8s, by its name after <c>chaosk8s.</c>.</summary>
internal static partial class ActivityCases
{
    private const string S = "contactsapp";
    private const string Front = "frontend-deploy";

    public static Dictionary<string, ActivityCase> All { get; } =
        new(Workloads().Concat(Objects()).Concat(Networking()).Concat(Custom()).Concat(Pods()).Concat(Nodes()).Concat(Deprecated()));

    private static Act Get(string plural, string name, string group = "apps", string space = S) => new(
        "crd.probes.get_custom_object", $$"""{"group":"{{group}}","version":"v1","plural":"{{plural}}","name":"{{name}}","ns":"{{space}}"}""");

    private static Act List(string plural, string group = "apps", string space = S) => new(
        "crd.probes.list_custom_objects", $$"""{"group":"{{group}}","version":"v1","plural":"{{plural}}","ns":"{{space}}"}""");

    private static IEnumerable<string> Names(JsonNode? list) => list!["items"]!.AsArray().Select(static item => (string)item!["metadata"]!["name"]!);

    private static long Number(JsonNode? node) => node!.GetValue<long>();

    private static void IsTrue(JsonNode? node) => Assert.True(node!.GetValue<bool>());

    private static void IsFalse(JsonNode? node) => Assert.False(node!.GetValue<bool>());

    private static string Workload(string kind, string name, string more = "") => $$"""
        apiVersion: apps/v1
        kind: {{kind}}
        metadata: {name: {{name}}, labels: {app: {{name}} } }
        spec:
          selector: {matchLabels: {app: {{name}} } }
          {{more}}
          template:
            metadata: {labels: {app: {{name}} } }
            spec:
              containers: [{name: c, image: registry.k8s.io/pause:3.10}]
        """;
}
