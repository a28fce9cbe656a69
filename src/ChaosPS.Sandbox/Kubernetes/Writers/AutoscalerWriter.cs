using System.Text.Json.Nodes;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Writers;

/// <summary>Writes the status of HorizontalPodAutoscalers.</summary>
internal static class AutoscalerWriter
{
    /// <summary>The status.</summary>
    public static JsonObject Status(SimulatedAutoscaler autoscaler)
    {
        var status = new JsonObject();
        if (autoscaler.LastScaleTime is { } last) status["lastScaleTime"] = ApiTime.Text(last);
        status["currentReplicas"] = autoscaler.CurrentReplicas;
        status["desiredReplicas"] = autoscaler.DesiredReplicas;
        if (autoscaler.CurrentCpuUtilization is { } utilization)
        {
            status["currentMetrics"] = new JsonArray(new JsonObject
            {
                ["type"] = "Resource",
                ["resource"] = new JsonObject { ["name"] = "cpu", ["current"] = new JsonObject { ["averageUtilization"] = utilization } },
            });
        }

        if (autoscaler.Conditions.Count == 0) return status;
        status["conditions"] = new JsonArray([.. autoscaler.Conditions.Select(condition => new JsonObject
        {
            ["type"] = condition.Type,
            ["status"] = condition.Status,
            ["lastTransitionTime"] = ApiTime.Text(condition.LastTransitionTime),
            ["reason"] = condition.Reason,
            ["message"] = condition.Message,
        })]);
        return status;
    }
}
