namespace ChaosPS.Preflight;

/// <summary>What each cmdlet has to be allowed in a cluster, and nothing more.</summary>
/// <remarks>Those on machines need rights in Azure too, which are not the cluster's to give.</remarks>
public static class ClusterRights
{
    private const string Apps = "apps";
    private const string Coordination = "coordination.k8s.io";

    private static readonly ClusterRight s_identity = new("get", "", "namespaces", "the cluster is told from others by its address only");
    private static readonly ClusterRight s_policy = new("get", "", "namespaces");
    private static readonly ClusterRight s_nodes = new("list", "", "nodes");
    private static readonly ClusterRight s_node = new("get", "", "nodes");
    private static readonly ClusterRight s_pods = new("list", "", "pods");
    private static readonly ClusterRight s_deployment = new("get", Apps, "deployments");
    private static readonly ClusterRight s_scale = new("patch", Apps, "deployments/scale");
    private static readonly ClusterRight s_template = new("patch", Apps, "deployments");
    private static readonly ClusterRight s_leases = new("list", Coordination, "leases");
    private static readonly ClusterRight s_leasesOfOthers = s_leases with { Without = "machines that marked runs of others hold are not kept off" };

    private const string Unforeseen = "a rollout that cannot end is not warned of";

    private static readonly ClusterRight[] s_workloads = [new("list", Apps, "deployments"), new("list", Apps, "statefulsets"), new("list", Apps, "daemonsets")];

    /// <summary>What stopping a machine asks first: what runs there, and whether it may be hit.</summary>
    private static readonly ClusterRight[] s_hit = [s_policy, s_nodes, s_pods, .. s_workloads];

    /// <summary>Who else sets replicas is told before they are changed.</summary>
    private static readonly ClusterRight s_autoscalers = new("list", "autoscaling", "horizontalpodautoscalers", "an autoscaler that takes the change back is not warned of");

    private static readonly ClusterRight s_patch = new("patch", "", "nodes");

    private static ClusterRight Budget(string verb) => new(verb, "policy", "poddisruptionbudgets");

    /// <summary>What reading a whole cluster asks for.</summary>
    private static readonly ClusterRight[] s_snapshot =
    [
        s_identity, s_nodes, s_pods, .. s_workloads.Select(static right => Left(right.Group, right.Resource)),
        Left(Apps, "replicasets"), Left("", "namespaces"), Left("", "persistentvolumeclaims"), Left("", "persistentvolumes"), Left("", "services"),
        Left("autoscaling", "horizontalpodautoscalers"), Left("batch", "jobs"), Left(Coordination, "leases"), Left("networking.k8s.io", "ingresses"),
        Left("policy", "poddisruptionbudgets"), Left("scheduling.k8s.io", "priorityclasses"), Left("storage.k8s.io", "csinodes"),
        Left("storage.k8s.io", "storageclasses"), Left("storage.k8s.io", "volumeattachments"),
    ];

    /// <summary>What predicting asks for beside what stopping a machine does.</summary>
    private static readonly ClusterRight[] s_foreseen =
    [
        .. s_snapshot.Where(static right => right.Without is not null && right.Verb == "list" && right.Resource != "leases" && !s_hit.Any(other => other.Resource == right.Resource && other.Verb == right.Verb))
            .Select(static right => right with { Without = "the prediction is made without these" }),
    ];

    /// <summary>The cmdlets that ask a cluster for something, by name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<ClusterRight>> All { get; } = new SortedDictionary<string, IReadOnlyList<ClusterRight>>(StringComparer.Ordinal)
    {
        ["Add-PodAntiAffinity"] = [s_policy, s_nodes with { Without = Unforeseen }, s_pods with { Without = Unforeseen }, .. s_workloads, s_deployment, s_template],
        ["Clear-ClusterNode"] = [.. s_hit, s_leasesOfOthers, s_node, s_patch, new("create", "", "pods/eviction")],
        ["Connect-ChaosCluster"] = [s_identity, s_nodes with { Without = "the Azure side of the cluster is not looked for" }],
        ["Export-ClusterSnapshot"] = s_snapshot,
        ["Get-ChaosRun -Lease"] = [s_identity, s_leases],
        ["Get-ClusterNode"] = [s_identity, s_nodes],
        ["Get-ClusterPod"] = [s_identity, s_pods],
        ["Get-PodDistribution"] = [s_identity, s_nodes, s_pods, .. s_workloads],
        ["Get-ResilienceFix"] = s_snapshot,
        ["Get-ResilienceRisk"] = s_snapshot,
        ["Invoke-ChaosExperiment"] = [.. s_hit, s_node, s_leasesOfOthers, .. s_foreseen],
        ["Invoke-ChaosExperiment -Lease"] = [.. s_hit, s_node, s_leases, .. s_foreseen, new("patch", Coordination, "leases"), new("delete", Coordination, "leases")],
        ["Measure-NodeLoss"] = s_snapshot,
        ["Remove-ClusterPod"] = [s_policy, s_pods, .. s_workloads, new("delete", "", "pods")],
        ["Restart-ClusterNode"] = [.. s_hit, s_leasesOfOthers],
        ["Restore-ChaosRun"] = [s_policy, s_node, .. s_workloads, s_deployment, s_scale, s_template],
        ["Resume-ClusterNode"] = [s_identity, s_nodes, s_node, s_patch],
        ["Set-WorkloadReplica"] = [s_policy, s_nodes with { Without = Unforeseen }, s_pods with { Without = Unforeseen }, .. s_workloads, s_deployment, s_autoscalers, s_scale],
        ["Start-ClusterNode"] = [s_identity, s_nodes],
        ["Start-NodeFault"] = [.. s_hit, s_leasesOfOthers],
        ["Stop-ClusterNode"] = [.. s_hit, s_leasesOfOthers],
        ["Stop-NodeFault"] = [s_policy, s_node],
        ["Suspend-ClusterNode"] = [s_policy, s_nodes, s_node, s_patch],
        ["Test-AppHealth"] = [s_identity, new("list", "networking.k8s.io", "ingresses")],
        ["Update-Workload"] =
        [
            s_policy, .. s_workloads, s_deployment, s_autoscalers, s_template, Budget("get"), Budget("create"), Budget("patch"),
        ],
        ["Wait-ClusterNode"] = [s_identity, s_nodes, s_node],
    };

    private static ClusterRight Left(string group, string resource) => new("list", group, resource, "the snapshot is without these");
}
