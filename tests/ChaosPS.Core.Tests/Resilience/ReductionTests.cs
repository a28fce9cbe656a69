using ChaosPS.Resilience;
using ChaosPS.Simulation;
using FsCheck.Xunit;

namespace ChaosPS.Core.Tests.Resilience;

/// <summary>A prediction from reduced losses says what one says that simulates every loss with all nodes and pods.</summary>
public sealed class ReductionTests
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Every time that chance would draw is fixed, and scheduling takes none: what is left to chance, which node a pod goes to, must make no difference, and a loss must
    /// go the same way whatever else is simulated beside it.
    /// </summary>
    private static readonly SimulationOptions s_fixed = new()
    {
        NodeMonitorPhase = TimeSpan.FromSeconds(2),
        PodGarbageCollectionPhase = TimeSpan.FromSeconds(3),
        InstanceCachePhase = TimeSpan.FromSeconds(100),
        LeaseRenewInterval = s_step,
        NodeStatusReportInterval = s_step,
        CloudNodeMonitorPeriod = s_step * 100,
        TaintRetryInterval = s_step,
        NodeEvictionRate = 10_000,
        ControllerLatency = Fixed(10),
        SchedulingLatency = Fixed(0),
        ContainerStart = Fixed(2000),
        ContainerReadiness = Fixed(1000),
        ContainerTermination = Fixed(1000),
        VolumeAttach = Fixed(9000),
        VolumeDetach = Fixed(8000),
        PowerOff = Fixed(12000),
        ProxySync = Fixed(1500),
        LoadBalancerProbeInterval = s_step * 500,
    };

    private static DurationRange Fixed(int milliseconds) => DurationRange.FromMilliseconds(milliseconds, milliseconds);

    [Property(MaxTest = 10)]
    public void A_reduced_prediction_is_that_of_the_whole(int seed)
    {
        var chance = new Random(seed);
        var snapshot = RandomCluster.Take(chance);
        var options = new PredictionOptions
        {
            Runs = 2,
            Simulation = s_fixed with { Seed = seed, ShutdownTaints = chance.Next(2) == 0 },
            Horizon = TimeSpan.FromMinutes(chance.Next(2) == 0 ? 12 : 20),
        };
        NodeLoss[] losses =
        [
            .. NodeLoss.OfEach(snapshot.Nodes), .. NodeLoss.OfGroups(snapshot.Nodes, NodeLossKind.Zone),
            .. NodeLoss.OfPairs([.. snapshot.Nodes.Take(4)]),
        ];
        var whole = new NodeLossPredictor(snapshot, options, reduces: false).Predict(losses, null, default);
        var predictor = new NodeLossPredictor(snapshot, options);
        var reduced = predictor.Predict(losses, null, default);
        Assert.True(predictor.Effort.Parts > 0, $"{predictor.Effort}");
        var expected = whole.ToDictionary(static it => it.ToString());
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), reduced.Select(static it => it.ToString()).Order(StringComparer.Ordinal));
        foreach (var actual in reduced) Compare(expected[actual.ToString()], actual);
    }

    [Fact]
    public void Some_losses_of_the_random_clusters_are_reduced_and_some_are_not()
    {
        var (parts, whole) = (0, 0);
        for (var seed = 0; seed < 20; seed++)
        {
            var snapshot = RandomCluster.Take(new Random(seed));
            var predictor = new NodeLossPredictor(snapshot, new PredictionOptions { Runs = 1 });
            predictor.Predict([.. NodeLoss.OfEach(snapshot.Nodes), .. NodeLoss.OfGroups(snapshot.Nodes, NodeLossKind.Zone)], null, default);
            parts += predictor.Effort.Parts;
            whole += predictor.Effort.Whole;
        }

        Assert.True(parts > 200 && whole > 20, $"{parts} parts, {whole} whole");
    }

    private static void Compare(NodeLossPrediction expected, NodeLossPrediction actual)
    {
        var same = Same(expected.Down, actual.Down) && Same(expected.Degraded, actual.Degraded) && Math.Abs((expected.FailingShare ?? 0) - (actual.FailingShare ?? 0)) < 0.01 &&
            expected.Paths.Zip(actual.Paths).All(pair => pair.First.Uri == pair.Second.Uri && Same(pair.First.Down, pair.Second.Down)) &&
            (expected.Lost, expected.Ready, expected.Survives, expected.Recovers, expected.Pending, expected.PendingReason, expected.FreedBy, expected.Paths.Count) ==
            (actual.Lost, actual.Ready, actual.Survives, actual.Recovers, actual.Pending, actual.PendingReason, actual.FreedBy, actual.Paths.Count);
        Assert.True(same, $"{actual}\n{expected.Outcome} {string.Join(' ', expected.Paths)}\n{actual.Outcome} {string.Join(' ', actual.Paths)}");
    }

    /// <summary>Controllers that look a hundred times a second find out at that moment, not between.</summary>
    private static bool Same(DurationInterval expected, DurationInterval actual) =>
        Same(expected.Best, actual.Best) && Same(expected.Likely, actual.Likely) && Same(expected.Worst, actual.Worst);

    private static bool Same(TimeSpan expected, TimeSpan actual) => (expected - actual).Duration() <= TimeSpan.FromSeconds(0.2);
}
