using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>Tolerations that keep pods on dead nodes for longer than usual, where that makes an outage longer.</summary>
internal static class TolerationRisks
{
    private const string LongToleration = "LongToleration";

    private static readonly Taint s_unreachable = new(NodeTaints.Unreachable, "", TaintEffect.NoExecute);

    /// <summary>Less makes no difference to anybody.</summary>
    private static readonly TimeSpan s_much = TimeSpan.FromMinutes(1);

    public static IEnumerable<ResilienceRisk> Find(RiskScene scene)
    {
        var usual = scene.Options.Simulation.DefaultTolerationSeconds;
        Family[] patient = [.. scene.Families.Where(family => !family.IsBare && family.Spec.Tolerations.Any(it => it.Tolerates(s_unreachable) && !(it.TolerationSeconds <= usual)))];
        if (patient.Length == 0) yield break;

        // The same pods in the same places, had they the usual tolerations.
        var names = patient.Select(static it => (it.Kind, it.Namespace, it.Name)).ToHashSet();
        var pods = patient.SelectMany(static it => it.Pods).ToHashSet(ReferenceEqualityComparer.Instance);
        var snapshot = scene.Snapshot with
        {
            Workloads = [.. scene.Snapshot.Workloads.Select(it => names.Contains((it.Kind, it.Namespace, it.Name)) ? it with { PodSpec = Usual(it.PodSpec) } : it)],
            Pods = [.. scene.Snapshot.Pods.Select(pod => pods.Contains(pod) ? pod with { Spec = Usual(pod.Spec) } : pod)],
        };
        var nodes = NodeLoss.OfEach(patient.SelectMany(static it => it.Pods).Select(static pod => pod.NodeName).OfType<string>().Distinct().Where(scene.Nodes.ContainsKey).Order(StringComparer.Ordinal).Select(name => scene.Nodes[name]));
        var better = new ResilienceTrial(snapshot, scene.Options).Lose(nodes, scene.Stop).ToDictionary(static it => (it.Loss.Name, it.Kind, it.Namespace, it.Name));
        foreach (var predictions in RiskScene.ByWorkload(scene.Losses.Where(it => names.Contains((it.Kind, it.Namespace, it.Name)))))
        {
            var worst = predictions[0];
            if (!better.TryGetValue((worst.Loss.Name, worst.Kind, worst.Namespace, worst.Name), out var other)) continue;
            var longerDown = worst.Down.Worst - other.Down.Worst;
            var longer = longerDown > TimeSpan.Zero ? longerDown : worst.Degraded.Worst - other.Degraded.Worst;
            if (longer <= s_much) continue;
            var isDown = longerDown > TimeSpan.Zero;
            var (now, then) = isDown ? (worst.Down.Worst, other.Down.Worst) : (worst.Degraded.Worst, other.Degraded.Worst);
            yield return scene.Of(
                scene.FamilyOf(worst), LongToleration, RiskScene.Severity(isDown ? longerDown : default),
                "Its tolerations keep pods on a node that cannot be reached, beyond the usual time.", $"loss of {worst.Loss.Name}",
                $"{(isDown ? "down" : "degraded")} for {scene.Seconds(now)} instead of {scene.Seconds(then)}",
                $"Tolerate node.kubernetes.io/unreachable and not-ready for {usual} s or less (tolerationSeconds).") with
            {
                Outage = isDown ? worst.Down.Worst : default,
                Returns = worst.Returns,
                Goal = isDown ? ResilienceGoal.NodeLoss : null,
            };
        }
    }

    /// <summary>Without tolerations of nodes that cannot be reached, so that admission gives the usual ones.</summary>
    private static PodSpec Usual(PodSpec spec) => spec with
    {
        Tolerations = [.. spec.Tolerations.Where(static it => !it.Tolerates(s_unreachable) && !it.Tolerates(s_unreachable with { Key = NodeTaints.NotReady }))],
    };
}
