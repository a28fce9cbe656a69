using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kubernetes.Tables;

/// <summary>What <c>kubectl get pods</c> says of a pod's containers together.</summary>
/// <param name="Ready">Containers that are ready.</param>
/// <param name="Total">Containers, with those init containers that keep running beside them.</param>
/// <param name="Status">The phase, or the reason that matters more: of a container, of the deletion.</param>
/// <param name="Restarts">Restarts of the containers; of the init containers while these are at work.</param>
/// <param name="LastRestart">When the last of them ended; null without restarts.</param>
/// <remarks>Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ and .../debug/debug-application/debug-init-containers/ .</remarks>
internal sealed record PodSummary(int Ready, int Total, string Status, long Restarts, DateTimeOffset? LastRestart)
{
    /// <summary>Reads a pod.</summary>
    public static PodSummary Of(TableRow pod)
    {
        var sidecars = pod.Items("spec.initContainers").Where(container => container.Text("restartPolicy") == "Always").Select(container => container.Text("name")).ToHashSet();
        var total = pod.Count("spec.containers") + sidecars.Count;
        var scheduled = pod.Items("status.conditions").FirstOrDefault(condition => condition.Text("type") == "PodScheduled");
        var status = scheduled?.Text("reason") == "SchedulingGated" ? "SchedulingGated" : pod.Text("status.reason", pod.Text("status.phase"));

        JsonObject[] init = [.. pod.Items("status.initContainerStatuses")];
        JsonObject[] running = [.. init.Where(container => sidecars.Contains(container.Text("name")))];
        var stuck = Array.FindIndex(init, container => !IsDone(container, sidecars));
        var ready = init[..(stuck < 0 ? init.Length : stuck)].Count(container => running.Contains(container) && !Succeeded(container) && IsReady(container));
        if (stuck >= 0) status = "Init:" + (Reason(init[stuck], except: "PodInitializing") ?? $"{stuck}/{pod.Count("spec.initContainers")}");

        IEnumerable<JsonObject> restarting = init[..(stuck < 0 ? init.Length : stuck + 1)];
        if (stuck < 0 || pod.Condition("Initialized") == "True")
        {
            JsonObject[] containers = [.. pod.Items("status.containerStatuses")];
            restarting = [.. restarting.Intersect(running), .. containers];

            // The first container that has something to tell names the status.
            var active = containers.Count(container => Reason(container) is null && IsReady(container) && container.Find("state.running") is not null);
            ready += active;
            status = containers.Select(container => Reason(container)).FirstOrDefault(reason => reason is not null) ?? status;
            if (status == "Completed" && active > 0) status = pod.Condition("Ready") == "True" ? "Running" : "NotReady";
        }

        if (pod.IsTerminating)
        {
            if (pod.Text("status.reason") == "NodeLost") status = "Unknown";
            else if (pod.Text("status.phase") is not ("Succeeded" or "Failed")) status = "Terminating";
        }

        return new PodSummary(
            ready, total, status, restarting.Sum(container => container.Number("restartCount")), restarting.Max(container => container.Time("lastState.terminated.finishedAt")));
    }

    /// <summary>Whether the next init container may start.</summary>
    private static bool IsDone(JsonObject container, HashSet<string> sidecars) =>
        Succeeded(container) || (sidecars.Contains(container.Text("name")) && IsTrue(container, "started"));

    private static bool Succeeded(JsonObject container) => container.Find("state.terminated") is JsonObject ended && ended.Number("exitCode") == 0;

    private static bool IsReady(JsonObject container) => IsTrue(container, "ready");

    private static bool IsTrue(JsonObject container, string field) => container[field] is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;

    /// <summary>Why a container waits or has ended; null when it runs.</summary>
    private static string? Reason(JsonObject container, string except = "")
    {
        if (container.Text("state.waiting.reason") is { Length: > 0 } waiting) return waiting == except ? null : waiting;
        if (container.Find("state.terminated") is not JsonObject ended) return null;
        if (ended.Text("reason") is { Length: > 0 } reason) return reason;
        return ended.Number("signal") != 0 ? $"Signal:{ended.Number("signal")}" : $"ExitCode:{ended.Number("exitCode")}";
    }
}
