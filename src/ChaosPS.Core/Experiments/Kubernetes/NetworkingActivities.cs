using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary><c>chaosk8s.networking</c>.</summary>
internal static class NetworkingActivities
{
    private const string Actions = "chaosk8s.networking.actions";

    private static readonly ActivityArgument s_podLabels = Argument.Map("label_selectors", "only pods with these labels; without it all pods of the namespace.");

    public static IReadOnlyList<NativeActivity> All { get; } =
    [
        ObjectActivities.Create(Actions, "create_ingress", Kinds.Ingress),
        ObjectActivities.Delete(Actions, "delete_ingress", Kinds.Ingress),
        ObjectActivities.Update(Actions, "update_ingress", Kinds.Ingress),
        new KubernetesAction(
            Actions, "create_network_policy", "Makes a NetworkPolicy, of its definition or of a file.",
            [
                Argument.Map("spec", "the whole NetworkPolicy, with apiVersion, kind and metadata."),
                Argument.Text("spec_path", "a file of JSON or YAML with the NetworkPolicy."), Argument.Namespace,
            ],
            static (call, token) => ObjectActivities.PlanCreateAsync(call, Kinds.NetworkPolicy, Definition(call), token)),
        ObjectActivities.Delete(Actions, "remove_network_policy", Kinds.NetworkPolicy),
        Add("deny_all_ingress", "Lets nothing in to pods", "chaostoolkit-deny-all-ingress", "Ingress", "ingress", new JsonArray()),
        Remove("remove_deny_all_ingress", "deny_all_ingress", "chaostoolkit-deny-all-ingress"),
        Add("deny_all_egress", "Lets nothing out of pods", "chaostoolkit-deny-all-egress", "Egress", null, null),
        Remove("remove_deny_all_egress", "deny_all_egress", "chaostoolkit-deny-all-egress"),
        Add("allow_dns_access", "Lets pods ask DNS, whatever else is denied to them", "chaostoolkit-allow-dns", "Egress", "egress", Dns()),
        Remove("remove_allow_dns_access", "allow_dns_access", "chaostoolkit-allow-dns"),
        new KubernetesProbe(
            "chaosk8s.networking.probes", "ingress_exists", "Whether there is an Ingress of a name.", [Argument.Name("Ingress"), Argument.Namespace],
            static async (call, token) => (await call.FindAllAsync(Kinds.Ingress, call.Arguments.Text("name"), null, token)).Count > 0),
    ];

    private static JsonObject Definition(KubernetesCall call) =>
        call.Arguments.OptionalText("spec_path") is { } path ? call.Files.Read(path)
        : JsonValues.ToJson(call.Arguments.Value("spec")) as JsonObject
            ?? throw ChaosErrors.ArgumentInvalid(call.Activity, "spec", "a mapping, unless spec_path is given", "None");

    /// <summary>A policy of a fixed name for pods of a namespace.</summary>
    private static KubernetesAction Add(string function, string help, string name, string policyType, string? rulesName, JsonNode? rules) => new(
        Actions, function, $"{help}: a NetworkPolicy {name}.", [s_podLabels, Argument.Namespace],
        (call, token) =>
        {
            var labels = JsonValues.ToJson(call.Arguments.Labels("label_selectors"));
            var spec = new JsonObject
            {
                ["podSelector"] = labels is null ? [] : new JsonObject { ["matchLabels"] = labels },
                ["policyTypes"] = new JsonArray(policyType),
            };
            if (rulesName is not null) spec[rulesName] = rules?.DeepClone();
            return ObjectActivities.PlanCreateAsync(
                call, Kinds.NetworkPolicy,
                new JsonObject
                {
                    ["apiVersion"] = Kinds.NetworkPolicy.ApiVersion,
                    ["kind"] = Kinds.NetworkPolicy.Kind,
                    ["metadata"] = new JsonObject { ["name"] = name },
                    ["spec"] = spec,
                },
                token);
        });

    private static KubernetesAction Remove(string function, string opposite, string name) => new(
        Actions, function, $"Takes away what {opposite} made.", [Argument.Namespace],
        (call, token) => ObjectActivities.PlanDeleteAsync(call, new ObjectReference(Kinds.NetworkPolicy, call.Namespace, name), token));

    private static JsonArray Dns() => new(new JsonObject
    {
        ["to"] = new JsonArray(new JsonObject { ["namespaceSelector"] = new JsonObject() }),
        ["ports"] = new JsonArray(
            new JsonObject { ["port"] = 53, ["protocol"] = "UDP" },
            new JsonObject { ["port"] = 53, ["protocol"] = "TCP" }),
    });
}
