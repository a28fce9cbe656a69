using System.Text.Json;
using System.Text.RegularExpressions;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary><c>chaosk8s.pod.probes</c>. An empty label selector is all pods of the namespace, as the originals that require one mean it.</summary>
internal static class PodProbes
{
    private const string Module = "chaosk8s.pod.probes";
    private const string ByName = "name in ({name})";

    private static readonly ActivityArgument s_selector = new(
        "label_selector", ArgumentType.Text, Required: true, "the labels of the pods, such as app=web; empty for all of the namespace.");

    public static KubernetesProbe Logs { get; } = new(
        Module, "read_pod_logs", "The logs of pods, by their names.",
        [
            Argument.Text("name", "the value of the pods' label 'name'."), Argument.Text("last", "only the last part, such as 10s or 5 minutes."), Argument.Namespace,
            Argument.Flag("from_previous", "whether the containers' last incarnations are read."),
            Argument.Text("label_selector", "the labels of the pods; {name} stands for the name.", ByName),
            Argument.Text("container_name", "the container, for pods that have several."),
        ],
        static (call, token) => LogsAsync(call, token));

    public static KubernetesProbe NotAvailable { get; } = new(
        Module, "pod_is_not_available", "Whether no pod with the label 'name' of that value, or with the labels of the selector, is running.",
        [
            Argument.Needed("name", "the value of the pods' label 'name'."), Argument.Namespace,
            Argument.Text("label_selector", "the labels of the pods; {name} stands for the name.", ByName), Argument.Raise("raise_on_is_available"),
        ],
        static async (call, token) =>
        {
            var pods = await ListAsync(call, Formatted(call), token);
            var running = pods.FirstOrDefault(static pod => Phase(pod) == "Running");
            return call.Verdict(running.ValueKind == JsonValueKind.Undefined, $"pod '{call.Arguments.Text("name")}' is actually running", "raise_on_is_available");
        });

    public static KubernetesProbe AllHealthy { get; } = new(
        Module, "all_pods_healthy", "Whether every pod of a namespace is Running or has Succeeded.",
        [Argument.Namespace, Argument.Raise("raise_on_any_unhealthy")],
        static async (call, token) =>
        {
            var pods = await ListAsync(call, "", token);
            if (pods.Count == 0) return call.Verdict(false, $"there are no pods in namespace '{call.Namespace}'", "raise_on_any_unhealthy");
            string[] unhealthy = [.. pods.Where(static pod => Phase(pod) is not ("Running" or "Succeeded")).Select(static pod => $"{Manifest.Name(pod)} is {Phase(pod)}")];
            return call.Verdict(unhealthy.Length == 0, $"the system is unhealthy: {string.Join(", ", unhealthy)}", "raise_on_any_unhealthy");
        });

    public static IReadOnlyList<NativeActivity> All { get; } =
    [
        Logs,
        NotAvailable,
        AllHealthy,
        new KubernetesProbe(
            Module, "pods_in_phase", "Whether all selected pods are in a phase; without any it is not so.",
            [s_selector, Argument.Text("phase", "the phase.", "Running"), Argument.Namespace, Argument.Raise("raise_on_invalid_phase")],
            static (call, token) => EachAsync(
                call, "raise_on_invalid_phase", static (call, pod) => Phase(pod) == call.Arguments.Text("phase"),
                static (call, pod) => $"pod '{Manifest.Name(pod)}' is in phase '{Phase(pod)}' but should be '{call.Arguments.Text("phase")}'", token)),
        new KubernetesProbe(
            Module, "pods_not_in_phase", "Whether no selected pod is in a phase; without any pod it is not so.",
            [s_selector, Argument.Text("phase", "the phase.", "Running"), Argument.Namespace, Argument.Raise("raise_on_in_phase")],
            static (call, token) => EachAsync(
                call, "raise_on_in_phase", static (call, pod) => Phase(pod) != call.Arguments.Text("phase"),
                static (call, pod) => $"pod '{Manifest.Name(pod)}' should not be in phase '{Phase(pod)}'", token)),
        new KubernetesProbe(
            Module, "pods_in_conditions", "Whether all selected pods have conditions; without any it is not so.",
            [
                s_selector, new("conditions", ArgumentType.ListOfMappings, Required: true, "each with a type and a status."), Argument.Namespace,
                Argument.Raise("raise_on_invalid_conditions"),
            ],
            static (call, token) => EachAsync(
                call, "raise_on_invalid_conditions", static (call, pod) => Missing(call, pod) is null,
                static (call, pod) => $"pod {Manifest.Name(pod)} does not match the following given condition: {PythonValue.Repr(Missing(call, pod))}", token)),
        new KubernetesProbe(
            Module, "count_pods", "How many pods are selected.",
            [s_selector, Argument.Text("phase", "only those in this phase."), Argument.Namespace],
            static async (call, token) => (long)await CountAsync(call, token)),
        new KubernetesProbe(
            Module, "count_min_pods", "Whether at least so many pods are selected.",
            [s_selector, Argument.Text("phase", "only those in this phase.", "Running"), Argument.Number("min_count", "how many.", 2), Argument.Namespace],
            static async (call, token) => await CountAsync(call, token) >= call.Arguments.Number("min_count")),
        new KubernetesProbe(
            Module, "should_be_found_in_logs", "Whether a pattern is found in logs that read_pod_logs has read.",
            [
                Argument.Needed("pattern", "a regular expression."), Argument.Flag("all_containers", "whether it must be found in each log, not only in one.", true),
                Argument.Map("value", "the logs by the names of their pods."),
            ],
            static (call, _) => Task.FromResult<object?>(IsFound(call))),
    ];

