namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>The types of objects that the API serves: what discovery tells, what paths are known, what each type can do.</summary>
/// <remarks>Source: the discovery documents of Kubernetes 1.32, without types that an application's cluster does not need.</remarks>
internal static class ResourceTypes
{
    private static readonly string[] s_inAll = ["all"];

    private static readonly string[] s_create = ["create"];

    /// <summary>Pods.</summary>
    public static ResourceType Pod { get; } = new("", "v1", "Pod", "pods", true)
    {
        ShortNames = ["po"],
        Categories = s_inAll,
        Subresources =
        [
            new("eviction", "Eviction", "policy", "v1", ["create"]),
            new("exec", "PodExecOptions", "", "v1", ["create", "get"]),
            new("log", "Pod", "", "v1", ["get"]),
            Status("Pod"),
        ],
        Fields =
        [
            "spec.hostNetwork", "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
            "status.nominatedNodeName", "status.phase", "status.podIP",
        ],
    };

    /// <summary>Nodes.</summary>
    public static ResourceType Node { get; } = new("", "v1", "Node", "nodes", false)
    {
        ShortNames = ["no"],
        Subresources = [Status("Node")],
        Fields = ["spec.unschedulable"],
    };

    /// <summary>Namespaces.</summary>
    public static ResourceType Namespace { get; } = new("", "v1", "Namespace", "namespaces", false)
    {
        ShortNames = ["ns"],
        Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"],
        Subresources = [Status("Namespace")],
        Fields = ["status.phase"],
    };

    /// <summary>Services.</summary>
    public static ResourceType Service { get; } = new("", "v1", "Service", "services", true)
    {
        ShortNames = ["svc"],
        Categories = s_inAll,
        Subresources = [Status("Service")],
        Fields = ["spec.clusterIP", "spec.type"],
    };

    /// <summary>Endpoints, the older form of endpoint slices.</summary>
    public static ResourceType Endpoints { get; } = new("", "v1", "Endpoints", "endpoints", true) { ShortNames = ["ep"] };

    /// <summary>Events in the core group's form.</summary>
    public static ResourceType Event { get; } = new("", "v1", "Event", "events", true)
    {
        ShortNames = ["ev"],
        Fields =
        [
            "involvedObject.apiVersion", "involvedObject.fieldPath", "involvedObject.kind", "involvedObject.name", "involvedObject.namespace",
            "involvedObject.resourceVersion", "involvedObject.uid", "reason", "reportingComponent", "source", "type",
        ],
    };

    /// <summary>The same events in the form of their own group.</summary>
    public static ResourceType NewEvent { get; } = new("events.k8s.io", "v1", "Event", "events", true)
    {
        Storage = Event,
        ShortNames = ["ev"],
        Fields =
        [
            "reason", "regarding.apiVersion", "regarding.fieldPath", "regarding.kind", "regarding.name", "regarding.namespace",
            "regarding.resourceVersion", "regarding.uid", "reportingController", "type",
        ],
    };

