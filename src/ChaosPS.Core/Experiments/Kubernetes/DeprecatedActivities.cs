namespace ChaosPS.Experiments.Kubernetes;

/// <summary><c>chaosk8s.actions</c> and <c>chaosk8s.probes</c>: older names, which most experiments in use still have.</summary>
internal static class DeprecatedActivities
{
    private const string Actions = "chaosk8s.actions";
    private const string Probes = "chaosk8s.probes";

    public static IReadOnlyList<NativeActivity> All { get; } =
    [
        DeploymentActivities.Create.Deprecated(Actions, "start_microservice"),
        DeploymentActivities.Scale.Deprecated(Actions, "scale_microservice"),
        SpaceActivities.DeleteService.Deprecated(Actions, "remove_service_endpoint"),
        PodProbes.AllHealthy.Deprecated(Probes, "all_microservices_healthy", "raise_on_any_unhealthy"),
        DeploymentActivities.Healthy.Deprecated(Probes, "microservice_available_and_healthy", "raise_on_unavailable"),
        PodProbes.NotAvailable.Deprecated(Probes, "microservice_is_not_available", "raise_on_is_available"),
        SpaceActivities.ServiceExists.DeprecatedNamed(Probes, "service_endpoint_is_initialized", "raise_if_service_not_initialized"),
        DeploymentActivities.NotFull.Deprecated(Probes, "deployment_is_not_fully_available", "raise_on_fully_available"),
        DeploymentActivities.Full.Deprecated(Probes, "deployment_is_fully_available", "raise_on_not_fully_available"),
        PodProbes.Logs.Deprecated(Probes, "read_microservices_logs"),
        SpaceActivities.SecretExists.Deprecated(Probes, "secret_exists"),
    ];
}
