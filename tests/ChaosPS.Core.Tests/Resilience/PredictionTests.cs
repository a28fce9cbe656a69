using ChaosPS.Clusters;
using ChaosPS.Core.Tests.Simulation;
using ChaosPS.Resilience;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Resilience;

public sealed class PredictionTests
{
    private static TestCluster Cluster() => TestCluster.WithNodes(3, static i => $"westeurope-{i + 1}")
        .AddDeployment("alone", ["node0"])
        .AddDeployment("both", ["node0", "node0"])
        .AddDeployment("spread", ["node0", "node1"]);

    private static NodeLossPredictor Predictor(TestCluster cluster, Func<SimulationOptions, SimulationOptions>? configure = null) =>
        new(cluster.TakeSnapshot(), new PredictionOptions { Simulation = configure?.Invoke(new SimulationOptions()) ?? new SimulationOptions() });

    private static IReadOnlyList<NodeLossPrediction> LoseNode0(NodeLossPredictor predictor) =>
        predictor.Predict([new NodeLoss("node0", NodeLossKind.Node, ["node0"])], null, default);

    private static NodeLossPrediction Of(IReadOnlyList<NodeLossPrediction> predictions, string name) => predictions.Single(it => it.Name == name);

    [Fact]
    public void A_workload_on_one_node_is_down_until_its_pods_are_evicted_and_start_elsewhere()
    {
        foreach (var name in new[] { "alone", "both" })
        {
            var it = Of(LoseNode0(Predictor(Cluster())), name);
            Assert.False(it.Survives);
            Assert.True(it.Recovers);

            // Found out after 40 to 55 s, tainted 5 s later, evicted 300 s after that, started in 3 to 4 s.
            Assert.InRange(it.Down.Best.TotalSeconds, 348, 364.5);
            Assert.InRange(it.Down.Worst.TotalSeconds, it.Down.Likely.TotalSeconds, 364.5);
            Assert.True(it.Down.Worst - it.Down.Best > TimeSpan.FromSeconds(4), $"{it.Down}");
            Assert.Equal((0, null), (it.Pending, it.PendingReason));
        }
    }

    [Fact]
    public void A_workload_on_two_nodes_is_degraded_and_half_of_its_calls_fail_until_the_loss_is_found_out()
    {
        var it = Of(LoseNode0(Predictor(Cluster())), "spread");
        Assert.True(it.Survives);
        Assert.Equal(TimeSpan.Zero, it.WorstOutage);
        Assert.InRange(it.Degraded.Likely.TotalSeconds, 348, 364.5);

        // Half of the calls for the first 41 to 57 seconds of some 355.
        Assert.InRange(it.FailingShare!.Value, 0.5 * 41 / 364, 0.5 * 57 / 348);
        var path = Assert.Single(it.Paths);
        Assert.Equal("/spread", path.Uri.AbsolutePath);
        Assert.Equal(TimeSpan.Zero, path.Down.Worst);
        Assert.InRange(path.Degraded.Likely.TotalSeconds, 41, 57.5);

        // Besides, one of three ingress controllers is dead for the first 5 to 10 s.
        Assert.InRange(path.FailingShare, 0.5, 0.6);
    }

    [Fact]
    public void A_pod_that_nobody_makes_again_and_a_stateful_set_stay_down()
    {
        var snapshot = Cluster().TakeSnapshot();
        snapshot = snapshot with
        {
            Pods =
            [
                .. snapshot.Pods.Select(static pod => pod.OwnerName == "alone-7d9c5b6f4" ? pod with { Name = "alone-0", OwnerKind = "StatefulSet", OwnerName = "alone" } : pod),
                snapshot.Pods[0] with { Name = "bare", OwnerKind = null, OwnerName = null },
            ],
            Workloads = [.. snapshot.Workloads.Select(static workload => workload.Name == "alone" ? workload with { Kind = "StatefulSet" } : workload)],
        };
        var options = new PredictionOptions();
        var predictions = LoseNode0(new NodeLossPredictor(snapshot, options));
        foreach (var name in new[] { "alone", "bare" })
        {
            var it = Of(predictions, name);
            Assert.Equal((false, options.Horizon, options.Horizon), (it.Recovers, it.Down.Best, it.Down.Worst));
        }

        Assert.StartsWith("the node's return", Of(predictions, "alone").FreedBy, StringComparison.Ordinal);

        // On AKS the machine is found off, within ten minutes, and the set's pod starts elsewhere.
        var found = Of(LoseNode0(new NodeLossPredictor(snapshot, options with { Simulation = options.Simulation with { ShutdownTaints = true } })), "alone");
        Assert.True(found.Recovers);
        Assert.True(found.Down.Worst < TimeSpan.FromSeconds(660), $"{found.Down}");
        Assert.StartsWith("the taint out-of-service", found.FreedBy, StringComparison.Ordinal);
    }

