using System.Collections.Concurrent;
using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>Predicts what losses of nodes would do to the workloads of one snapshot. Nothing is changed anywhere.</summary>
/// <remarks>
/// A loss falls into parts that have nothing to do with each other, and most parts of a large cluster go the same way as many others: each is simulated once. Only
/// where room is short, or something is unusual, the loss is simulated with all nodes.
/// </remarks>
public sealed partial class NodeLossPredictor
{
    /// <summary>So many runs are made in any case; more follow as long as they tell anything new, or differ much.</summary>
    private const int LeastRuns = 8;

    /// <summary>So many runs in a row that tell nothing new end the asking.</summary>
    private const int IdleRuns = 4;

    private static readonly TimeSpan s_new = TimeSpan.FromSeconds(1);

    /// <summary>What the phases of heartbeats and of the controllers' looks make, and a little.</summary>
    private static readonly TimeSpan s_much = TimeSpan.FromSeconds(20);

    private readonly PredictionStudy _study;
    private readonly bool _reduces;

    /// <summary>Reads a snapshot, once for all predictions.</summary>
    public NodeLossPredictor(ClusterSnapshot snapshot, PredictionOptions options)
        : this(snapshot, options, reduces: true)
    {
    }

    /// <summary>The same, which may simulate every loss with all nodes and pods that it can touch.</summary>
    internal NodeLossPredictor(ClusterSnapshot snapshot, PredictionOptions options, bool reduces)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Runs, 1, nameof(options));
        _study = new PredictionStudy(snapshot, options);
        _reduces = reduces;
    }

    /// <summary>The same of a snapshot that has been read.</summary>
    internal NodeLossPredictor(PredictionStudy study) => (_study, _reduces) = (study, true);

    /// <summary>How many different simulations the last prediction needed, and how many losses had to be simulated whole.</summary>
    internal (int Parts, int Whole) Effort { get; private set; }

    /// <summary>Predicts losses, as many at once as the machine has processors. One seed and the same losses give the same predictions.</summary>
    /// <param name="losses">The losses; nodes that the snapshot does not have are left out of them.</param>
    /// <param name="progress">Is told now and then, by any thread, how many percent are done; null for nobody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>For each loss its workloads, the worst first. A loss that no workload has pods on has none.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public IReadOnlyList<NodeLossPrediction> Predict(IReadOnlyList<NodeLoss> losses, Action<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var parallel = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        var known = losses.Select(loss => loss with { Nodes = [.. loss.Nodes.Where(node => _study.Room.Find(node) is not null)] }).ToArray();
        var plans = new LossPlan[known.Length];
        Parallel.For(0, known.Length, parallel, index => plans[index] = Plan(known[index]));

        // In the order of the losses, so that it does not depend on the threads which of equal parts is simulated.
        Dictionary<string, ReducedLoss> distinct = new(StringComparer.Ordinal);
        foreach (var reduced in plans.SelectMany(static plan => plan.Reduced)) distinct.TryAdd(reduced.Signature, reduced);
        ConcurrentDictionary<string, LossResult?> parts = new(StringComparer.Ordinal);
        var meter = new Meter(distinct.Count, progress);
        Parallel.ForEach(distinct.Values, parallel, part =>
        {
            parts[part.Signature] = Simulate(part, cancellationToken);
            meter.Advance();
        });

        for (var index = 0; index < plans.Length; index++) plans[index] = plans[index].Without(part => parts[part.Signature] is null);
        int[] whole = [.. Enumerable.Range(0, plans.Length).Where(index => plans[index].Rest.Count > 0)];
        Effort = (distinct.Count, whole.Length);
        var rest = new LossResult?[plans.Length];
        meter = new Meter(whole.Length, progress);
        Parallel.ForEach(whole, parallel, index =>
        {
            rest[index] = SimulateWhole(plans[index], cancellationToken);
            meter.Advance();
        });
        var others = PredictOthers(plans, cancellationToken);
        return [.. plans.Zip(rest, others).SelectMany(it => Order(Assemble(it.First, it.Second, parts)).Select(prediction => it.Third.Count == 0 ? prediction : prediction with { OtherPaths = it.Third }))];
    }

    /// <summary>Rolls predictions up: what each workload in them survives, and the fewest nodes whose loss takes it down.</summary>
    /// <returns>The worst first.</returns>
    public IReadOnlyList<WorkloadResilience> Summarize(IReadOnlyList<NodeLossPrediction> predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var families = _study.Families.Families.Where(static family => family.IsPredicted).ToDictionary(static family => (family.Kind, family.Namespace, family.Name));
        var map = new NodeLossMap(predictions);
        return
        [
            .. predictions.GroupBy(static it => (it.Kind, it.Namespace, it.Name)).Select(group => WorkloadResilience.Of([.. group], families[group.Key].Pods, map))
                .OrderByDescending(static it => it.WorstOutage).ThenBy(static it => it.SmallestCut.Count)
                .ThenBy(static it => it.Namespace, StringComparer.Ordinal).ThenBy(static it => it.Name, StringComparer.Ordinal),
        ];
    }

    private LossPlan Plan(NodeLoss loss)
    {
        var scene = new LossScene(loss, _study);
        List<ReducedLoss> reduced = [];
        List<Family> rest = [];
        foreach (var part in LossPart.Of(loss, _study.Families))
        {
            if (!part.Moving.Any(static family => family.IsPredicted)) continue;
            if (_reduces && ReducedLoss.Of(part, scene, _study) is { } small) reduced.Add(small);
            else rest.AddRange(part.Moving.Where(static family => family.IsPredicted));
        }

        return new LossPlan(scene, reduced, rest);
    }

    /// <summary>Simulates a part; null when a pod had to wait for a place, since how long depends on all that happens in the cluster.</summary>
    private LossResult? Simulate(ReducedLoss part, CancellationToken cancellationToken) => Repeat(
        seed =>
        {
            var simulation = part.Begin(_study, seed);
            var run = new LossObserver(simulation, part.Families, part.Paths, _study.OtherEntries(simulation)).Run([new PowerLoss(part.LostNodes, PowerAction.PowerOff)], _study.Options.Horizon);
            return simulation.Events.Any(static it => it.Reason == "FailedScheduling") ? null : run;
        },
        cancellationToken);

    private LossResult SimulateWhole(LossPlan plan, CancellationToken cancellationToken)
    {
        IngressPath[] paths = [.. PathsOf(plan.Rest)];
        return Repeat(
            seed =>
            {
                var simulation = _study.Whole.Begin(plan.Scene.Loss.Nodes, _study.Options.Simulation with { Seed = seed });
                return new LossObserver(simulation, plan.Rest, paths, _study.OtherEntries(simulation)).Run([new PowerLoss(plan.Scene.Loss.Nodes, PowerAction.PowerOff)], _study.Options.Horizon);
            },
            cancellationToken)!;
    }

    private IEnumerable<IngressPath> PathsOf(IEnumerable<Family> families) =>
        families.SelectMany(static family => family.Services).Distinct(ReferenceEqualityComparer.Instance).Cast<ServiceSpec>().SelectMany(_study.PathsTo);

    private LossResult? Repeat(Func<int, LossRun?> run, CancellationToken cancellationToken) => RepeatRuns(run, cancellationToken) is { } runs ? LossResult.Of(runs) : null;

    private List<LossRun>? RepeatRuns(Func<int, LossRun?> run, CancellationToken cancellationToken)
    {
        List<LossRun> runs = [];
        Dictionary<(bool IsPath, int Index), (TimeSpan Best, TimeSpan Worst)> seen = [];
        for (var idle = 0; runs.Count < _study.Options.Runs && (runs.Count < LeastRuns || idle < IdleRuns || Differs()); idle++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (run(_study.Options.Simulation.Seed + runs.Count) is not { } made) return null;
            runs.Add(made);
            var isNew = false;
            foreach (var (index, family) in made.Families.Index()) isNew |= Widens((false, index), family.Down + family.Degraded) | Widens((true, -1 - index), family.Down);
            foreach (var (index, path) in made.Paths.Index()) isNew |= Widens((true, index), path.Down + path.Degraded);
            if (isNew) idle = 0;
        }

        return runs;

        bool Differs() => seen.Values.Any(static interval => interval.Worst - interval.Best > s_much);

        bool Widens((bool, int) key, TimeSpan time)
        {
            if (!seen.TryGetValue(key, out var interval)) interval = (time, time);
            seen[key] = (time < interval.Best ? time : interval.Best, time > interval.Worst ? time : interval.Worst);
            return runs.Count == 1 || time < interval.Best - s_new || time > interval.Worst + s_new;
        }
    }

    private List<NodeLossPrediction> Assemble(LossPlan plan, LossResult? whole, ConcurrentDictionary<string, LossResult?> parts)
    {
        List<NodeLossPrediction> predictions = [];
        foreach (var reduced in plan.Reduced) Add(reduced.Families, reduced.Paths, parts[reduced.Signature]!);
        if (whole is not null) Add(plan.Rest, [.. PathsOf(plan.Rest)], whole);
        return predictions;

        void Add(IReadOnlyList<Family> families, IReadOnlyList<IngressPath> paths, LossResult result)
        {
            foreach (var (index, family) in families.Index())
            {
                var ready = family.Pods.Count(static pod => pod is { Ready: true, Terminating: false });
                if (!family.IsPredicted || ready == 0) continue;
                predictions.Add(new NodeLossPrediction(result.Families[index])
                {
                    Loss = plan.Scene.Loss,
                    Cluster = _study.Snapshot.Cluster,
                    Kind = family.Kind,
                    Namespace = family.Namespace,
                    Name = family.Name,
                    Ready = ready,
                    Lost = plan.Scene.LostPods[family],
                    Paths = [.. paths.Index().Where(path => family.Services.Exists(service => service.Namespace == path.Item.Namespace && service.Name == path.Item.ServiceName))
                        .Select(path => result.Paths[path.Index] with { Uri = path.Item.Uri })],
                });
            }
        }
    }

    private static IEnumerable<NodeLossPrediction> Order(IEnumerable<NodeLossPrediction> predictions) => predictions
        .OrderByDescending(static it => it.Down.Worst).ThenByDescending(static it => it.Degraded.Worst)
        .ThenBy(static it => it.Namespace, StringComparer.Ordinal).ThenBy(static it => it.Name, StringComparer.Ordinal);

    /// <param name="Scene">The loss.</param>
    /// <param name="Reduced">The parts of it that are simulated by themselves.</param>
    /// <param name="Rest">The families that are watched while all of it is simulated.</param>
    private sealed record LossPlan(LossScene Scene, IReadOnlyList<ReducedLoss> Reduced, IReadOnlyList<Family> Rest)
    {
        /// <summary>The same, in which some parts are among the rest.</summary>
        public LossPlan Without(Func<ReducedLoss, bool> isRest) => this with
        {
            Reduced = [.. Reduced.Where(part => !isRest(part))],
            Rest = [.. Rest, .. Reduced.Where(isRest).SelectMany(static part => part.Families)],
        };
    }

    /// <summary>Tells each new percent, from whatever thread.</summary>
    private sealed class Meter(int all, Action<int>? progress)
    {
        private int _done;

        public void Advance()
        {
            var now = Interlocked.Increment(ref _done);
            if (now * 100L / all != (now - 1) * 100L / all) progress?.Invoke((int)(now * 100L / all));
        }
    }
}
