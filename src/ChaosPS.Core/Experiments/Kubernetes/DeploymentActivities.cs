using System.Globalization;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary><c>chaosk8s.deployment</c>.</summary>
internal static class DeploymentActivities
{
    private const string Actions = "chaosk8s.deployment.actions";
    private const string Probes = "chaosk8s.deployment.probes";

    private static readonly Availability s_available = Availability.OfReplicas(Probes, Kinds.Deployment);

    public static KubernetesAction Create { get; } = ObjectActivities.Create(Actions, "create_deployment", Kinds.Deployment);

    public static KubernetesAction Scale { get; } = ObjectActivities.Scale(Actions, "scale_deployment", Kinds.Deployment);

    public static KubernetesProbe Healthy { get; } = s_available.Healthy("deployment_available_and_healthy", "raise_on_unavailable");

    public static KubernetesProbe Full { get; } = s_available.Wait("deployment_fully_available", "raise_on_not_fully_available", full: true);

    public static KubernetesProbe NotFull { get; } = s_available.Wait("deployment_not_fully_available", "raise_on_fully_available", full: false);

    public static IReadOnlyList<NativeActivity> All { get; } =
    [
        Create,
        ObjectActivities.DeleteMatching(Actions, "delete_deployment", Kinds.Deployment),
        Scale,
        new KubernetesAction(
            Actions, "rollout_deployment", "Restarts all pods of a Deployment, as kubectl rollout restart does.",
            [Argument.Name("Deployment"), Argument.Namespace],
            static async (call, token) => new ActionPlan([await Steps.PatchAsync(call, call.Named(Kinds.Deployment), Restart(call), token)])),
        Healthy,
        s_available.Partial("deployment_partially_available", "raise_on_not_partially_available"),
        Full,
        NotFull,
    ];

    private static ObjectPatch Restart(KubernetesCall call) => new(PatchKind.Strategic, new JsonObject
    {
        ["spec"] = new JsonObject
        {
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["annotations"] = new JsonObject
                    {
                        ["kubectl.kubernetes.io/restartedAt"] =
                            call.Connection.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                    },
                },
            },
        },
    });
}
