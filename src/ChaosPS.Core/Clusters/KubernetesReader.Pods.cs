using System.Globalization;

namespace ChaosPS.Clusters;

public static partial class KubernetesReader
{
    private static readonly TimeSpan s_longestStart = TimeSpan.FromMinutes(10);

    /// <summary>Reads a Pod.</summary>
    /// <param name="pod">The object, with or without <c>kind</c>.</param>
    /// <param name="cluster">Where it was read.</param>
    /// <param name="now">When it was read: ages count to here.</param>
    public static ClusterPod ReadPod(ApiFields pod, ClusterIdentity cluster, DateTimeOffset now) => ReadPod(pod, cluster, now, static spec => spec);

    /// <summary>Reads a Pod.</summary>
    /// <param name="pod">The object, with or without <c>kind</c>.</param>
    /// <param name="cluster">Where it was read.</param>
    /// <param name="now">When it was read: ages count to here.</param>
    /// <param name="share">Gives the spec that the pod shares with others.</param>
    internal static ClusterPod ReadPod(ApiFields pod, ClusterIdentity cluster, DateTimeOffset now, Func<PodSpec, PodSpec> share)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var created = Created(pod, now);
        var conditions = pod.Items("status", "conditions");
        var containers = pod.Items("status", "containerStatuses");
        var status = ReadPodStatus(pod, conditions, containers);
        var owner = pod.Items("metadata", "ownerReferences").FirstOrDefault(static reference => reference.Flag("controller"));
        var scheduled = Condition(conditions, "PodScheduled");