    private static async Task<object?> LogsAsync(KubernetesCall call, CancellationToken cancellationToken)
    {
        var query = new PodLogQuery(
            call.Arguments.OptionalText("container_name"), call.Arguments.Flag("from_previous"),
            call.Arguments.OptionalText("last") is { } last ? TimeSpanText.Seconds(last) ?? throw ChaosErrors.ArgumentInvalid(call.Activity, "last", "a time such as 10s or 5 minutes", $"'{last}'") : null);
        var labels = Formatted(call);
        var pods = await ListAsync(call, labels, cancellationToken);
        if (pods.Count == 0) throw await call.NothingMatchedAsync(Kinds.Pod, call.Namespace, $"pods with the labels '{labels}'", cancellationToken);
        var logs = new OrderedDictionary<string, object?>();
        var left = OutputLimit.Mebibytes << 20;
        foreach (var name in pods.Select(Manifest.Name))
        {
            var log = await call.Cluster.ReadPodLogAsync(call.Namespace, name, query, cancellationToken);
            left -= log.Length;
            if (left < 0) throw ChaosErrors.OutputTooLarge($"all that the {pods.Count} pods with the labels '{labels}' have logged", OutputLimit.Mebibytes);
            logs[name] = log;
        }

        return logs;
    }

    private static bool IsFound(KubernetesCall call)
    {
        if (call.Arguments.Value("value") is not IReadOnlyDictionary<string, object?> { Count: > 0 } logs) throw ChaosErrors.ProbeFailed("no logs to search from");
        Regex pattern;
        try
        {
            pattern = PythonRegex.Compile(call.Arguments.Text("pattern"));
        }
        catch (ArgumentException exception)
        {
            throw ChaosErrors.ArgumentInvalid(call.Activity, "pattern", "a regular expression", exception.Message);
        }

        var found = logs.Values.Count(log => pattern.IsMatch(PythonValue.Text(log)));
        return call.Arguments.Flag("all_containers") ? found == logs.Count : found > 0;
    }

    private static async Task<object?> EachAsync(
        KubernetesCall call, string flag, Func<KubernetesCall, JsonElement, bool> isSo, Func<KubernetesCall, JsonElement, string> otherwise,
        CancellationToken cancellationToken)
    {
        var labels = call.Arguments.OptionalText("label_selector") ?? "";
        var pods = await ListAsync(call, labels, cancellationToken);
        if (pods.Count == 0) return call.Verdict(false, $"no pods '{labels}' were found", flag);
        foreach (var pod in pods)
        {
            if (!isSo(call, pod)) return call.Verdict(false, otherwise(call, pod), flag);
        }

        return true;
    }

    private static async Task<int> CountAsync(KubernetesCall call, CancellationToken cancellationToken)
    {
        var pods = await ListAsync(call, call.Arguments.OptionalText("label_selector") ?? "", cancellationToken);
        return call.Arguments.OptionalText("phase") is { } phase ? pods.Count(pod => Phase(pod) == phase) : pods.Count;
    }

    private static Task<IReadOnlyList<JsonElement>> ListAsync(KubernetesCall call, string labels, CancellationToken cancellationToken) =>
        call.FindAllAsync(Kinds.Pod, null, labels.Length == 0 ? null : labels, cancellationToken);

    /// <summary>The label selector, with the name put in.</summary>
    private static string Formatted(KubernetesCall call)
    {
        var labels = call.Arguments.OptionalText("label_selector") ?? "";
        var name = call.Arguments.OptionalText("name");
        return name is null && labels.Contains("{name}", StringComparison.Ordinal)
            ? throw ChaosErrors.SelectionMissing(
                call.Activity, "has neither a name nor a label_selector", $"pods of namespace '{call.Namespace}'", "Name the pods' label 'name', or select by labels.")
            : labels.Replace("{name}", name, StringComparison.Ordinal);
    }

    private static string Phase(JsonElement pod) => pod.Text("status", "phase") ?? "Unknown";

    /// <summary>The first wanted condition that the pod does not have; null when it has all.</summary>
    private static object? Missing(KubernetesCall call, JsonElement pod)
    {
        var has = pod.Items("status", "conditions").Select(static condition => (condition.Text("type"), condition.Text("status"))).ToHashSet();
        return ((IReadOnlyList<object?>)call.Arguments.Value("conditions")!).Cast<IReadOnlyDictionary<string, object?>>()
            .FirstOrDefault(wanted => !has.Contains((wanted.GetValueOrDefault("type") as string, wanted.GetValueOrDefault("status") as string)));
    }
}
