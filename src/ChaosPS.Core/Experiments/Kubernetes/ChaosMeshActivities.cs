using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary><c>chaosk8s.chaosmesh</c>: faults of the network and of the load, as objects that Chaos Mesh carries out. Making one is undone by removing it.</summary>
/// <remarks>Source of the fields: https://chaos-mesh.org/docs/simulate-network-chaos-on-kubernetes/ and simulate-heavy-stress-on-kubernetes.</remarks>
internal static class ChaosMeshActivities
{
    private const string Network = "chaosk8s.chaosmesh.network";
    private const string Stress = "chaosk8s.chaosmesh.stress";

    private static readonly string[] s_modes = ["one", "all", "fixed", "fixed-percent", "random-max-percent"];

    private static readonly ActivityArgument[] s_pods =
    [
        Argument.Namespace,
        Argument.Texts("namespaces_selectors", "the namespaces of the pods."),
        Argument.Labels("label_selectors", "the labels of the pods."),
        Argument.Labels("annotations_selectors", "the annotations of the pods."),
        Argument.Text("mode", "how many of the pods: one, all, fixed, fixed-percent or random-max-percent.", "one"),
        Argument.Text("mode_value", "the number or the percentage of the mode."),
        Argument.Text("direction", "which way: to, from or both.", "to"),
    ];

    private static readonly ActivityArgument[] s_link =
    [
        Argument.Texts("external_targets", "addresses outside the cluster."),
        Argument.Text("target_mode", "how many of the pods at the other end.", "one"),
        Argument.Text("target_mode_value", "the number or the percentage of that mode."),
        Argument.Texts("target_namespaces_selectors", "the namespaces of the pods at the other end."),
        Argument.Labels("target_label_selectors", "the labels of the pods at the other end."),
        Argument.Labels("target_annotations_selectors", "the annotations of the pods at the other end."),
    ];

    private static readonly ActivityArgument[] s_load =
    [
        Argument.Text("duration", "how long, such as 30s.", "30s"),
        Argument.Texts("container_names", "the containers; without it the first of each pod."),
        Argument.Text("stressng_stressors", "stress-ng's own words, instead of the others."),
    ];

    private static readonly ActivityArgument s_correlation = Argument.Text("correlation", "how much each packet's lot goes by the one before, in percent.");

    public static IReadOnlyList<NativeActivity> All { get; } =
    [
        Fault(
            "add_latency", "Delays packets of pods.", "delay", "delay",
            [Argument.Text("latency", "how long, such as 100ms."), s_correlation, Argument.Text("jitter", "how much more or less, such as 10ms.")]),
        Fault("set_loss", "Loses packets of pods.", "loss", "loss", [Argument.Text("loss", "how many, in percent."), s_correlation]),
        Fault(
            "duplicate_packets", "Doubles packets of pods.", "duplicate", "duplicate", [Argument.Text("duplicate", "how many, in percent."), s_correlation]),
        Fault(
            "reorder_packets", "Sends packets of pods out of order.", "reorder", "reorder",
            [Argument.Text("reorder", "how many, in percent."), s_correlation, Argument.Text("gap", "how far apart.")]),
        Fault("corrupt_packets", "Damages packets of pods.", "corrupt", "corrupt", [Argument.Text("corrupt", "how many, in percent."), s_correlation]),
        Fault(
            "set_bandwidth", "Limits the bandwidth of pods.", "bandwidth", "bandwidth",
            [
                Argument.Needed("rate", "the bandwidth, such as 1mbps."),
                Argument.NeededNumber("limit", "how many bytes may wait."),
                Argument.NeededNumber("buffer", "how many bytes may be sent at once."),
                Argument.Number("peakrate", "the most that the buffer is emptied at."), Argument.Number("minburst", "the size of the peak's buffer."),
            ]),
        Delete($"{Network}.actions", "delete_network_fault", Kinds.NetworkChaos),
        List($"{Network}.probes", "get_network_faults", Kinds.NetworkChaos),
        Get($"{Network}.probes", "get_network_fault", Kinds.NetworkChaos),
        Load(
            "stress_cpu", "Keeps processors of pods busy.", "cpu",
            [Argument.NeededNumber("workers", "how many threads."), Argument.NeededNumber("load", "how busy each, in percent.")],
            static call => new JsonObject { ["workers"] = call.Arguments.Number("workers"), ["load"] = call.Arguments.Number("load") }),
        Load(
            "stress_memory", "Takes memory of pods.", "memory",
            [
                Argument.Number("workers", "how many threads."), Argument.Text("size", "how much, such as 256MB or 25%."),
                Argument.Number("oom_score", "how soon the kernel kills it."), Argument.Text("time_to_get_to_size", "how long until all is taken, such as 10s."),
            ],
            static call => Without(new JsonObject
            {
                ["workers"] = call.Arguments.OptionalNumber("workers") ?? 1,
                ["size"] = call.Arguments.OptionalText("size"),
                ["time"] = call.Arguments.OptionalText("time_to_get_to_size"),
                ["oomScoreAdj"] = call.Arguments.OptionalNumber("oom_score"),
            })),
        Delete($"{Stress}.actions", "delete_stressor", Kinds.StressChaos),
        List($"{Stress}.probes", "get_stressors", Kinds.StressChaos),
        Get($"{Stress}.probes", "get_stressor", Kinds.StressChaos),
    ];

