using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary><c>chaosk8s.pod.actions</c>.</summary>
internal static class PodActivities
{
    private const string Module = "chaosk8s.pod.actions";

    public static IReadOnlyList<NativeActivity> All { get; } =
    [
        new KubernetesAction(
            Module, "terminate_pods", "Deletes pods; their controllers make others. Disruption budgets are not asked.",
            [
                .. PodSelection.Arguments, Argument.Number("grace_period", "seconds until the kill; less than 0 for each pod's own.", -1),
                .. PodSelection.LastArguments,
            ],
            static async (call, token) => Plan(
                await PodSelection.SelectAsync(call, token), call.Arguments.Number("grace_period") is >= 0 and var grace ? grace : null)),
        new KubernetesAction(
            Module, "exec_in_pods", "Runs a command in pods. Nothing undoes what it does.",
            [
                Argument.Texts("cmd", "the program and its arguments; a text is split as a shell does.", required: true), .. PodSelection.Arguments,
                .. PodSelection.LastArguments, Argument.Text("container_name", "the container; without it the pod's only or default one."),
                Argument.Number("request_timeout", "how many seconds it may take in each.", 60),
            ],
            static (call, token) => PlanCommandAsync(call, token)),
        new KubernetesAction(
            Module, "delete_pods", "Deletes the first pod of a pattern of the name, or of a label selector.",
            [Argument.OptionalName("pod, or a pattern that is found in it"), Argument.Namespace, Argument.LabelSelector],
            static async (call, token) => Plan(await FirstAsync(call, token), null)) { Replacement = $"{Module}.terminate_pods" },
        new KubernetesAction(
            "chaosk8s.actions", "kill_microservice", "Deletes a Deployment, the ReplicaSet of its name and a pod.",
            [
                Argument.Name("microservice"), Argument.Namespace,
                Argument.Text("label_selector", "the labels of the pod, in whose name the microservice's must be; {name} stands for the name.", "name in ({name})"),
            ],
            static (call, token) => KillAsync(call, token)) { Replacement = "chaosk8s.deployment.actions.delete_deployment" },
    ];

    private static ActionPlan Plan(IReadOnlyList<ClusterPod> pods, int? gracePeriodSeconds) =>
        ActionPlan.Naming([.. pods.Select(pod => new PodStep(pod, gracePeriodSeconds))]) with
        {
            Check = (gate, log, token) => gate.CheckAsync(pods, log, token),
        };

    private static async Task<IReadOnlyList<ClusterPod>> FirstAsync(KubernetesCall call, CancellationToken cancellationToken)
    {
        var (name, labels) = (call.Arguments.OptionalText("name"), call.Arguments.OptionalText("label_selector"));
        if (name is null && labels is null)
        {
            throw ChaosErrors.SelectionMissing(
                call.Activity, "has neither a name nor a label_selector", $"pods of namespace '{call.Namespace}'", "Name the pod, or select by labels.");
        }

        return [(await PodSelection.FindAsync(call, labels, name, cancellationToken))[0]];
    }

    private static async Task<ActionPlan> PlanCommandAsync(KubernetesCall call, CancellationToken cancellationToken)
    {
        var command = call.Arguments.Value("cmd") is string text ? ShellWords.Split(text, call.Activity) : call.Arguments.Texts("cmd")!;
        if (command.Count == 0) throw ChaosErrors.ArgumentInvalid(call.Activity, "cmd", "a command", "empty");
        var timeout = TimeSpan.FromSeconds(call.Arguments.Number("request_timeout"));
        var pods = await PodSelection.SelectAsync(call, cancellationToken);
        ActionStep[] steps = [.. pods.Select(pod => new CommandStep(pod, Container(call, pod), command, timeout))];
        return new ActionPlan(steps, answers => pods.Zip(answers, object? (pod, answer) => new OrderedDictionary<string, object?>
        {
            ["pod_name"] = pod.Name,
            ["exit_code"] = answer!.Value.Number(nameof(PodCommandResult.ExitCode)),
            ["cmd"] = call.Arguments.Value("cmd"),
            ["stdout"] = answer.Value.Text(nameof(PodCommandResult.Output)),
            ["stderr"] = answer.Value.Text(nameof(PodCommandResult.Error)),
        }).ToArray());
    }

    private static string Container(KubernetesCall call, ClusterPod pod)
    {
        string[] has = [.. pod.Spec.Containers.Select(static container => container.Name)];
        if (call.Arguments.OptionalText("container_name") is not { } wanted)
        {
            return has.Length == 1 ? has[0] : throw ChaosErrors.ArgumentInvalid(
                call.Activity, "container_name", $"one of {ChaosErrors.List(has)}, for pod {pod} has several", "None");
        }

        return has.Contains(wanted) ? wanted : throw ChaosErrors.ArgumentInvalid(
            call.Activity, "container_name", $"one of {ChaosErrors.List(has)}, which pod {pod} has", $"'{wanted}'");
    }

    /// <summary>What of the three is there goes; when none is, that is an error.</summary>
    private static async Task<ActionPlan> KillAsync(KubernetesCall call, CancellationToken cancellationToken)
    {
        var name = call.Arguments.Text("name");
        var labels = call.Arguments.Text("label_selector").Replace("{name}", name, StringComparison.Ordinal);
        List<ActionStep> steps = [];
        foreach (var resource in (ApiResource[])[Kinds.Deployment, Kinds.ReplicaSet])
        {
            var reference = call.Named(resource);
            if (await call.Cluster.FindObjectAsync(reference, cancellationToken) is { } found) steps.Add(Steps.Delete(reference, found));
        }

        var all = await call.Cluster.GetPodsAsync(call.Namespace, labels, cancellationToken);
        var pod = all.FirstOrDefault(pod => PodOperations.IsAlive(pod) && pod.Name.Contains(name, StringComparison.Ordinal));
        if (pod is not null) steps.Add(new PodStep(pod, null));
        if (steps.Count == 0)
            throw await call.NothingMatchedAsync(Kinds.Deployment, call.Namespace, $"a Deployment, a ReplicaSet or a pod of '{name}'", cancellationToken);
        return new ActionPlan(steps) { Check = pod is null ? null : (gate, log, token) => gate.CheckAsync([pod], log, token) };
    }
}
