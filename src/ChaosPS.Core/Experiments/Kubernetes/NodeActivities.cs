using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary><c>chaosk8s.node.actions</c>.</summary>
internal static class NodeActivities
{
    private const string Module = "chaosk8s.node.actions";

    private static readonly ActivityArgument[] s_which = [Argument.OptionalName("node"), Argument.LabelSelector];

    private static readonly ActivityArgument[] s_pods =
    [
        Argument.Text("pod_label_selector", "only nodes that have a pod with these labels."),
        Argument.Text("pod_namespace", "the namespace of those pods; must be given with pod_label_selector."),
    ];

    private static readonly ActivityArgument s_count = Argument.Number("count", "so many of them, at random.");

    /// <summary>Names of fields as Python's client has them, where the API's are not the same in camel case.</summary>
    private static readonly Dictionary<string, string> s_fields = new()
    {
        ["provider_id"] = "providerID",
        ["pod_cidr"] = "podCIDR",
        ["pod_cid_rs"] = "podCIDRs",
        ["external_id"] = "externalID",
    };

    public static IReadOnlyList<NativeActivity> All { get; } =
    [
        new KubernetesAction(
            Module, "cordon_node", "Lets no new pods come to nodes.", s_which,
            static async (call, token) => ActionPlan.Naming([.. (await SelectAsync(call, false, token)).Select(static node => new CordonStep(node, true))])),
        new KubernetesAction(
            Module, "uncordon_node", "Lets pods come to nodes again.", s_which,
            static async (call, token) => ActionPlan.Naming([.. (await SelectAsync(call, false, token)).Select(static node => new CordonStep(node, false))])),
        new KubernetesAction(
            Module, "drain_nodes", "Cordons nodes and evicts their pods, but those of DaemonSets; waits until they are gone.",
            [
                .. s_which, Argument.Flag("delete_pods_with_local_storage", "whether pods with data on the node go too; otherwise they stay."),
                Argument.Number("timeout", "how many seconds each node may take.", 120), s_count, .. s_pods,
            ],
            static (call, token) => DrainAsync(call, token)),
        new KubernetesAction(
            Module, "delete_nodes", "Deletes node objects. The machines go on running; it cannot be undone.",
            [
                Argument.LabelSelector, Argument.Flag("all", "whether all of them are deleted."), Argument.Flag("rand", "whether one at random is."), s_count,
                Argument.Number("grace_period_seconds", "seconds until the object is gone."), .. s_pods,
            ],
            static (call, token) => DeleteAsync(call, token)),
        new KubernetesAction(
            Module, "create_node", "Makes a node object. No machine comes with it.",
            [
                Argument.Map("meta", "its metadata, with a name; fields as Python's client or the API names them.", required: true),
                Argument.Map("spec", "its spec; fields as Python's client or the API names them."),
            ],
            static async (call, token) =>
            {
                var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["metadata"] = Fields(call, "meta") };
                if (call.Arguments.Has("spec")) body["spec"] = Fields(call, "spec");
                var (step, existing) = await Steps.CreateAsync(call, Kinds.Node, null, body, token);
                return ActionPlan.Answering(step, existing);
            }),
    ];

    /// <summary>How the arguments of <c>drain_nodes</c> say that it is done.</summary>
    public static DrainOptions DrainOptions(ActivityArguments arguments) => new()
    {
        IgnoreDaemonSet = true,
        DeleteEmptyDirData = arguments.Flag("delete_pods_with_local_storage"),
        LeaveLocalData = !arguments.Flag("delete_pods_with_local_storage"),
        Timeout = TimeSpan.FromSeconds(arguments.Number("timeout")),
    };

    private static async Task<ActionPlan> DrainAsync(KubernetesCall call, CancellationToken cancellationToken)
    {
        var options = DrainOptions(call.Arguments);
        var nodes = await SelectAsync(call, call.Arguments.Has("count"), cancellationToken);
        nodes = Take(call, nodes, call.Arguments.OptionalNumber("count"));
        foreach (var node in nodes) await NodeDrainer.PlanAsync(call.Connection, node, options, cancellationToken); // refuses what must not be evicted
        return ActionPlan.Naming([.. nodes.Select(node => new DrainStep(node, options))]) with
        {
            Check = (gate, log, token) => gate.CheckDrainAsync(nodes, log, token),
        };
    }

    private static async Task<ActionPlan> DeleteAsync(KubernetesCall call, CancellationToken cancellationToken)
    {
        var (all, rand) = (call.Arguments.Flag("all"), call.Arguments.Flag("rand"));
        var nodes = await SelectAsync(call, all || rand || call.Arguments.Has("count"), cancellationToken);
        if (!all) nodes = rand || call.Arguments.Has("count") ? Take(call, nodes, rand ? 1 : call.Arguments.OptionalNumber("count")) : [nodes[0]];
        var steps = new List<ActionStep>();
        foreach (var node in nodes)
        {
            var reference = new ObjectReference(Kinds.Node, null, node.Name);
            if (await call.Cluster.FindObjectAsync(reference, cancellationToken) is { } found)
                steps.Add(Steps.Delete(reference, found, call.Arguments.OptionalNumber("grace_period_seconds")));
        }

        return ActionPlan.Naming(steps) with { Check = (gate, log, token) => gate.CheckDrainAsync(nodes, log, token) };
    }

    /// <summary>The nodes of a name, of labels, or with pods of labels, in the order of their names.</summary>
    /// <param name="call">The activity.</param>
    /// <param name="isAmountSaid">Whether it says how many, so that all nodes may be candidates.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ChaosException">There is none (id <c>NothingMatched</c>), or nothing says which (<c>SelectionMissing</c>).</exception>
    private static async Task<IReadOnlyList<ClusterNode>> SelectAsync(KubernetesCall call, bool isAmountSaid, CancellationToken cancellationToken)
    {
        var (name, labels, podLabels, space) = (Optional("name"), Optional("label_selector"), Optional("pod_label_selector"), Optional("pod_namespace"));
        foreach (var argument in (string[])["name", "label_selector", "pod_label_selector"])
        {
            if (call.Arguments.Declares(argument) && call.Arguments.Has(argument) && Optional(argument) is null) throw Missing($"has an empty {argument}");
        }

        if (name is null && labels is null && podLabels is null && !isAmountSaid) throw Missing("does not say which nodes");
        if (podLabels is not null && space is null)
            throw ChaosErrors.ArgumentInvalid(call.Activity, "pod_namespace", "the namespace of the pods of pod_label_selector", "None");
        var selector = labels is null ? LabelSelector.Everything : LabelSelector.Parse(labels);
        var nodes = (await call.Cluster.GetNodesAsync(cancellationToken))
            .Where(node => (name is null || node.Name == name) && selector.Matches(node.Labels)).ToArray();
        if (podLabels is not null)
        {
            var pods = await call.Cluster.GetPodsAsync(space, podLabels, cancellationToken);
            nodes = [.. nodes.Where(node => pods.Any(pod => pod.NodeName == node.Name))];
        }

        if (nodes.Length > 0) return nodes;
        var what = $"nodes{(name is null ? "" : $" named '{name}'")}{(labels is null ? "" : $" with the labels '{labels}'")}"
            + (podLabels is null ? "" : $" with pods of the labels '{podLabels}'");
        throw await call.NothingMatchedAsync(Kinds.Node, null, what, cancellationToken);

        string? Optional(string argument) => call.Arguments.Declares(argument) ? call.Arguments.OptionalText(argument) : null;

        ChaosException Missing(string why) => ChaosErrors.SelectionMissing(
            call.Activity, why, "nodes of the cluster", "Name the node, or select by labels of nodes or of pods.");
    }

    /// <summary>So many at random; what was chosen before the run stays chosen as long as it is there.</summary>
    private static IReadOnlyList<ClusterNode> Take(KubernetesCall call, IReadOnlyList<ClusterNode> nodes, int? count)
    {
        if (count is null) return nodes;
        if (count < 1) throw ChaosErrors.ArgumentInvalid(call.Activity, "count", "1 or more", $"{count}");
        ClusterNode[] chance = [.. nodes];
        call.Random.Shuffle(chance);
        return [.. chance.OrderBy(node => call.Chosen.Any(target => target.Name == new ObjectReference(Kinds.Node, null, node.Name).ToString()) ? 0 : 1).Take(count.Value)];
    }

    private static JsonObject Fields(KubernetesCall call, string argument) => new(
        ((IReadOnlyDictionary<string, object?>)call.Arguments.Value(argument)!).Select(static field => KeyValuePair.Create(Field(field.Key), JsonValues.ToJson(field.Value))));

    private static string Field(string name) => s_fields.GetValueOrDefault(name) ?? string.Concat(
        name.Split('_').Select(static (part, index) => index == 0 || part.Length == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));
}
