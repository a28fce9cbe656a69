using System.Diagnostics;
using ChaosPS.Benchmarks.ManyPods;
using ChaosPS.Clusters;
using ChaosPS.Resilience;

namespace ChaosPS.Benchmarks.Losses;

/// <summary>Predicts the losses of whole clusters once each, in seconds of a clock, since they are too long for a benchmark that repeats.</summary>
internal static class LossesBenchmark
{
    /// <param name="arguments">Numbers of nodes; without any 500, 1,500 and 5,000.</param>
    public static void Run(string[] arguments)
    {
        var sizes = arguments.Length > 0 ? arguments.Select(int.Parse).ToArray() : [500, 1500, 5000];
        Console.WriteLine("| losses | nodes | pods | loading s | predicting s | of processors s | predicted | simulations | with all nodes | kept MB | peak of the process MB |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        _ = Measure("all nodes", MixedCluster.Take(30), static snapshot => NodeLoss.OfEach(snapshot.Nodes), quiet: true);
        foreach (var size in sizes) Measure("all nodes", MixedCluster.Take(size), static snapshot => NodeLoss.OfEach(snapshot.Nodes));
        foreach (var size in sizes) Measure("all zones", MixedCluster.Take(size), static snapshot => NodeLoss.OfGroups(snapshot.Nodes, NodeLossKind.Zone));
        Measure("all pairs", MixedCluster.Take(100), static snapshot => NodeLoss.OfPairs(snapshot.Nodes));
    }

    private static int Measure(string name, ClusterSnapshot snapshot, Func<ClusterSnapshot, IReadOnlyList<NodeLoss>> losses, bool quiet = false)
    {
        var loading = Stopwatch.StartNew();
        var predictor = new NodeLossPredictor(snapshot, new PredictionOptions());
        loading.Stop();
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var processors = Environment.CpuUsage.TotalTime;
        var predicting = Stopwatch.StartNew();
        var predictions = predictor.Predict(losses(snapshot), null, default);
        predicting.Stop();
        processors = Environment.CpuUsage.TotalTime - processors;
        GC.KeepAlive(predictor);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        if (quiet) return predictions.Count;
        Console.WriteLine(
            $"| {name} | {snapshot.Nodes.Count:N0} | {snapshot.Pods.Count:N0} | {loading.Elapsed.TotalSeconds:0.0} | {predicting.Elapsed.TotalSeconds:0.0} | {processors.TotalSeconds:0.0} | {predictions.Count:N0} "
            + $"| {predictor.Effort.Parts:N0} | {predictor.Effort.Whole:N0} | {(after - before) >> 20} | {Contestants.PeakMemory(Environment.ProcessId) >> 10:N0} |");
        GC.KeepAlive(predictions);
        return predictions.Count;
    }
}
