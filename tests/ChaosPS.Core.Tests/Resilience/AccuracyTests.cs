using System.Globalization;
using System.Text;
using ChaosPS.Core.Tests.Simulation.Replay;
using ChaosPS.Resilience;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Resilience;

/// <summary>Predictions, made from the cluster before it, beside what a real control plane was recorded doing when a node stopped.</summary>
public sealed class AccuracyTests
{
    private const string Mark = "<!-- accuracy: written by AccuracyTests -->";

    private static readonly DateTimeOffset s_stop = TimeLineAt("11:57:25.308Z");

    private static DateTimeOffset TimeLineAt(string text) => TimelineReader.Time(text);

    [Fact]
    public void What_was_recorded_lies_within_what_is_predicted_and_the_page_tells_the_error()
    {
        var recording = Recordings.NodeStop;
        var snapshot = RecordedCluster.Take(TimelineReader.Time(recording.Begin), lease: null, recording.Placements!);
        var options = new PredictionOptions { Runs = 60, Horizon = TimeSpan.FromSeconds(469), Simulation = SimulationOptions.For("v1.32.13") };
        var predicted = new NodeLossPredictor(snapshot, options).Predict([new NodeLoss("node", NodeLossKind.Node, [RecordedCluster.Node0])], null, default);
        var table = new StringBuilder("| Workload | Pods lost | Recorded s | Predicted best/likely/worst s | Error of likely s |\n|---|---|---|---|---|\n");
        var compared = 0;
        foreach (var it in predicted.Where(static it => it.Kind == "Deployment").OrderBy(static it => it.Name, StringComparer.Ordinal))
        {
            var recorded = (ReadyAgain(recording.File, it.Name) - s_stop).TotalSeconds;
            var time = it.Lost == it.Ready ? it.Down : it.Degraded;
            Assert.InRange(recorded, time.Best.TotalSeconds - 1, time.Worst.TotalSeconds + 1);
            var error = time.Likely.TotalSeconds - recorded;
            table.Append(CultureInfo.InvariantCulture, $"| {it.Name} | {it.Lost} of {it.Ready} | {recorded:0.0} | {time} | {error:+0.0;-0.0;0.0} |\n");
            compared++;
        }

        Assert.Equal(5, compared);

        // Its pod was not made again while the node was away.
        var set = predicted.Single(static it => it.Kind == "StatefulSet");
        Assert.Equal((false, options.Horizon), (set.Recovers, set.Down.Best));
        AccuracyPage.Hold(Mark, table.ToString());
    }

    /// <summary>When a pod that was not there before was ready.</summary>
    private static DateTimeOffset ReadyAgain(string file, string workload)
    {
        var before = Recordings.NodeStop.Placements!.Select(static it => it.Pod).ToHashSet();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Recordings", "timelines", file)))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var time, "pod", var pod, ..] || before.Contains(pod)) continue;
            if (pod.StartsWith($"{workload}-", StringComparison.Ordinal) && line.Contains("-> [\"True\"", StringComparison.Ordinal) && line.Contains("cond.ContainersReady: [\"False\"", StringComparison.Ordinal))
                return TimelineReader.Time(time);
        }

        throw new InvalidDataException($"No pod of {workload} came back in {file}.");
    }
}
