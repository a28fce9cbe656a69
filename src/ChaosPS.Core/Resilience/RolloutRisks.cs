using System.Collections.Concurrent;
using System.Globalization;

namespace ChaosPS.Resilience;

/// <summary>Rollouts that never end, that take the workload away, or that send users to pods that do not answer yet.</summary>
internal static class RolloutRisks
{
    private const string RolloutDeadlock = "RolloutDeadlock";
    private const string RolloutOutage = "RolloutOutage";
    private const string ReadinessMissing = "ReadinessMissing";
    private const string Scenario = "rollout";

    /// <summary>So much is lost in any rollout: ends of pods that proxies have not heard of.</summary>
    private static readonly TimeSpan s_usual = TimeSpan.FromSeconds(2);

    public static IEnumerable<ResilienceRisk> Find(RiskScene scene)
    {
        Family[] families = [.. scene.Families.Where(static family => family.Workload is { Kind: "Deployment" or "StatefulSet", IsPaused: false, IsOnDelete: false })];
        ConcurrentDictionary<Family, ResilienceRisk[]> risks = [];
        Parallel.ForEach(
            families, new ParallelOptions { CancellationToken = scene.Stop, MaxDegreeOfParallelism = Environment.ProcessorCount },
            family => risks[family] = [.. Find(scene, family)]);
        return families.SelectMany(family => risks[family]);
    }

    private static IEnumerable<ResilienceRisk> Find(RiskScene scene, Family family)
    {
        var workload = family.Workload!;
        var outcome = scene.Trial.RollOut(family, workload, scene.Stop);
        if (!outcome.Ends)
        {
            yield return scene.Of(
                family, RolloutDeadlock, RiskScene.Severity(outcome.Down.Worst, RiskSeverity.Medium), "A new version of it never rolls out.", Scenario,
                $"not done after {scene.Seconds(scene.Options.Horizon)}: {outcome.PendingReason ?? "its pods do not become ready"}",
                PlacementRisks.IsRule(outcome.PendingReason)
                    ? "Allow maxUnavailable: 1, prefer different nodes instead of requiring them, or have one more node."
                    : "Allow maxUnavailable: 1, or make room for one more pod.") with
            {
                Outage = outcome.Down.Worst,
                Returns = outcome.Returns,
                Goal = ResilienceGoal.Rollout,
            };
            yield break;
        }

        if (!outcome.Survives)
        {
            yield return scene.Of(
                family, RolloutOutage, RiskScene.Severity(outcome.Down.Worst), $"No pod of it is ready while a new version rolls out{(workload.IsRecreate ? ": its strategy is Recreate" : "")}.",
                Scenario, scene.Down(outcome.Down), workload.IsRecreate ? "Use the strategy RollingUpdate." : "Use maxUnavailable: 0 and maxSurge: 1, or more replicas.") with
            {
                Outage = outcome.Down.Worst,
                Returns = outcome.Returns,
                Goal = ResilienceGoal.Rollout,
            };
            yield break;
        }

        if (family.Services.Count == 0 || workload.PodSpec.Containers.Any(static container => container.HasReadinessProbe)) yield break;
        var probed = workload with { PodSpec = workload.PodSpec with { Containers = [.. workload.PodSpec.Containers.Select(static it => it with { HasReadinessProbe = true })] } };
        var better = scene.Trial.RollOut(family, probed, scene.Stop);
        if (outcome.Failed - better.Failed <= s_usual) yield break;
        var start = ResilienceTrial.WithApplication(scene.Options.Simulation).ApplicationStart.Longest.TotalSeconds;
        yield return scene.Of(
            family, ReadinessMissing, RiskScene.Severity(outcome.Unanswered, RiskSeverity.Medium), "No readiness probe: new pods get calls before they can answer.", Scenario,
            string.Create(CultureInfo.InvariantCulture, $"all calls fail for {outcome.Unanswered.TotalSeconds:0} s, some for longer, if the application takes {start:0} s to start; none that long with a probe"),
            "Give the container a readinessProbe.") with
        {
            Outage = outcome.Unanswered,
            Goal = ResilienceGoal.Rollout,
        };
    }
}
