using System.Text.Json.Nodes;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Writers;

/// <summary>Writes the status of PodDisruptionBudgets.</summary>
internal static class DisruptionBudgetWriter
{
    /// <summary>The status.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="since">Since when it can spare a pod, or cannot.</param>
    public static JsonObject Status(SimulatedDisruptionBudget budget, DateTimeOffset since)
    {
        var allowed = budget.DisruptionsAllowed > 0;
        var status = new JsonObject();
        if (budget.ObservedGeneration > 0) status["observedGeneration"] = budget.ObservedGeneration;
        if (budget.DisruptedPods.Count > 0)
        {
            status["disruptedPods"] = JsonParts.Map(budget.DisruptedPods.Select(pod => KeyValuePair.Create(pod.Key, ApiTime.Text(pod.Value))));
        }

        status["disruptionsAllowed"] = budget.DisruptionsAllowed;
        status["currentHealthy"] = budget.CurrentHealthy;
        status["desiredHealthy"] = budget.DesiredHealthy;
        status["expectedPods"] = budget.ExpectedPods;
        if (budget.ObservedGeneration > 0)
        {
            status["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "DisruptionAllowed",
                ["status"] = allowed ? "True" : "False",
                ["observedGeneration"] = budget.ObservedGeneration,
                ["lastTransitionTime"] = ApiTime.Text(since),
                ["reason"] = allowed ? "SufficientPods" : "InsufficientPods",
                ["message"] = "",
            });
        }

        return status;
    }
}