    [Fact]
    public void Pods_without_room_are_pending_with_the_schedulers_reason()
    {
        var cluster = TestCluster.WithNodes(2, milliCpu: 150).AddDeployment("big", ["node0"], static it => it with { PodSpec = TestCluster.Spec(90) })
            .AddDeployment("other", ["node1"], static it => it with { PodSpec = TestCluster.Spec(90) });
        var it = Of(LoseNode0(Predictor(cluster)), "big");
        Assert.Equal((false, 1), (it.Recovers, it.Pending));
        Assert.Contains("1 Insufficient cpu", it.PendingReason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_back_with_fewer_pods_is_not_down_for_good()
    {
        var cluster = TestCluster.WithNodes(2, milliCpu: 1000).AddDeployment("half", ["node0", "node0"], static it => it with { PodSpec = TestCluster.Spec(400) })
            .AddDeployment("other", ["node1"], static it => it with { PodSpec = TestCluster.Spec(400) });
        var half = Of(LoseNode0(Predictor(cluster)), "half");
        Assert.Equal((false, true, 1), (half.Recovers, half.Returns, half.Pending));
        Assert.Equal(LossLevel.Down, NodeLossMap.LevelOf(half));

        var full = TestCluster.WithNodes(2, milliCpu: 1000).AddDeployment("half", ["node0", "node0"], static it => it with { PodSpec = TestCluster.Spec(400) })
            .AddDeployment("other", ["node1", "node1"], static it => it with { PodSpec = TestCluster.Spec(400) });
        half = Of(LoseNode0(Predictor(full)), "half");
        Assert.Equal((false, false, 2), (half.Recovers, half.Returns, half.Pending));
        Assert.Equal(LossLevel.DownForGood, NodeLossMap.LevelOf(half));
    }

    [Fact]
    public void Paths_to_workloads_elsewhere_lose_the_ingress_controller_of_the_node_as_a_forecast_says()
    {
        var snapshot = TestCluster.WithNodes(3).AddDeployment("web", ["node0"]).AddDeployment("other", ["node1"]).TakeSnapshot();
        var predictor = new NodeLossPredictor(snapshot, new PredictionOptions());
        var prediction = Assert.Single(predictor.Predict([new NodeLoss("node0", NodeLossKind.Node, ["node0"])], null, default));
        Assert.Equal("http://test.invalid/web", Assert.Single(prediction.Paths).Uri.ToString());
        var other = Assert.Single(prediction.OtherPaths);
        Assert.Equal("http://test.invalid/other", other.Uri.ToString());
        Assert.InRange(other.FailingShare, 0.2, 0.5);
        var forecast = predictor.Forecast([new PowerLoss(["node0"], PowerAction.PowerOff)], default).OtherPaths!;
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (forecast.Down.Worst, other.Down.Worst));
        Assert.InRange(other.Degraded.Worst - forecast.Degraded.Worst, TimeSpan.FromSeconds(-5), TimeSpan.FromSeconds(5));

        // A hundred controllers and more: one of them is hardly missed.
        var many = TestCluster.WithNodes(120).AddDeployment("web", ["node0"]).AddDeployment("other", ["node1"]).TakeSnapshot();
        Assert.Empty(Assert.Single(new NodeLossPredictor(many, new PredictionOptions()).Predict([new NodeLoss("node0", NodeLossKind.Node, ["node0"])], null, default)).OtherPaths);
    }

    [Fact]
    public void The_whole_of_one_seed_is_the_same_however_often_it_is_asked_and_another_seed_differs()
    {
        var predictor = Predictor(Cluster());
        var first = LoseNode0(predictor);
        Assert.Equal(first.Select(static it => it.Outcome), LoseNode0(Predictor(Cluster())).Select(static it => it.Outcome));
        Assert.NotEqual(first.Select(static it => it.Outcome), LoseNode0(Predictor(Cluster(), static it => it with { Seed = 77 })).Select(static it => it.Outcome));
    }

    [Fact]
    public void The_worst_workload_comes_first_and_the_summary_names_the_fewest_nodes()
    {
        var predictor = Predictor(Cluster());
        var predictions = predictor.Predict(NodeLoss.OfEach(Cluster().TakeSnapshot().Nodes), null, default);
        Assert.Equal(["node0", "node0", "node0", "node1"], predictions.Select(static it => it.Loss.Name));
        Assert.Equal("spread", predictions[2].Name);
        var summary = predictor.Summarize(predictions);
        Assert.Equal([("spread", true, 2)], summary.Where(static it => it.Survives).Select(static it => (it.Name, it.Survives, it.Losses)));
        Assert.Equal(["node0", "node1"], summary.Single(static it => it.Name == "spread").SmallestCut);
        Assert.Equal(["node0"], summary.Single(static it => it.Name == "both").SmallestCut);
        Assert.Equal("node0", summary[0].WorstLoss.Name);
    }

    [Fact]
    public void Both_nodes_of_a_pair_take_down_what_each_alone_does_not()
    {
        var predictor = Predictor(Cluster());
        var pairs = NodeLoss.OfPairs(Cluster().TakeSnapshot().Nodes);
        Assert.Equal(["node0 + node1", "node0 + node2", "node1 + node2"], pairs.Select(static it => it.Name));
        var spread = predictor.Predict(pairs, null, default).Where(static it => it.Name == "spread").ToDictionary(static it => it.Loss.Name, static it => it.Survives);
        Assert.Equal(new Dictionary<string, bool> { ["node0 + node1"] = false, ["node0 + node2"] = true, ["node1 + node2"] = true }, spread);
    }

    /// <summary>A zone with many nodes is tainted node by node, ten seconds apart: that others wait too must be seen without simulating them.</summary>
    [Fact]
    public void Nodes_that_are_left_out_of_a_lost_zone_wait_for_their_taints_like_the_others()
    {
        var cluster = TestCluster.WithNodes(60, static i => $"westeurope-{(i % 3) + 1}").AddDeployment("alone", ["node0"]);
        var zone = NodeLoss.OfGroups(cluster.TakeSnapshot().Nodes, NodeLossKind.Zone)[0];
        var options = new PredictionOptions { Runs = 60 };
        var (reduced, whole) = (Down(reduces: true), Down(reduces: false));

        // Twenty nodes: at once to 190 s later.
        foreach (var down in new[] { reduced, whole })
        {
            Assert.InRange(down.Best.TotalSeconds, 348, 400);
            Assert.InRange(down.Worst.TotalSeconds, 480, 560);
        }

        Assert.InRange((reduced.Likely - whole.Likely).TotalSeconds, -60, 60);

        DurationInterval Down(bool reduces)
        {
            var predictor = new NodeLossPredictor(cluster.TakeSnapshot(), options, reduces);
            var it = Of(predictor.Predict([zone], null, default), "alone");
            Assert.Equal(reduces ? 0 : 1, predictor.Effort.Whole);
            return it.Down;
        }
    }

    [Fact]
    public void Prediction_can_be_ended()
    {
        using var ended = new CancellationTokenSource();
        ended.Cancel();
        Assert.Throws<OperationCanceledException>(() => Predictor(Cluster()).Predict(NodeLoss.OfEach(Cluster().TakeSnapshot().Nodes), null, ended.Token));
    }
}
