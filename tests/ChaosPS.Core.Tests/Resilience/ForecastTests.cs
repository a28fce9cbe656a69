using ChaosPS.Clusters;
using ChaosPS.Core.Tests.Simulation;
using ChaosPS.Faults;
using ChaosPS.Resilience;

namespace ChaosPS.Core.Tests.Resilience;

/// <summary>Predictions of what somebody is about to do.</summary>
public sealed class ForecastTests
{
    private static readonly DrainOptions s_drain = new() { IgnoreDaemonSet = true };

    private static TestCluster Cluster() => TestCluster.WithNodes(3, static i => $"westeurope-{i + 1}")
        .AddDeployment("alone", ["node0"])
        .AddDeployment("spread", ["node0", "node1"]);

    private static LossForecast Forecast(ClusterSnapshot snapshot, params LossAction[] actions) =>
        new NodeLossPredictor(snapshot, new PredictionOptions()).Forecast(actions, default);

    private static ClusterSnapshot WithBudget(int minAvailable)
    {
        var snapshot = Cluster().TakeSnapshot();
        var selector = snapshot.Workloads.Single(static workload => workload.Name == "spread").Selector;
        return snapshot with { DisruptionBudgets = [new DisruptionBudget { Name = "spread", Namespace = TestCluster.Namespace, Cluster = snapshot.Cluster, Selector = selector, MinAvailable = $"{minAvailable}" }] };
    }

    [Fact]
    public void A_stop_is_predicted_as_the_loss_of_its_node_is()
    {
        var snapshot = Cluster().TakeSnapshot();
        var loss = new NodeLossPredictor(snapshot, new PredictionOptions()).Predict([new NodeLoss("node0", NodeLossKind.Node, ["node0"])], null, default);

        var stop = Forecast(snapshot, new PowerLoss(["node0"], PowerAction.PowerOff));

        Assert.Equal(loss.Select(static it => (it.Name, it.Ready, it.Lost, it.Survives)), stop.Workloads.Select(static it => (it.Name, it.Ready, it.Lost, it.Survives)));
        foreach (var (predicted, expected) in stop.Workloads.Zip(loss)) Assert.InRange((predicted.Down.Likely - expected.Down.Likely).TotalSeconds, -8, 8);
        Assert.Null(stop.Drain);
    }

    [Fact]
    public void A_drain_is_graceful_and_waits_for_budgets()
    {
        var free = Forecast(Cluster().TakeSnapshot(), new DrainLoss(["node0"], s_drain));
        Assert.InRange(free.Workloads.Single(static it => it.Name == "alone").Down.Worst.TotalSeconds, 0.1, 20);
        Assert.Null(free.Drain!.Left);

        // One of two must be there: the second node's pod goes when the first one's has come back elsewhere.
        var waiting = Forecast(WithBudget(1), new DrainLoss(["node0", "node1"], s_drain));
        Assert.Null(waiting.Drain!.Left);
        Assert.True(waiting.Workloads.Single(static it => it.Name == "spread").Survives);

        var never = Forecast(WithBudget(2), new DrainLoss(["node0"], s_drain with { Timeout = TimeSpan.FromMinutes(1) }));
        Assert.Equal(TimeSpan.FromMinutes(1), never.Drain!.Time.Best);
        Assert.Contains("The disruption budget spread needs 2 healthy pods and has 2 currently", never.Drain.Left, StringComparison.Ordinal);
        Assert.True(never.Workloads.Single(static it => it.Name == "spread").Survives);

        // A deletion asks no budget.
        Assert.Null(Forecast(WithBudget(2), new DrainLoss(["node0"], s_drain with { DisableEviction = true })).Drain!.Left);
    }

    [Fact]
    public void What_comes_back_by_itself_is_down_for_as_long_as_it_takes()
    {
        var restart = Forecast(Cluster().TakeSnapshot(), new PowerLoss(["node0"], PowerAction.Restart)).Workloads.Single(static it => it.Name == "alone");
        Assert.True(restart.Recovers);
        Assert.InRange(restart.Down.Worst.TotalSeconds, 20, 120);

        // A stopped kubelet's pods run on, but get no calls from when the node is found out, after 40 s or more, until it is back.
        var kubelet = Forecast(Cluster().TakeSnapshot(), new FaultLoss(["node0"], FaultSpec.Kubelet(TimeSpan.FromMinutes(3)))).Workloads.Single(static it => it.Name == "alone");
        Assert.True(kubelet.Recovers);
        Assert.InRange(kubelet.Down.Worst.TotalSeconds, 100, 150);
        Assert.False(FaultLoss.Takes(NodeFaultKind.Cpu));
    }

    [Fact]
    public void A_deleted_machine_and_a_deleted_node_object_are_found_out_at_once_or_soon()
    {
        foreach (LossAction action in (LossAction[])[new ObjectLoss(["node0"]), new PowerLoss(["node0"], PowerAction.Delete)])
        {
            var alone = Forecast(Cluster().TakeSnapshot(), action).Workloads.Single(static it => it.Name == "alone");
            Assert.True(alone.Recovers);
            Assert.InRange(alone.Down.Worst.TotalSeconds, 0.1, 200);
        }
    }

    [Fact]
    public void Calls_are_told_from_each_other_by_their_way_and_their_time()
    {
        var snapshot = Cluster().TakeSnapshot();
        var forecast = Forecast(snapshot, new PowerLoss(["node0"], PowerAction.PowerOff));
        var paths = snapshot.IngressPaths.ToDictionary(static path => path.ServiceName, static path => path.Uri);
        var course = forecast.Course;
        TimeSpan[] times = [TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(600)];

        var alone = course.Find(new Uri(paths["alone"], "alone/deep?x=1"))!;
        Assert.Equal((2, 2, 2), Rounded(course.Count(alone, times)));
        Assert.Equal((0, 0, 0), Rounded(course.Count(alone, [times[2]])));
        Assert.InRange(course.Count(course.Find(paths["spread"])!, times[..1]).Likely, 0.3, 0.9);
        Assert.Equal(course.Find(new Uri($"http://alone.{snapshot.Services[0].Namespace}")), course.Find(new Uri($"http://alone.{snapshot.Services[0].Namespace}.svc.cluster.local/x")));
        Assert.NotNull(course.Find(new Uri($"http://alone.{snapshot.Services[0].Namespace}.svc")));
        Assert.Null(course.Find(new Uri("http://example.org/alone")));
    }

    [Fact]
    public void It_is_told_in_a_few_lines()
    {
        var cluster = Cluster();
        for (var number = 0; number < 20; number++) cluster = cluster.AddDeployment($"more{number}", ["node0"]);
        var lines = Forecast(cluster.TakeSnapshot(), new PowerLoss(["node0"], PowerAction.PowerOff)).Describe();

        Assert.Equal("Prediction, node0 stopped and left off (best/likely/worst):", lines[0]);
        Assert.True(lines.Count <= 27, $"{lines.Count}");
        Assert.Contains("  and 10 more workloads that fare no worse", lines);
        Assert.All(lines, static line => Assert.DoesNotContain("\n", line, StringComparison.Ordinal));
    }

    private static (double, double, double) Rounded((double Fewest, double Likely, double Most) count) => (Math.Round(count.Fewest), Math.Round(count.Likely), Math.Round(count.Most));
}