        return new ClusterPod
        {
            Name = Name(pod, "pod", cluster),
            Namespace = pod.Text("metadata", "namespace") ?? "default",
            Cluster = cluster,
            Uid = pod.Text("metadata", "uid") ?? "",
            Phase = pod.Text("status", "phase") ?? "Unknown",
            Status = status.Reason,
            Ready = Condition(conditions, "Ready").Text("status") == "True",
            ReadyContainers = status.Ready,
            Restarts = status.Restarts,
            Terminating = pod.Time("metadata", "deletionTimestamp") is not null,
            DeletionTimestamp = pod.Time("metadata", "deletionTimestamp"),
            NodeName = pod.Text("spec", "nodeName"),
            PodIP = pod.Text("status", "podIP"),
            CreationTimestamp = created,
            Age = now - created,
            Labels = pod.Map("metadata", "labels"),
            OwnerKind = owner.Text("kind"),
            OwnerName = owner.Text("name"),
            IsMirror = pod.Text("metadata", "annotations", "kubernetes.io/config.mirror") is not null,
            HasLocalData = pod.Items("spec", "volumes").Any(static volume => volume.At("emptyDir") is not null),
            StartupTime = ReadStartupTime(conditions, containers),
            UnschedulableReason = scheduled.Text("status") == "False" ? scheduled.Text("message") ?? scheduled.Text("reason") : null,
            Spec = share(ReadTemplateSpec(pod)),
        };
    }

    /// <summary>A container that was restarted, or a pod that ceased to be ready for a time, no longer tells how long its start took.</summary>
    private static TimeSpan? ReadStartupTime(IReadOnlyList<ApiFields> conditions, IReadOnlyList<ApiFields> containers)
    {
        var ready = Condition(conditions, "Ready");
        if (ready.Text("status") != "True" || Condition(conditions, "PodScheduled").Time("lastTransitionTime") is not { } scheduled) return null;
        foreach (var container in containers)
        {
            if (container.Count("restartCount") > 0) return null;
        }

        var took = ready.Time("lastTransitionTime") - scheduled;
        return took > TimeSpan.Zero && took <= s_longestStart ? took : null; // within a second, which is all that the times tell, nobody knows
    }

    /// <summary>Reads the <c>spec</c> of a Pod or of a pod template.</summary>
    /// <remarks>
    /// Init containers that restart always (sidecars) run as long as the pod does, so they count as containers. The lists are arrays since most of them are
    /// empty, and an empty array takes no memory.
    /// </remarks>
    public static PodSpec ReadPodSpec(ApiFields spec) => new()
    {
        Containers = spec.Items("containers").Concat(spec.Items("initContainers").Where(IsSidecar)).Select(ReadContainer).ToArray(),
        InitRequests = ReadInitRequests(spec),
        Overhead = ReadResources(spec.At("overhead")),
        NodeSelector = spec.Map("nodeSelector"),
        Affinity = ReadAffinity(spec),
        TopologySpread = spec.Items("topologySpreadConstraints").Select(static rule => rule.Shared(ReadTopologySpread)).ToArray(),
        Priority = ReadPriority(spec),
        PriorityClassName = spec.Text("priorityClassName"),
        Claims = spec.Items("volumes").Select(static volume => volume.Text("persistentVolumeClaim", "claimName")).OfType<string>().ToArray(),
        HostPorts = spec.Items("containers").SelectMany(static container => container.Items("ports")).SelectMany(ReadHostPort).ToArray(),
        NeverPreempts = spec.Text("preemptionPolicy") == "Never",
        Tolerations = spec.Items("tolerations").Select(ReadToleration).Where(static toleration => !IsFromAdmission(toleration)).ToArray(),
        TerminationGracePeriodSeconds = (int)(spec.Number("terminationGracePeriodSeconds") ?? 30),
        RestartPolicy = Enum.TryParse<RestartPolicy>(spec.Text("restartPolicy"), out var policy) ? policy : RestartPolicy.Always,
    };

    /// <summary>kubectl's READY, STATUS and RESTARTS columns.</summary>
    /// <remarks>Source: the behaviour of kubectl 1.32 (printPod in pkg/printers/internalversion).</remarks>
    private static (string Reason, int Ready, int Restarts) ReadPodStatus(ApiFields pod, IReadOnlyList<ApiFields> conditions, IReadOnlyList<ApiFields> containers)
    {
        var reason = pod.Text("status", "reason") ?? pod.Text("status", "phase") ?? "Unknown";
        if (Condition(conditions, "PodScheduled").Text("reason") == "SchedulingGated") reason = "SchedulingGated";

        var ready = 0;
        var restarts = 0;
        var sidecarRestarts = 0;
        var sidecars = pod.Items("spec", "initContainers").Where(IsSidecar).Select(static item => item.Text("name")).ToHashSet();
        var initializing = false;
        var index = 0;
        foreach (var container in pod.Items("status", "initContainerStatuses"))
        {
            var sidecar = sidecars.Contains(container.Text("name"));
            restarts += container.Count("restartCount");
            if (sidecar) sidecarRestarts += container.Count("restartCount");

            if (container.At("state", "terminated") is { } ended && ended.Count("exitCode") == 0)
            {
                index++;
                continue;
            }

            if (sidecar && container.Flag("started"))
            {
                if (container.Flag("ready")) ready++;
                index++;
                continue;
            }

            reason = "Init:" + (container.At("state", "terminated") is { } failed ? EndReason(failed)
                : container.Text("state", "waiting", "reason") is { } waiting and not "PodInitializing" ? waiting
                : string.Create(CultureInfo.InvariantCulture, $"{index}/{pod.Items("spec", "initContainers").Count}"));
            initializing = true;
            break;
        }

        if (!initializing || Condition(conditions, "Initialized").Text("status") == "True")
        {
            restarts = sidecarRestarts;
            var running = false;
            foreach (var container in containers.Reverse())
            {
                restarts += container.Count("restartCount");
                if (container.Text("state", "waiting", "reason") is { } waiting)
                {
                    reason = waiting;
                }
                else if (container.At("state", "terminated") is { } ended)
                {
                    reason = EndReason(ended);
                }
                else if (container.Flag("ready") && container.At("state", "running") is not null)
                {
                    running = true;
                    ready++;
                }
            }

            if (reason == "Completed" && running) reason = Condition(conditions, "Ready").Text("status") == "True" ? "Running" : "NotReady";
        }

        if (pod.Time("metadata", "deletionTimestamp") is not null)
        {
            if (pod.Text("status", "reason") == "NodeLost") reason = "Unknown";
            else if (pod.Text("status", "phase") is not ("Succeeded" or "Failed")) reason = "Terminating";
        }

        return (reason, ready, restarts);
    }

    private static string EndReason(ApiFields terminated) =>
        terminated.Text("reason") is { } reason ? reason
        : terminated.Number("signal") is { } signal and not 0 ? string.Create(CultureInfo.InvariantCulture, $"Signal:{signal}")
        : string.Create(CultureInfo.InvariantCulture, $"ExitCode:{terminated.Count("exitCode")}");

    /// <summary>The first condition of a type; one without fields when there is none.</summary>
    private static ApiFields Condition(IReadOnlyList<ApiFields> conditions, string type)
    {
        for (var index = 0; index < conditions.Count; index++)
        {
            if (conditions[index].Text("type") == type) return conditions[index];
        }

        return default;
    }

    private static bool IsSidecar(ApiFields initContainer) => initContainer.Text("restartPolicy") == "Always";

    private static IEnumerable<string> ReadHostPort(ApiFields port) => port.Number("hostPort") is { } number and > 0
        ? [string.Create(CultureInfo.InvariantCulture, $"{number}/{port.Text("protocol") ?? "TCP"}")]
        : [];

    private static ContainerSpec ReadContainer(ApiFields container) => new(
        container.Text("name") ?? "", container.Text("image") ?? "", ReadRequests(container), container.At("readinessProbe") is not null);

    /// <summary>What only has a limit requests that: the API server writes so into each pod, and not into templates.</summary>
    private static ResourceQuantities ReadRequests(ApiFields container) => ReadResources(container.At("resources", "requests"), container.At("resources", "limits"));

    /// <summary>An init container runs beside the sidecars that stand before it.</summary>
    private static ResourceQuantities ReadInitRequests(ApiFields spec)
    {
        var (most, sidecars) = (default(ResourceQuantities), default(ResourceQuantities));
        foreach (var container in spec.Items("initContainers"))
        {
            if (IsSidecar(container)) sidecars += ReadRequests(container);
            else most = ResourceQuantities.Max(most, ReadRequests(container) + sidecars);
        }

        return most;
    }

    private static Toleration ReadToleration(ApiFields toleration) => new(
        toleration.Text("key") ?? "", toleration.Text("operator") == "Exists", toleration.Text("value") ?? "",
        ReadEffect(toleration), toleration.Number("tolerationSeconds"));

    /// <summary>
    /// The two that the admission plugin DefaultTolerationSeconds adds to every pod. One that an author wrote with the same
    /// 300 s means the same, so nothing is lost by leaving it out.
    /// </summary>
    private static bool IsFromAdmission(Toleration toleration) => toleration is
    {
        Key: "node.kubernetes.io/not-ready" or "node.kubernetes.io/unreachable", Exists: true, Effect: TaintEffect.NoExecute, TolerationSeconds: 300,
    };

    private static Affinity ReadAffinity(ApiFields spec)
    {
        const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
        const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";
        return spec.At("affinity")?.Shared(ReadRules) ?? Affinity.None;

        static Affinity ReadRules(ApiFields affinity) => new()
        {
            RequiredNodes = affinity.Items("nodeAffinity", Required, "nodeSelectorTerms").Select(static term => ReadNodeTerm(term, 0)).ToArray(),
            PreferredNodes = affinity.Items("nodeAffinity", Preferred)
                .Select(static term => ReadNodeTerm(term.At("preference") ?? default, term.Count("weight"))).ToArray(),
            RequiredPods = ReadRequired(affinity, "podAffinity"),
            PreferredPods = ReadPreferred(affinity, "podAffinity"),
            RequiredAntiPods = ReadRequired(affinity, "podAntiAffinity"),
            PreferredAntiPods = ReadPreferred(affinity, "podAntiAffinity"),
        };

        static PodAffinityTerm[] ReadRequired(ApiFields affinity, string kind) => [.. affinity.Items(kind, Required).Select(static term => ReadPodTerm(term, 0))];
        static PodAffinityTerm[] ReadPreferred(ApiFields affinity, string kind) =>
        [
            .. affinity.Items(kind, Preferred).Select(static term => ReadPodTerm(term.At("podAffinityTerm") ?? default, term.Count("weight"))),
        ];
    }

    /// <summary>A pod has its priority as a number; a template names a class, of which only the built-in ones are known here.</summary>
    private static int ReadPriority(ApiFields spec) => spec.Number("priority") is { } priority ? (int)priority : spec.Text("priorityClassName") switch
    {
        "system-node-critical" => 2_000_001_000,
        "system-cluster-critical" => 2_000_000_000,
        _ => 0,
    };

    private static TopologySpread ReadTopologySpread(ApiFields rule) => new(
        rule.Text("topologyKey") ?? "", Math.Max(1, rule.Count("maxSkew")),
        rule.At("labelSelector") is { } selector ? ReadLabelSelector(selector) : null, rule.Text("whenUnsatisfiable") != "ScheduleAnyway")
    {
        MinDomains = (int)(rule.Number("minDomains") ?? 1),
        HonorsTaints = rule.Text("nodeTaintsPolicy") == "Honor",
        HonorsAffinity = rule.Text("nodeAffinityPolicy") != "Ignore",
        MatchLabelKeys = rule.Texts("matchLabelKeys"),
    };

    private static NodeAffinityTerm ReadNodeTerm(ApiFields term, int weight) => new(
        [.. term.Items("matchExpressions").Select(ReadRequirement)],
        [.. term.Items("matchFields").Where(static field => field.Text("key") == "metadata.name").SelectMany(static field => field.Texts("values"))],
        weight);

    private static PodAffinityTerm ReadPodTerm(ApiFields term, int weight) => new(
        term.At("labelSelector") is { } selector ? ReadLabelSelector(selector) : null,
        term.Text("topologyKey") ?? "", term.Texts("namespaces"), weight)
    {
        NamespaceSelector = term.At("namespaceSelector") is { } namespaces ? ReadLabelSelector(namespaces) : null,
        MatchLabelKeys = term.Texts("matchLabelKeys"),
        MismatchLabelKeys = term.Texts("mismatchLabelKeys"),
    };
}
