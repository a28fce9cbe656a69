using System.Text.Json.Nodes;
using static ChaosPS.Sandbox.Kubernetes.Tables.TableColumn;

namespace ChaosPS.Sandbox.Kubernetes.Tables;

/// <summary>The columns of pods and of what makes pods.</summary>
internal static class WorkloadColumns
{
    private const string Template = "spec.template.spec.containers";

    /// <summary>Pods.</summary>
    public static TableColumn[] Pods { get; } =
    [
        ObjectName,
        Text("Ready", "How many of the pod's containers are ready.", row => $"{row.Pod.Ready}/{row.Pod.Total}"),
        Text("Status", "What the containers of the pod say together.", row => row.Pod.Status),
        Text("Restarts", "How often containers of the pod were restarted, and when the last time.", row =>
            row.Pod is { Restarts: > 0, LastRestart: { } last } ? $"{row.Pod.Restarts} ({row.Since(last)} ago)" : $"{row.Pod.Restarts}"),
        Age,
        Wide("IP", "The address of the pod.", row => row.Items("status.podIPs").FirstOrDefault()?.Text("ip", TableRow.None) ?? row.Text("status.podIP", TableRow.None)),
        Wide("Node", "The node that the pod is on.", row => row.Text("spec.nodeName", TableRow.None)),
        Wide("Nominated Node", "The node where pods are preempted to make room for the pod.", row => row.Text("status.nominatedNodeName", TableRow.None)),
        Wide("Readiness Gates", "How many of the pod's readiness gates are open.", ReadinessGates),
    ];

    /// <summary>Deployments.</summary>
    public static TableColumn[] Deployments { get; } =
    [
        ObjectName,
        Text("Ready", "Pods that are ready, of those wanted.", row => $"{row.Number("status.readyReplicas")}/{row.Number("spec.replicas")}"),
        Text("Up-to-date", "Pods that have the present template.", row => row.Number("status.updatedReplicas")),
        Text("Available", "Pods that have been ready for long enough.", row => row.Number("status.availableReplicas")),
        Age,
        .. Containers(Template),
        Wide("Selector", "Which pods belong to the deployment.", row => row.Selector("spec.selector")),
    ];

    /// <summary>Replica sets.</summary>
    public static TableColumn[] ReplicaSets { get; } =
    [
        ObjectName,
        Number("Desired", "Pods that are wanted.", row => row.Number("spec.replicas")),
        Number("Current", "Pods that are there.", row => row.Number("status.replicas")),
        Number("Ready", "Pods that are ready.", row => row.Number("status.readyReplicas")),
        Age,
        .. Containers(Template),
        Wide("Selector", "Which pods belong to the replica set.", Selector),
    ];

    /// <summary>Stateful sets.</summary>
    public static TableColumn[] StatefulSets { get; } =
    [
        ObjectName,
        Text("Ready", "Pods that are ready, of those wanted.", row => $"{row.Number("status.readyReplicas")}/{row.Number("spec.replicas")}"),
        Age,
        .. Containers(Template),
    ];

    /// <summary>Daemon sets.</summary>
    public static TableColumn[] DaemonSets { get; } =
    [
        ObjectName,
        Number("Desired", "Nodes that should run the pod.", row => row.Number("status.desiredNumberScheduled")),
        Number("Current", "Nodes that run the pod and should.", row => row.Number("status.currentNumberScheduled")),
        Number("Ready", "Nodes whose pod is ready.", row => row.Number("status.numberReady")),
        Number("Up-to-date", "Nodes whose pod has the present template.", row => row.Number("status.updatedNumberScheduled")),
        Number("Available", "Nodes whose pod has been ready for long enough.", row => row.Number("status.numberAvailable")),
        Text("Node Selector", "Which nodes should run the pod.", row => row.Labels("spec.template.spec.nodeSelector")),
        Age,
        .. Containers(Template),
        Wide("Selector", "Which pods belong to the daemon set.", Selector),
    ];

    /// <summary>Jobs.</summary>
    public static TableColumn[] Jobs { get; } =
    [
        ObjectName,
        Text("Status", "Where the job stands.", JobStatus),
        Text("Completions", "Pods that succeeded, of those needed.", Completions),
        Text("Duration", "How long the job took, or has taken so far.", JobDuration),
        Age,
        .. Containers(Template),
        Wide("Selector", "Which pods belong to the job.", Selector),
    ];

