namespace ChaosPS.Experiments;

/// <summary>What native probes give, where it is always true or false, or always a number: a tolerance of another type is never met.</summary>
internal static class ProbeResults
{
    private static readonly string[] s_counts = ["count_instances", "count_pods"];

    private static readonly string[] s_flags =
    [
        "all_microservices_healthy", "all_nodes_must_be_ready_to_schedule", "all_pods_healthy", "count_min_pods", "daemon_set_available_and_healthy",
        "daemon_set_fully_available", "daemon_set_not_fully_available", "daemon_set_partially_available", "deployment_available_and_healthy",
        "deployment_fully_available", "deployment_is_fully_available", "deployment_is_not_fully_available", "deployment_not_fully_available",
        "deployment_partially_available", "exists", "ingress_exists", "isdir", "isfile", "islink", "lexists", "microservice_available_and_healthy", "microservice_is_not_available", "namespace_exists",
        "nodes_must_be_healthy", "pod_is_not_available", "pods_in_conditions", "pods_in_phase", "pods_not_in_phase", "secret_exists",
        "service_endpoint_is_initialized", "service_is_initialized", "should_be_found_in_logs", "statefulset_fully_available",
        "statefulset_not_fully_available", "verify_nodes_condition",
    ];

    /// <summary>The names of the functions that are listed.</summary>
    public static IEnumerable<string> Functions => s_counts.Concat(s_flags);

    /// <summary>The type of what a provider gives; null when it is another or not known.</summary>
    public static ArgumentType? Find(ActivityProvider? provider) => (provider as NativeProvider)?.Activity.Function switch
    {
        { } name when Array.BinarySearch(s_flags, name, StringComparer.Ordinal) >= 0 => ArgumentType.Flag,
        { } name when s_counts.Contains(name) => ArgumentType.Integer,
        _ => null,
    };
}