    /// <summary>Claims of volumes.</summary>
    public static ResourceType PersistentVolumeClaim { get; } = new("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true)
    {
        ShortNames = ["pvc"],
        Subresources = [Status("PersistentVolumeClaim")],
    };

    /// <summary>Volumes.</summary>
    public static ResourceType PersistentVolume { get; } = new("", "v1", "PersistentVolume", "persistentvolumes", false)
    {
        ShortNames = ["pv"],
        Subresources = [Status("PersistentVolume")],
    };

    /// <summary>Service accounts.</summary>
    public static ResourceType ServiceAccount { get; } = new("", "v1", "ServiceAccount", "serviceaccounts", true) { ShortNames = ["sa"] };

    /// <summary>Configuration of applications.</summary>
    public static ResourceType ConfigMap { get; } = new("", "v1", "ConfigMap", "configmaps", true) { ShortNames = ["cm"] };

    /// <summary>Deployments.</summary>
    public static ResourceType Deployment { get; } = new("apps", "v1", "Deployment", "deployments", true)
    {
        ShortNames = ["deploy"],
        Categories = s_inAll,
        Subresources = [Scale, Status("Deployment", "apps")],
    };

    /// <summary>Replica sets.</summary>
    public static ResourceType ReplicaSet { get; } = new("apps", "v1", "ReplicaSet", "replicasets", true)
    {
        ShortNames = ["rs"],
        Categories = s_inAll,
        Subresources = [Scale, Status("ReplicaSet", "apps")],
        Fields = ["status.replicas"],
    };

    /// <summary>Stateful sets.</summary>
    public static ResourceType StatefulSet { get; } = new("apps", "v1", "StatefulSet", "statefulsets", true)
    {
        ShortNames = ["sts"],
        Categories = s_inAll,
        Subresources = [Scale, Status("StatefulSet", "apps")],
    };

    /// <summary>Daemon sets.</summary>
    public static ResourceType DaemonSet { get; } = new("apps", "v1", "DaemonSet", "daemonsets", true)
    {
        ShortNames = ["ds"],
        Categories = s_inAll,
        Subresources = [Status("DaemonSet", "apps")],
    };

    /// <summary>The templates that stateful and daemon sets have had.</summary>
    public static ResourceType ControllerRevision { get; } = new("apps", "v1", "ControllerRevision", "controllerrevisions", true);

    /// <summary>Jobs.</summary>
    public static ResourceType Job { get; } = new("batch", "v1", "Job", "jobs", true)
    {
        Categories = s_inAll,
        Subresources = [Status("Job", "batch")],
        Fields = ["status.successful"],
    };

    /// <summary>Autoscalers.</summary>
    public static ResourceType HorizontalPodAutoscaler { get; } =
        new("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true)
        {
            ShortNames = ["hpa"],
            Categories = s_inAll,
            Subresources = [Status("HorizontalPodAutoscaler", "autoscaling", "v2")],
        };

    /// <summary>Disruption budgets.</summary>
    public static ResourceType PodDisruptionBudget { get; } = new("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true)
    {
        ShortNames = ["pdb"],
        Subresources = [Status("PodDisruptionBudget", "policy")],
    };

    /// <summary>Priority classes.</summary>
    public static ResourceType PriorityClass { get; } = new("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", false) { ShortNames = ["pc"] };

    /// <summary>Definitions of custom resources.</summary>
    public static ResourceType CustomResourceDefinition { get; } =
        new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false)
        {
            ShortNames = ["crd", "crds"],
            Categories = ["api-extensions"],
            Subresources = [Status("CustomResourceDefinition", "apiextensions.k8s.io")],
        };

    /// <summary>Leases.</summary>
    public static ResourceType Lease { get; } = new("coordination.k8s.io", "v1", "Lease", "leases", true);

    /// <summary>Endpoint slices.</summary>
    public static ResourceType EndpointSlice { get; } = new("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true);

    /// <summary>Ingresses.</summary>
    public static ResourceType Ingress { get; } = new("networking.k8s.io", "v1", "Ingress", "ingresses", true)
    {
        ShortNames = ["ing"],
        Subresources = [Status("Ingress", "networking.k8s.io")],
    };

    /// <summary>Everything that is served, in the order of discovery.</summary>
    public static IReadOnlyList<ResourceType> All { get; } =
    [
        ConfigMap,
        Endpoints,
        Event,
        new("", "v1", "LimitRange", "limitranges", true) { ShortNames = ["limits"] },
        Namespace,
        Node,
        PersistentVolumeClaim,
        PersistentVolume,
        Pod,
        new("", "v1", "ResourceQuota", "resourcequotas", true) { ShortNames = ["quota"], Subresources = [Status("ResourceQuota")] },
        new("", "v1", "Secret", "secrets", true) { Fields = ["type"] },
        ServiceAccount,
        Service,
        ControllerRevision,
        DaemonSet,
        Deployment,
        ReplicaSet,
        StatefulSet,
        NewEvent,
        new("authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews", false) { Verbs = s_create },
        new("authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", false) { Verbs = s_create },
        new("authorization.k8s.io", "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", false) { Verbs = s_create },
        HorizontalPodAutoscaler,
        new("batch", "v1", "CronJob", "cronjobs", true) { ShortNames = ["cj"], Categories = s_inAll, Subresources = [Status("CronJob", "batch")] },
        Job,
        new("networking.k8s.io", "v1", "IngressClass", "ingressclasses", false),
        Ingress,
        new("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true) { ShortNames = ["netpol"] },
        PodDisruptionBudget,
        new("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false),
        new("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false),
        new("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true),
        new("rbac.authorization.k8s.io", "v1", "Role", "roles", true),
        new("storage.k8s.io", "v1", "CSIDriver", "csidrivers", false),
        new("storage.k8s.io", "v1", "CSINode", "csinodes", false),
        new("storage.k8s.io", "v1", "StorageClass", "storageclasses", false) { ShortNames = ["sc"] },
        new("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments", false) { Subresources = [Status("VolumeAttachment", "storage.k8s.io")] },
        CustomResourceDefinition,
        PriorityClass,
        Lease,
        EndpointSlice,
    ];

    private static readonly Dictionary<(string ApiVersion, string Kind), ResourceType> s_byKind =
        All.ToDictionary(type => (type.ApiVersion, type.Kind));

    private static readonly HashSet<string> s_groups = [.. All.Select(type => type.Group)];

    /// <summary>The type of an object; null when there is none, or when a definition has to add it.</summary>
    public static ResourceType? OfKind(string apiVersion, string kind) => s_byKind.GetValueOrDefault((apiVersion, kind));

    /// <summary>Whether an apiVersion is of a group of others: nothing of the kinds in it is known here, whatever they are called.</summary>
    public static bool IsForeign(string apiVersion) => !s_groups.Contains(apiVersion.Contains('/', StringComparison.Ordinal) ? apiVersion.Split('/')[0] : "");

    private static Subresource Scale => new("scale", "Scale", "autoscaling", "v1", ["get", "patch", "update"]);

    private static Subresource Status(string kind, string group = "", string version = "v1") =>
        new("status", kind, group, version, ["get", "patch", "update"]);
}
