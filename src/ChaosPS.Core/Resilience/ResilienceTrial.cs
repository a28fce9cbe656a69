using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>Lets losses, rollouts and drains happen to one snapshot, in simulations, and says what they do to its workloads.</summary>
internal sealed class ResilienceTrial
{
    /// <summary>How long an application takes to answer, where nobody has said it.</summary>
    private static readonly DurationRange s_applicationStart = DurationRange.FromSeconds(10, 10);

    /// <summary>Rollouts and drains differ less from one time to the next than losses do.</summary>
    private const int FewRuns = 4;

    /// <summary>A drain of whatever runs there, as long as it takes.</summary>
    private static readonly DrainOptions s_drain = new();

    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(5);

    /// <summary>By then a loss has been found out.</summary>
    private static readonly TimeSpan s_detection = TimeSpan.FromMinutes(2);

    /// <summary>So long what ends takes at most, the usual grace period.</summary>
    private static readonly TimeSpan s_ends = TimeSpan.FromSeconds(35);

    private readonly PredictionStudy _study;
    private readonly NodeLossPredictor _predictor;
    private readonly SimulationOptions _rollout;
    private int _simulations;

    public ResilienceTrial(ClusterSnapshot snapshot, PredictionOptions options)
    {
        _study = new PredictionStudy(snapshot, options);
        _predictor = new NodeLossPredictor(_study);
        _rollout = WithApplication(options.Simulation);
    }

    /// <summary>How many simulations it has made.</summary>
    public int Simulations => _simulations;

    public ClusterSnapshot Snapshot => _study.Snapshot;

    /// <summary>The families that losses can hurt.</summary>
    public IEnumerable<Family> Families => _study.Families.Families.Where(static family => family.IsPredicted);

    /// <summary>The families with pods on a node.</summary>
    public IEnumerable<Family> On(string node) => _study.Families.On(node).Select(static it => it.Family).Where(static family => family.IsPredicted).Distinct();

    /// <summary>The family of a workload; null when it has no pods.</summary>
    public Family? Find(string kind, string @namespace, string name) =>
        _study.Families.Families.FirstOrDefault(family => family.Kind == kind && family.Namespace == @namespace && family.Name == name);

    /// <summary>The same times and rates, with an application that takes its time to answer.</summary>
    public static SimulationOptions WithApplication(SimulationOptions options) =>
        options.ApplicationStart.Longest > TimeSpan.Zero ? options : options with { ApplicationStart = s_applicationStart };

    /// <summary>Takes nodes away.</summary>
    public IReadOnlyList<NodeLossPrediction> Lose(IReadOnlyList<NodeLoss> losses, CancellationToken cancellationToken)
    {
        var predictions = _predictor.Predict(losses, null, cancellationToken);
        Interlocked.Add(ref _simulations, predictions.Sum(static it => it.Runs));
        return predictions;
    }

    /// <summary>Takes nodes away until a workload is itself again, and brings them back.</summary>
    /// <param name="family">The workload's pods.</param>
    /// <param name="loss">The nodes.</param>
    /// <param name="draw">Another number, another chance.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The cluster then. Nothing moves back by itself: pods stay where they were made anew.</returns>
    public ClusterSnapshot LoseAndReturn(Family family, NodeLoss loss, int draw, CancellationToken cancellationToken)
    {
        var options = _study.Options.Simulation;
        var simulation = _study.Whole.Begin(loss.Nodes, options with { Seed = options.Seed + draw });
        Interlocked.Increment(ref _simulations);
        var nodes = loss.Nodes.Select(simulation.FindNode).OfType<SimulatedNode>().ToArray();
        var workload = simulation.FindWorkload(family.Namespace, family.Kind, family.Name);
        foreach (var node in nodes) simulation.Begin(node, PowerAction.PowerOff);
        Pass(static () => false, s_detection);
        Pass(() => workload is null || workload.AvailableReplicas >= workload.Spec.Replicas, _study.Options.Horizon);
        foreach (var node in nodes) simulation.Begin(node, PowerAction.Start);
        Pass(() => nodes.All(static node => node.Ready) && (workload is null || workload.AvailableReplicas >= workload.Spec.Replicas), _study.Options.Horizon);
        Pass(static () => false, s_ends);
        return SimulatedSnapshot.Read(simulation, Snapshot);

        void Pass(Func<bool> isDone, TimeSpan most)
        {
            for (var end = simulation.Now + most; simulation.Now < end && !isDone();)
            {
                cancellationToken.ThrowIfCancellationRequested();
                simulation.AdvanceTo(simulation.Now + s_step);
            }
        }
    }

    /// <summary>Brings a new template of a workload.</summary>
    /// <param name="family">The workload's pods.</param>
    /// <param name="workload">The workload, with what the template is to have besides.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public LossOutcome RollOut(Family family, Workload workload, CancellationToken cancellationToken) => Repeat(
        [family], seed => _study.Whole.Begin(family.Pods, [], _rollout with { Seed = seed }), simulation => new RolloutWork(simulation, workload), [], cancellationToken).Families[0];

    /// <summary>Lets time pass.</summary>
    public LossOutcome Wait(Family family, CancellationToken cancellationToken) => Repeat(
        [family], seed => _study.Whole.Begin(family.Pods, [], _study.Options.Simulation with { Seed = seed }), static _ => new WaitWork(), [], cancellationToken).Families[0];

    /// <summary>Drains a node.</summary>
    /// <returns>What it does to each workload that has pods on it.</returns>
    public IReadOnlyList<(Family Family, LossOutcome Outcome)> Drain(string node, CancellationToken cancellationToken)
    {
        Family[] families = [.. On(node)];
        if (families.Length == 0) return [];
        var result = Repeat(families, seed => _study.Whole.Begin([node], _study.Options.Simulation with { Seed = seed }), simulation => new DrainWork(simulation, new DrainLoss([node], s_drain)), [node], cancellationToken);
        return [.. families.Zip(result.Families)];
    }

    private LossResult Repeat(Family[] families, Func<int, ClusterSimulation> begin, Func<ClusterSimulation, LossWork> work, IReadOnlyList<string> nodes, CancellationToken cancellationToken)
    {
        List<LossRun> runs = [];
        for (var run = 0; run < Math.Min(FewRuns, _study.Options.Runs); run++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var simulation = begin(_study.Options.Simulation.Seed + run);
            runs.Add(new LossObserver(simulation, families, [], _study.OtherEntries(simulation)).Run([work(simulation)], nodes, _study.Options.Horizon));
            Interlocked.Increment(ref _simulations);
        }

        return LossResult.Of(runs);
    }
}
