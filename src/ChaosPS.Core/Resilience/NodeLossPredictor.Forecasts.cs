using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <content>What actions that somebody is about to do would do.</content>
public sealed partial class NodeLossPredictor
{
    /// <summary>Predicts what actions would do that are begun at the same moment. One is the usual number.</summary>
    /// <param name="actions">The actions, at least one; nodes that the snapshot does not have are left out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public LossForecast Forecast(IReadOnlyList<LossAction> actions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actions);
        var known = actions.Select(action => action with { Nodes = [.. action.Nodes.Where(node => _study.Room.Find(node) is not null)] }).ToArray();
        string[] nodes = [.. known.SelectMany(static action => action.Nodes).Distinct(StringComparer.Ordinal)];
        var kind = nodes.Length == 1 ? NodeLossKind.Node : nodes.Length == 2 ? NodeLossKind.Pair : NodeLossKind.Nodes;
        var scene = new LossScene(new NodeLoss(string.Join(" + ", nodes), kind, nodes), _study);
        Family[] families = [.. LossPart.Of(scene.Loss, _study.Families).SelectMany(static part => part.Moving).Where(static family => family.IsPredicted)];
        IngressPath[] paths = [.. PathsOf(families)];

        var other = FindOther(scene, paths);
        IngressPath[] watched = other is null ? paths : [.. paths, other];
        var horizon = _study.Options.Horizon + actions.Select(static action => action.Lasts).DefaultIfEmpty().Max();

        // With all nodes, since budgets and the order of a drain's evictions reach across the parts of a loss.
        var runs = RepeatRuns(
            seed =>
            {
                var simulation = _study.Whole.Begin(nodes, _study.Options.Simulation with { Seed = seed });
                return new LossObserver(simulation, families, watched, _study.OtherEntries(simulation), keepsCourse: true).Run(known, horizon);
            },
            cancellationToken)!;
        var result = LossResult.Of(runs);
        var predictions = Assemble(new LossPlan(scene, [], families), result, []);
        return new LossForecast
        {
            Actions = known,
            Workloads = [.. Order(predictions)],
            Paths =
            [
                .. paths.Index().Select(path => result.Paths[path.Index] with { Uri = path.Item.Uri }).DistinctBy(static path => path.Uri)
                    .OrderByDescending(static path => path.Down.Worst).ThenBy(static path => path.Uri.ToString(), StringComparer.Ordinal),
            ],
            OtherPaths = other is null ? null : result.Paths[^1],
            Drain = DrainForecast.Of(runs),
            Horizon = horizon,
            Runs = runs.Count,
            Course = LossCourse.Of(runs, families, watched, other, _study.Snapshot),
        };
    }
}
