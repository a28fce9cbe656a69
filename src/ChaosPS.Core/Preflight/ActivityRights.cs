using ChaosPS.Experiments;

namespace ChaosPS.Preflight;

/// <summary>What each activity of chaosk8s has to be allowed beside what every experiment needs: for its looking, its changes, and their undo.</summary>
internal static class ActivityRights
{
    private const string Prefix = "chaosk8s.";

    /// <summary>A line an activity, by its name after <c>chaosk8s.</c>; <c>{plural}</c> and <c>{group}</c> are arguments, <c>workloads</c> stands for lists of all three.</summary>
    private const string Table = """
        actions.kill_microservice: get,create,delete deployments.apps; get replicasets.apps; list,delete pods; workloads
        actions.remove_service_endpoint: get,create,delete services
        actions.scale_microservice: get,patch deployments.apps; patch deployments.apps/scale; workloads
        actions.start_microservice: get,create,delete deployments.apps; workloads
        chaosmesh.network.actions.add_latency: get,create,delete networkchaos.chaos-mesh.org
        chaosmesh.network.actions.corrupt_packets: get,create,delete networkchaos.chaos-mesh.org
        chaosmesh.network.actions.delete_network_fault: get,delete networkchaos.chaos-mesh.org
        chaosmesh.network.actions.duplicate_packets: get,create,delete networkchaos.chaos-mesh.org
        chaosmesh.network.actions.reorder_packets: get,create,delete networkchaos.chaos-mesh.org
        chaosmesh.network.actions.set_bandwidth: get,create,delete networkchaos.chaos-mesh.org
        chaosmesh.network.actions.set_loss: get,create,delete networkchaos.chaos-mesh.org
        chaosmesh.network.probes.get_network_fault: get networkchaos.chaos-mesh.org
        chaosmesh.network.probes.get_network_faults: list networkchaos.chaos-mesh.org
        chaosmesh.stress.actions.delete_stressor: get,delete stresschaos.chaos-mesh.org
        chaosmesh.stress.actions.stress_cpu: get,create,delete stresschaos.chaos-mesh.org
        chaosmesh.stress.actions.stress_memory: get,create,delete stresschaos.chaos-mesh.org
        chaosmesh.stress.probes.get_stressor: get stresschaos.chaos-mesh.org
        chaosmesh.stress.probes.get_stressors: list stresschaos.chaos-mesh.org
        crd.actions.apply_from_json: get,create,patch,delete {plural}.{group}
        crd.actions.apply_from_yaml: get,create,patch,delete {plural}.{group}
        crd.actions.create_cluster_custom_object: get,create,delete {plural}.{group}
        crd.actions.create_custom_object: get,create,delete {plural}.{group}
        crd.actions.delete_cluster_custom_object: get,create,delete {plural}.{group}
        crd.actions.delete_custom_object: get,create,delete {plural}.{group}
        crd.actions.patch_cluster_custom_object: get,patch {plural}.{group}
        crd.actions.patch_custom_object: get,patch {plural}.{group}
        crd.actions.replace_cluster_custom_object: get,update,patch {plural}.{group}
        crd.actions.replace_custom_object: get,update,patch {plural}.{group}
        crd.probes.get_cluster_custom_object: get {plural}.{group}
        crd.probes.get_custom_object: get {plural}.{group}
        crd.probes.list_cluster_custom_objects: list {plural}.{group}
        crd.probes.list_custom_objects: list {plural}.{group}
        daemonset.actions.create_daemon_set: get,create,delete daemonsets.apps; workloads
        daemonset.actions.delete_daemon_set: get,create,delete daemonsets.apps; workloads
        daemonset.actions.update_daemon_set: get,patch daemonsets.apps; workloads
        daemonset.probes.daemon_set_available_and_healthy: list daemonsets.apps
        daemonset.probes.daemon_set_fully_available: list daemonsets.apps
        daemonset.probes.daemon_set_not_fully_available: list daemonsets.apps
        daemonset.probes.daemon_set_partially_available: list daemonsets.apps
        deployment.actions.create_deployment: get,create,delete deployments.apps; workloads
        deployment.actions.delete_deployment: get,create,delete deployments.apps; workloads
        deployment.actions.rollout_deployment: get,patch deployments.apps; workloads
        deployment.actions.scale_deployment: get,patch deployments.apps; patch deployments.apps/scale; workloads
        deployment.probes.deployment_available_and_healthy: list deployments.apps
        deployment.probes.deployment_fully_available: list deployments.apps
        deployment.probes.deployment_not_fully_available: list deployments.apps
        deployment.probes.deployment_partially_available: list deployments.apps
        event.probes.get_events: list events.events.k8s.io
        namespace.actions.create_namespace: get,create,delete namespaces
        namespace.actions.delete_namespace: get,delete namespaces
        namespace.probes.namespace_exists: list namespaces
        networking.actions.allow_dns_access: get,create,delete networkpolicies.networking.k8s.io
        networking.actions.create_ingress: get,create,delete ingresses.networking.k8s.io
        networking.actions.create_network_policy: get,create,delete networkpolicies.networking.k8s.io
        networking.actions.delete_ingress: get,create,delete ingresses.networking.k8s.io
        networking.actions.deny_all_egress: get,create,delete networkpolicies.networking.k8s.io
        networking.actions.deny_all_ingress: get,create,delete networkpolicies.networking.k8s.io
        networking.actions.remove_allow_dns_access: get,create,delete networkpolicies.networking.k8s.io
        networking.actions.remove_deny_all_egress: get,create,delete networkpolicies.networking.k8s.io
        networking.actions.remove_deny_all_ingress: get,create,delete networkpolicies.networking.k8s.io
        networking.actions.remove_network_policy: get,create,delete networkpolicies.networking.k8s.io
        networking.actions.update_ingress: get,patch ingresses.networking.k8s.io
        networking.probes.ingress_exists: list ingresses.networking.k8s.io
        node.actions.cordon_node: get,list,patch nodes
        node.actions.create_node: get,create,delete nodes
        node.actions.delete_nodes: get,list,delete nodes; list pods; workloads
        node.actions.drain_nodes: get,list,patch nodes; list pods; create pods/eviction; workloads
        node.actions.uncordon_node: get,list,patch nodes
        node.probes.all_nodes_must_be_ready_to_schedule: list nodes
        node.probes.get_all_node_status_conditions: list nodes
        node.probes.get_nodes: list nodes
        node.probes.nodes_must_be_healthy: list nodes
        node.probes.verify_nodes_condition: list nodes
        pod.actions.delete_pods: list,delete pods; workloads
        pod.actions.exec_in_pods: list pods; get pods/exec
        pod.actions.terminate_pods: list,delete pods; workloads
        pod.probes.all_pods_healthy: list pods
        pod.probes.count_min_pods: list pods
        pod.probes.count_pods: list pods
        pod.probes.pod_is_not_available: list pods
        pod.probes.pods_in_conditions: list pods
        pod.probes.pods_in_phase: list pods
        pod.probes.pods_not_in_phase: list pods
        pod.probes.read_pod_logs: list pods; get pods/log
        pod.probes.should_be_found_in_logs:
        probes.all_microservices_healthy: list pods
        probes.deployment_is_fully_available: list deployments.apps
        probes.deployment_is_not_fully_available: list deployments.apps
        probes.microservice_available_and_healthy: list deployments.apps
        probes.microservice_is_not_available: list pods
        probes.read_microservices_logs: list pods; get pods/log
        probes.secret_exists: list secrets
        probes.service_endpoint_is_initialized: list services
        replicaset.actions.delete_replica_set: list,delete replicasets.apps; workloads
        secret.actions.create_secret: get,create,delete secrets
        secret.actions.delete_secret: get,delete secrets
        secret.probes.secret_exists: list secrets
        service.actions.create_service_endpoint: get,create,delete services
        service.actions.delete_service: get,create,delete services
        service.probes.service_is_initialized: list services
        statefulset.actions.create_statefulset: get,create,delete statefulsets.apps; workloads
        statefulset.actions.remove_statefulset: get,create,delete statefulsets.apps; workloads
        statefulset.actions.scale_statefulset: get,patch statefulsets.apps; patch statefulsets.apps/scale; workloads
        statefulset.probes.statefulset_fully_available: list statefulsets.apps
        statefulset.probes.statefulset_not_fully_available: list statefulsets.apps
        """;

