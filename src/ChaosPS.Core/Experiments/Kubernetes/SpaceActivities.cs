using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary><c>chaosk8s.service</c>, <c>chaosk8s.secret</c>, <c>chaosk8s.namespace</c> and <c>chaosk8s.event</c>.</summary>
internal static class SpaceActivities
{
    private const string ServiceActions = "chaosk8s.service.actions";
    private const string SecretActions = "chaosk8s.secret.actions";
    private const string NamespaceActions = "chaosk8s.namespace.actions";
    private const string Raise = "raise_if_service_not_initialized";

    public static KubernetesAction DeleteService { get; } = ObjectActivities.Delete(ServiceActions, "delete_service", Kinds.Service);

    public static KubernetesProbe ServiceExists { get; } = new(
        "chaosk8s.service.probes", "service_is_initialized", "Whether there is a Service of a name, of labels, or of both.",
        [Argument.OptionalName("Service"), Argument.Namespace, Argument.LabelSelector, Argument.Raise(Raise)],
        static async (call, token) => call.Verdict(
            await ExistsAsync(call, Kinds.Service, token), $"service {Wanted(call)} is not initialized in namespace '{call.Namespace}'", Raise));

    public static KubernetesProbe SecretExists { get; } = new(
        "chaosk8s.secret.probes", "secret_exists", "Whether there is a Secret of a name, of labels, or of both.",
        [Argument.OptionalName("Secret"), Argument.Namespace, Argument.LabelSelector],
        static async (call, token) => await ExistsAsync(call, Kinds.Secret, token));

    public static IReadOnlyList<NativeActivity> All { get; } =
    [
        ObjectActivities.Create(ServiceActions, "create_service_endpoint", Kinds.Service),
        DeleteService,
        ServiceExists,
        ObjectActivities.Create(SecretActions, "create_secret", Kinds.Secret),
        ObjectActivities.Delete(SecretActions, "delete_secret", Kinds.Secret),
        SecretExists,
        new KubernetesAction(
            NamespaceActions, "create_namespace", "Makes a Namespace, of a name or of a file.",
            [Argument.OptionalName("Namespace"), Argument.Text("spec_path", "a file of JSON or YAML with the Namespace.")],
            static (call, token) => ObjectActivities.PlanCreateAsync(call, Kinds.Namespace, NewNamespace(call), token)),
        ObjectActivities.Delete(NamespaceActions, "delete_namespace", Kinds.Namespace),
        new KubernetesProbe(
            "chaosk8s.namespace.probes", "namespace_exists", "Whether there is a Namespace of a name.", [Argument.Name("Namespace")],
            static async (call, token) => (await call.FindAllAsync(Kinds.Namespace, call.Arguments.Text("name"), null, token)).Count > 0),
        new KubernetesProbe(
            "chaosk8s.event.probes", "get_events", "Events of all namespaces, as the API lists them.",
            [
                Argument.LabelSelector, Argument.Text("field_selector", "only those with these fields, such as type=Warning."),
                Argument.Number("limit", "at most so many.", 100),
            ],
            static async (call, token) => JsonValues.FromJson(await call.Cluster.ListObjectsAsync(
                Kinds.Event, null,
                new ObjectQuery(
                    call.Arguments.OptionalText("label_selector"), call.Arguments.OptionalText("field_selector"), call.Arguments.Number("limit")),
                token))),
    ];

    private static JsonObject NewNamespace(KubernetesCall call) => call.Arguments.OptionalText("spec_path") is { } path
        ? call.Files.Read(path)
        : new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = call.Arguments.Text("name") },
        };

    private static async Task<bool> ExistsAsync(KubernetesCall call, ApiResource resource, CancellationToken cancellationToken)
    {
        var name = call.Arguments.OptionalText("name");
        var labels = call.Arguments.OptionalText("label_selector")?.Replace("{name}", name, StringComparison.Ordinal);
        return name is null && labels is null
            ? throw ChaosErrors.SelectionMissing(
                call.Activity, "has neither a name nor a label_selector", $"{resource.Plural} of namespace '{call.Namespace}'", "Name it, or select by labels.")
            : (await call.FindAllAsync(resource, name, labels, cancellationToken)).Count > 0;
    }

    private static string Wanted(KubernetesCall call) => $"'{call.Arguments.OptionalText("name") ?? call.Arguments.OptionalText("label_selector")}'";
}