    /// <summary>Cron jobs.</summary>
    public static TableColumn[] CronJobs { get; } =
    [
        ObjectName,
        Text("Schedule", "When jobs start, as cron writes it.", row => row.Text("spec.schedule")),
        Text("Timezone", "The time zone of the schedule.", row => row.Text("spec.timeZone", TableRow.None)),
        Flag("Suspend", "Whether no further job starts.", row => row.Has("spec.suspend") ? row.IsTrue("spec.suspend") ? "True" : "False" : "<unset>"),
        Number("Active", "Jobs that run.", row => row.Count("status.active")),
        Text("Last Schedule", "How long ago the last job started.", row => row.Has("status.lastScheduleTime") ? row.Since("status.lastScheduleTime") : TableRow.None),
        Age,
        .. Containers("spec.jobTemplate.spec.template.spec.containers"),
        Wide("Selector", "Which pods belong to the jobs.", row => OrNone(row.Selector("spec.jobTemplate.spec.selector"))),
    ];

    /// <summary>Revisions of stateful sets and daemon sets.</summary>
    public static TableColumn[] ControllerRevisions { get; } =
    [
        ObjectName,
        Text("Controller", "Whose revision it is.", Controller),
        Text("Revision", "The number of the revision.", row => row.Number("revision")),
        Age,
    ];

    /// <summary>Disruption budgets.</summary>
    public static TableColumn[] DisruptionBudgets { get; } =
    [
        ObjectName,
        Text("Min Available", "How many pods must be available.", row => row.Text("spec.minAvailable", "N/A")),
        Text("Max Unavailable", "How many pods may be unavailable.", row => row.Text("spec.maxUnavailable", "N/A")),
        Number("Allowed Disruptions", "How many pods may be evicted now.", row => row.Number("status.disruptionsAllowed")),
        Age,
    ];

    /// <summary>Autoscalers.</summary>
    public static TableColumn[] Autoscalers { get; } =
    [
        ObjectName,
        Text("Reference", "What is scaled.", row => $"{row.Text("spec.scaleTargetRef.kind")}/{row.Text("spec.scaleTargetRef.name")}"),
        Text("Targets", "Each metric as it is, and as it should be.", MetricText.Of),
        Text("MinPods", "The least number of pods.", row => row.Text("spec.minReplicas", "<unset>")),
        Text("MaxPods", "The greatest number of pods.", row => row.Number("spec.maxReplicas")),
        Text("Replicas", "Pods that are there.", row => row.Number("status.currentReplicas")),
        Age,
    ];

    private static JsonNode Selector(TableRow row) => OrNone(row.Selector("spec.selector"));

    private static string OrNone(string text) => text.Length == 0 ? TableRow.None : text;

    private static JsonNode ReadinessGates(TableRow row)
    {
        string[] gates = [.. row.Items("spec.readinessGates").Select(gate => gate.Text("conditionType"))];
        return gates.Length == 0 ? TableRow.None : $"{gates.Count(gate => row.Condition(gate) == "True")}/{gates.Length}";
    }

    private static JsonNode JobStatus(TableRow row) =>
        row.Condition("Complete") == "True" ? "Complete"
        : row.Condition("Failed") == "True" ? "Failed"
        : row.IsTerminating ? "Terminating"
        : row.Condition("Suspended") == "True" ? "Suspended"
        : row.Condition("FailureTarget") == "True" ? "FailureTarget"
        : "Running";

    private static JsonNode Completions(TableRow row)
    {
        var succeeded = row.Number("status.succeeded");
        if (row.Has("spec.completions")) return $"{succeeded}/{row.Number("spec.completions")}";
        return row.Number("spec.parallelism") is var parallel and > 1 ? $"{succeeded}/1 of {parallel}" : $"{succeeded}/1";
    }

    private static JsonNode JobDuration(TableRow row) => (row.Time("status.startTime"), row.Time("status.completionTime")) switch
    {
        (null, _) => "",
        ({ } start, { } end) => HumanDuration.Text(end - start),
        ({ } start, null) => row.Since(start),
    };

    private static JsonNode Controller(TableRow row)
    {
        var owner = row.Items("metadata.ownerReferences").FirstOrDefault(reference => reference.Text("controller") == "true");
        if (owner is null) return TableRow.None;
        var group = owner.Text("apiVersion").Split('/') is [var name, _] ? $".{name}" : "";
        return $"{(owner.Text("kind") + group).ToLowerInvariant()}/{owner.Text("name")}";
    }
}
