using System.Text.Json;
using ChaosPS.Clusters;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary><c>chaosk8s.node.probes</c>. Without a label selector they look at all nodes; without any node that matches they fail.</summary>
internal static class NodeProbes
{
    private const string Module = "chaosk8s.node.probes";

    /// <summary>The conditions of a healthy node, also those that node-problem-detector writes.</summary>
    private static readonly Dictionary<string, string> s_healthy = new()
    {
        ["FrequentKubeletRestart"] = "False",
        ["FrequentDockerRestart"] = "False",
        ["FrequentContainerdRestart"] = "False",
        ["ReadonlyFilesystem"] = "False",
        ["KernelDeadlock"] = "False",
        ["CorruptDockerOverlay2"] = "False",
        ["FrequentUnregisterNetDevice"] = "False",
        ["NetworkUnavailable"] = "False",
        ["MemoryPressure"] = "False",
        ["DiskPressure"] = "False",
        ["PIDPressure"] = "False",
        ["Ready"] = "True",
    };

    public static IReadOnlyList<NativeActivity> All { get; } =
    [
        new KubernetesProbe(
            Module, "get_nodes", "The nodes, as the API lists them.", [Argument.LabelSelector],
            static async (call, token) => JsonValues.FromJson(
                await call.Cluster.ListObjectsAsync(Kinds.Node, null, new ObjectQuery(call.Arguments.OptionalText("label_selector")), token))),
        new KubernetesProbe(
            Module, "get_all_node_status_conditions", "The conditions of the nodes: for each its name, and the status of each condition by its type.",
            [Argument.LabelSelector],
            static async (call, token) => (await ListAsync(call, token))
                .Select(static object? (node) => PythonValue.Map(Conditions(node).Prepend(KeyValuePair.Create("name", (object?)Manifest.Name(node))))).ToArray()),
        new KubernetesProbe(
            Module, "all_nodes_must_be_ready_to_schedule", "Whether all nodes are Ready and none is cordoned.", [Argument.LabelSelector],
            static (call, token) => EveryAsync(
                call, static (node, conditions) => Equals(conditions.GetValueOrDefault("Ready"), "True") && !node.Flag("spec", "unschedulable"), token)),
        new KubernetesProbe(
            Module, "verify_nodes_condition", "Whether a condition of all nodes has a status.",
            [
                Argument.Text("condition_type", "the condition.", "PIDPressure"), Argument.Text("condition_value", "its status: True, False or Unknown.", "False"),
                Argument.LabelSelector,
            ],
            static (call, token) => EveryAsync(
                call, (_, conditions) => Equals(conditions.GetValueOrDefault(call.Arguments.Text("condition_type")), call.Arguments.Text("condition_value")), token)),
        new KubernetesProbe(
            Module, "nodes_must_be_healthy", "Whether all nodes are Ready and have no condition that speaks of a problem.", [Argument.LabelSelector],
            static (call, token) => EveryAsync(
                call, static (_, conditions) => s_healthy.All(wanted => !conditions.TryGetValue(wanted.Key, out var status) || Equals(status, wanted.Value)), token)),
    ];

    private static async Task<object?> EveryAsync(
        KubernetesCall call, Func<JsonElement, IReadOnlyDictionary<string, object?>, bool> isSo, CancellationToken cancellationToken) =>
        (await ListAsync(call, cancellationToken)).All(node => isSo(node, Conditions(node)));

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(KubernetesCall call, CancellationToken cancellationToken)
    {
        var labels = call.Arguments.OptionalText("label_selector");
        var nodes = await call.FindAllAsync(Kinds.Node, null, labels, cancellationToken);
        return nodes.Count > 0 ? nodes : throw await call.NothingMatchedAsync(Kinds.Node, null, $"nodes with the labels '{labels}'", cancellationToken);
    }

    private static OrderedDictionary<string, object?> Conditions(JsonElement node) => PythonValue.Map(
        node.Items("status", "conditions").Select(static condition => KeyValuePair.Create(condition.Text("type") ?? "", (object?)condition.Text("status"))));
}
