using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <content>Paths that lose nothing but ingress controllers.</content>
public sealed partial class NodeLossPredictor
{
    /// <summary>A smaller share of failing calls is not told: where there are hundreds of ingress controllers, each loss would name every path of the cluster.</summary>
    private const double LeastShare = 0.01;

    /// <summary>A path that a loss does not lead to any workload of; null where the loss takes no ingress controller, or there is no such path.</summary>
    private IngressPath? FindOther(LossScene scene, IngressPath[] paths) =>
        scene.Entries.Count == 0 ? null : _study.Snapshot.IngressPaths.FirstOrDefault(path => !paths.Contains(path));

    /// <summary>For each loss what becomes of the paths that no touched workload is behind. All of them go the same way, and so do those of losses that are alike.</summary>
    private List<IReadOnlyList<PathPrediction>> PredictOthers(LossPlan[] plans, CancellationToken cancellationToken)
    {
        Dictionary<string, PathPrediction> known = new(StringComparer.Ordinal);
        List<IReadOnlyList<PathPrediction>> all = new(plans.Length);
        foreach (var scene in plans.Select(static plan => plan.Scene))
        {
            IngressPath[] paths = scene.Entries.Count == 0 ? [] : [.. PathsOf(scene.LostPods.Keys)];
            if (FindOther(scene, paths) is not { } other)
            {
                all.Add([]);
                continue;
            }

            var key = $"{scene.ZoneText}|{scene.Nodes.Count}|{scene.Entries.Count}";
            if (!known.TryGetValue(key, out var prediction)) known.Add(key, prediction = Simulate(scene.Loss, other, cancellationToken));
            all.Add(prediction.Down.Worst == TimeSpan.Zero && prediction.FailingShare < LeastShare
                ? []
                :
                [
                    .. _study.Snapshot.IngressPaths.Where(path => !paths.Contains(path)).Select(static path => path.Uri).Distinct().OrderBy(static uri => uri.ToString(), StringComparer.Ordinal)
                        .Select(uri => prediction with { Uri = uri }),
                ]);
        }

        return all;
    }

    private PathPrediction Simulate(NodeLoss loss, IngressPath path, CancellationToken cancellationToken) => Repeat(
        seed =>
        {
            var simulation = _study.Whole.Begin(loss.Nodes, _study.Options.Simulation with { Seed = seed });
            return new LossObserver(simulation, [], [path], _study.OtherEntries(simulation)).Run([new PowerLoss(loss.Nodes, PowerAction.PowerOff)], _study.Options.Horizon);
        },
        cancellationToken)!.Paths[0];
}
