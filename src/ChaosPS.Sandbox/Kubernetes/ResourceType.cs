namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>A kind of object that the API serves.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Plural">The name in paths.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Namespaced">Whether its objects are in namespaces.</param>
/// <param name="ShortNames">kubectl's abbreviations.</param>
/// <param name="Writes">The verbs beside <c>get</c> and <c>list</c>.</param>
/// <param name="Fields">What field selectors may ask for, beside name and namespace.</param>
internal sealed record ResourceType(
    string Group, string Plural, string Kind, bool Namespaced, string[] ShortNames, string[] Writes, string[] Fields)
{
    /// <summary>Everything that the sandbox serves.</summary>
    public static IReadOnlyList<ResourceType> All { get; } =
    [
        new("", "events", "Event", true, ["ev"], [], ["involvedObject.kind", "involvedObject.name", "involvedObject.namespace", "involvedObject.uid", "reason", "type"]),
        new("", "namespaces", "Namespace", false, ["ns"], [], ["status.phase"]),
        new("", "nodes", "Node", false, ["no"], ["patch", "update"], ["spec.unschedulable"]),
        new("", "pods", "Pod", true, ["po"], ["delete"], ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase", "status.podIP"]),
        new("", "services", "Service", true, ["svc"], [], ["spec.clusterIP", "spec.type"]),
        new("apps", "daemonsets", "DaemonSet", true, ["ds"], [], []),
        new("apps", "deployments", "Deployment", true, ["deploy"], ["patch", "update"], []),
        new("apps", "replicasets", "ReplicaSet", true, ["rs"], [], ["status.replicas"]),
        new("apps", "statefulsets", "StatefulSet", true, ["sts"], [], []),
        new("coordination.k8s.io", "leases", "Lease", true, [], [], []),
        new("discovery.k8s.io", "endpointslices", "EndpointSlice", true, [], [], []),
        new("networking.k8s.io", "ingresses", "Ingress", true, ["ing"], [], []),
    ];

    /// <summary>The groups beside the core group, in order.</summary>
    public static IReadOnlyList<string> Groups { get; } = [.. All.Select(type => type.Group).Where(group => group.Length > 0).Distinct()];

    /// <summary>The version; all groups have the one.</summary>
    public const string Version = "v1";

    /// <summary>As objects say it: <c>apps/v1</c>, <c>v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>As messages say it: <c>deployments.apps</c>, <c>pods</c>.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>The type of that group and plural; null when there is none.</summary>
    public static ResourceType? Find(string group, string plural) => All.FirstOrDefault(type => type.Group == group && type.Plural == plural);
}