    private static readonly Lazy<SortedDictionary<string, IReadOnlyList<ClusterRight>>> s_all = new(static () => new(
        Table.Split('\n').Select(static line => line.Split(':', 2)).ToDictionary(static parts => Prefix + parts[0], static parts => Parse(parts[1])), StringComparer.Ordinal));

    /// <summary>All of them, by the activities' whole names.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<ClusterRight>> All => s_all.Value;

    /// <summary>The rights of an activity with its arguments. Those on a kind that only the content of a file tells are left out.</summary>
    public static IEnumerable<ClusterRight> Of(NativeActivity activity, IReadOnlyDictionary<string, object?> arguments)
    {
        foreach (var right in All.GetValueOrDefault(activity.Name, []))
        {
            if (!right.Resource.StartsWith('{')) yield return right;
            else if (arguments.GetValueOrDefault("plural") is string plural && arguments.GetValueOrDefault("group") is string group)
                yield return right with { Resource = plural, Group = group };
        }
    }

    private static IReadOnlyList<ClusterRight> Parse(string text) =>
        [.. text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).SelectMany(static part => part == "workloads"
            ? ["deployments", "statefulsets", "daemonsets"]
            : part.Split(' ') is [var verbs, var resource] ? verbs.Split(',').Select(verb => $"{verb} {resource}") : throw new FormatException(part))
            .SelectMany(static item => item.Contains(' ', StringComparison.Ordinal) ? [Read(item)] : (ClusterRight[])[new("list", "apps", item)]).Distinct()];

    private static ClusterRight Read(string text)
    {
        var (verb, rest) = text.Split(' ') is [var first, var second] ? (first, second) : throw new FormatException(text);
        var part = rest.Split('/', 2);
        var name = part[0].Split('.', 2);
        return new ClusterRight(verb, name.ElementAtOrDefault(1) ?? "", name[0] + (part.Length > 1 ? $"/{part[1]}" : ""));
    }
}