    /// <param name="function">The function's name.</param>
    /// <param name="help">What it does.</param>
    /// <param name="action">What Chaos Mesh calls it.</param>
    /// <param name="field">The part of the spec that says more.</param>
    /// <param name="own">The arguments of that part: each is a field of the same name.</param>
    private static KubernetesAction Fault(string function, string help, string action, string field, ActivityArgument[] own)
    {
        ActivityArgument[] required = [.. own.Where(static argument => argument.Required)], optional = [.. own.Except(required)];
        return new KubernetesAction(
            $"{Network}.actions", function, help, [Argument.Name("fault"), .. required, .. s_pods, .. optional, .. s_link],
            (call, token) =>
            {
                var detail = Without(new JsonObject(own.Select(argument => KeyValuePair.Create(argument.Name, JsonValues.ToJson(Plain(call, argument))))));
                var spec = new JsonObject { ["action"] = action, ["selector"] = Selector(call, ""), [field] = detail };
                Choose(call, spec, "");
                spec["direction"] = call.Arguments.Text("direction");
                if (call.Arguments.Texts("external_targets") is { } outside) spec["externalTargets"] = Texts(outside);
                if (HasTarget(call))
                {
                    var target = new JsonObject { ["selector"] = Selector(call, "target_") };
                    Choose(call, target, "target_");
                    spec["target"] = target;
                }

                return PlanAsync(call, Kinds.NetworkChaos, spec, token);
            });
    }

    private static KubernetesAction Load(
        string function, string help, string stressor, ActivityArgument[] own, Func<KubernetesCall, JsonObject> detail) => new(
        $"{Stress}.actions", function, help, [Argument.Name("fault"), .. own, .. s_pods, .. s_load],
        (call, token) =>
        {
            var spec = new JsonObject
            {
                ["selector"] = Selector(call, ""),
                ["stressors"] = new JsonObject { [stressor] = detail(call) },
                ["duration"] = call.Arguments.Text("duration"),
            };
            Choose(call, spec, "");
            if (call.Arguments.Texts("container_names") is { } containers) spec["containerNames"] = Texts(containers);
            if (call.Arguments.OptionalText("stressng_stressors") is { } words) spec["stressngStressors"] = words;
            return PlanAsync(call, Kinds.StressChaos, spec, token);
        });

    private static async Task<ActionPlan> PlanAsync(KubernetesCall call, ApiResource resource, JsonObject spec, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = resource.ApiVersion,
            ["kind"] = resource.Kind,
            ["metadata"] = new JsonObject { ["name"] = call.Arguments.Text("name"), ["namespace"] = call.Namespace },
            ["spec"] = spec,
        };
        var (step, existing) = await Steps.CreateAsync(call, resource, call.Namespace, body, cancellationToken);
        return ActionPlan.Answering(step, existing);
    }

    private static KubernetesAction Delete(string module, string function, ApiResource resource) => new(
        module, function, $"Ends a fault: removes its {resource.Kind}.", [Argument.Name("fault"), Argument.Namespace],
        async (call, token) => ActionPlan.Answering(await Steps.DeleteAsync(call, call.Named(resource), token)));

    private static KubernetesProbe List(string module, string function, ApiResource resource) => new(
        module, function, $"The faults of a namespace: each {resource.Kind}, as the API lists them.", [Argument.Namespace],
        async (call, token) => JsonValues.FromJson(await call.Cluster.ListObjectsAsync(resource, call.Namespace, new ObjectQuery(), token)));

    private static KubernetesProbe Get(string module, string function, ApiResource resource) => new(
        module, function, $"A fault: its {resource.Kind}.", [Argument.Name("fault"), Argument.Namespace],
        async (call, token) => await CustomObjectActivities.GetAsync(call, call.Named(resource), token));

    /// <summary>Which pods; Chaos Mesh takes an empty selector for all pods of all namespaces.</summary>
    private static JsonObject Selector(KubernetesCall call, string prefix)
    {
        var selector = new JsonObject();
        if (call.Arguments.Texts($"{prefix}namespaces_selectors") is { } namespaces) selector["namespaces"] = Texts(namespaces);
        if (call.Arguments.Labels($"{prefix}label_selectors") is { } labels) selector["labelSelectors"] = JsonValues.ToJson(labels);
        if (call.Arguments.Labels($"{prefix}annotations_selectors") is { } annotations) selector["annotationSelectors"] = JsonValues.ToJson(annotations);
        return selector.Count > 0 ? selector : throw ChaosErrors.SelectionMissing(
            call.Activity, $"selects no {(prefix.Length == 0 ? "pods" : "pods at the other end")}", "pods of the cluster",
            $"Give {prefix}label_selectors, {prefix}namespaces_selectors or {prefix}annotations_selectors.");
    }

    /// <summary>How many of the pods.</summary>
    private static void Choose(KubernetesCall call, JsonObject spec, string prefix)
    {
        var mode = call.Arguments.Text($"{prefix}mode");
        if (!s_modes.Contains(mode)) throw ChaosErrors.ArgumentInvalid(call.Activity, $"{prefix}mode", $"one of {ChaosErrors.List(s_modes)}", $"'{mode}'");
        spec["mode"] = mode;
        if (mode is not ("one" or "all")) spec["value"] = call.Arguments.Text($"{prefix}mode_value");
    }

    /// <summary>Whether the other end is said. Chaos Mesh takes an empty one for all pods, so it is left out.</summary>
    private static bool HasTarget(KubernetesCall call) =>
        s_link.Any(argument => argument.Name is "target_namespaces_selectors" or "target_label_selectors" or "target_annotations_selectors" && call.Arguments.Has(argument.Name));

    private static object? Plain(KubernetesCall call, ActivityArgument argument) => argument.Type == ArgumentType.Integer
        ? (long?)call.Arguments.OptionalNumber(argument.Name)
        : call.Arguments.OptionalText(argument.Name);

    private static JsonObject Without(JsonObject json)
    {
        foreach (var (name, value) in json.ToArray())
        {
            if (value is null) json.Remove(name);
        }

        return json;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(static text => (JsonNode)text)];
}
