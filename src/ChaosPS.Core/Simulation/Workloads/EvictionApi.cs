using System.Globalization;

namespace ChaosPS.Simulation.Workloads;

/// <summary>The subresource <c>eviction</c> of pods: a deletion that asks the disruption budgets first.</summary>
/// <remarks>Source: kubernetes/pkg/registry/core/pod/storage/eviction.go; the texts were recorded.</remarks>
internal static class EvictionApi
{
    private const string Refused = "Cannot evict pod as it would violate the pod's disruption budget.";
    private const string TooMany = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
    private const int StillProcessedRetrySeconds = 10;

    public static EvictionOutcome Evict(ClusterState state, SimulatedPod pod, long? gracePeriodSeconds, bool dryRun)
    {
        var outcome = Ask(state, pod, dryRun);
        if (!outcome.Evicted || dryRun) return outcome;
        if (!pod.Terminating && pod.SetCondition("DisruptionTarget", "True", "EvictionByEvictionAPI", "Eviction API: evicting", state.Now))
            state.Touch(pod);
        state.Delete(pod, gracePeriodSeconds);
        return outcome;
    }

    private static EvictionOutcome Ask(ClusterState state, SimulatedPod pod, bool dryRun)
    {
        var granted = new EvictionOutcome(201);

        // What serves nobody can go, whatever a budget says.
        if (pod.Terminating || pod.Phase is "Succeeded" or "Failed" or "Pending") return granted;
        SimulatedDisruptionBudget? budget = null;
        foreach (var candidate in state.DisruptionBudgets)
        {
            if (!candidate.Matches(pod)) continue;
            if (budget is not null) return new EvictionOutcome(500, TooMany);
            budget = candidate;
        }

        if (budget is null || MayGoUnready(budget, pod)) return granted;
        if (budget.ObservedGeneration < budget.Generation)
        {
            return new EvictionOutcome(
                429, Refused, $"The disruption budget {budget.Name} is still being processed by the server.", StillProcessedRetrySeconds);
        }

        if (budget.DisruptionsAllowed <= 0)
        {
            return new EvictionOutcome(429, Refused, string.Create(
                CultureInfo.InvariantCulture,
                $"The disruption budget {budget.Name} needs {budget.DesiredHealthy} healthy pods and has {budget.CurrentHealthy} currently"));
        }

        if (dryRun) return granted;
        budget.DisruptionsAllowed--;
        budget.DisruptedPods = new Dictionary<string, DateTimeOffset>(budget.DisruptedPods) { [pod.Name] = state.Now };
        state.Touch(budget);
        return granted;
    }

    private static bool MayGoUnready(SimulatedDisruptionBudget budget, SimulatedPod pod) => !pod.Ready &&
        (budget.Spec.AlwaysAllowUnhealthy || (budget.DesiredHealthy > 0 && budget.CurrentHealthy >= budget.DesiredHealthy));
}
