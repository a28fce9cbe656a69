using System.Globalization;
using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>What all kinds of risks look at: one snapshot, the workloads that are asked about, and the losses that were simulated of it.</summary>
internal sealed class RiskScene
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    public RiskScene(ClusterSnapshot snapshot, PredictionOptions options, Func<string, string, string, bool> isWanted, CancellationToken stop)
    {
        Snapshot = snapshot;
        Options = options;
        Stop = stop;
        Trial = new ResilienceTrial(snapshot, options);
        Families = [.. Trial.Families.Where(family => isWanted(family.Kind, family.Namespace, family.Name))];
        Wanted = Families.ToHashSet();
        Nodes = snapshot.Nodes.ToDictionary(static node => node.Name);
        Losses = OfWanted(Trial.Lose(NodeLoss.OfEach(snapshot.Nodes.Where(static node => node.Ready)), stop));
    }

    public ClusterSnapshot Snapshot { get; }

    public PredictionOptions Options { get; }

    public CancellationToken Stop { get; }

    public ResilienceTrial Trial { get; }

    /// <summary>The workloads that are asked about.</summary>
    public IReadOnlyList<Family> Families { get; }

    public IReadOnlySet<Family> Wanted { get; }

    public IReadOnlyDictionary<string, ClusterNode> Nodes { get; }

    /// <summary>What the loss of each node does to them.</summary>
    public IReadOnlyList<NodeLossPrediction> Losses { get; }

    public IReadOnlyList<NodeLossPrediction> OfWanted(IReadOnlyList<NodeLossPrediction> predictions)
    {
        var wanted = Families.Select(static it => (it.Kind, it.Namespace, it.Name)).ToHashSet();
        return [.. predictions.Where(it => wanted.Contains((it.Kind, it.Namespace, it.Name)))];
    }

    /// <summary>The predictions of each workload, the worst first.</summary>
    public static IEnumerable<NodeLossPrediction[]> ByWorkload(IEnumerable<NodeLossPrediction> predictions) => predictions
        .GroupBy(static it => (it.Kind, it.Namespace, it.Name))
        .Select(static group => group.OrderByDescending(static it => it.Down.Worst).ThenByDescending(static it => it.Pending).ThenByDescending(static it => it.Degraded.Worst)
            .ThenBy(static it => it.Loss.Name, StringComparer.Ordinal).ToArray());

    /// <summary>How much so long an outage hurts; <paramref name="otherwise"/> where there is none.</summary>
    public static RiskSeverity Severity(TimeSpan outage, RiskSeverity otherwise = RiskSeverity.Low) =>
        outage >= s_minute ? RiskSeverity.High : outage > TimeSpan.Zero ? RiskSeverity.Medium : otherwise;

    /// <summary>A time in whole seconds; what lasts as long as it was looked at has no known end.</summary>
    public string Seconds(TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture, $"{(time >= Options.Horizon ? "more than " : "")}{Math.Ceiling(Math.Min(time.TotalSeconds, Options.Horizon.TotalSeconds))} s");

    /// <summary>How long a workload is down, for the text of an evidence.</summary>
    public string Down(DurationInterval down) => down.Worst >= Options.Horizon ? $"down for {Seconds(down.Worst)}" : $"down for {down} s";

    /// <summary>A number of things.</summary>
    public static string Count(int number, string thing) => string.Create(CultureInfo.InvariantCulture, $"{number} {thing}{(number == 1 ? "" : "s")}");

    /// <summary>A risk of a workload.</summary>
    public ResilienceRisk Of(Family family, string code, RiskSeverity severity, string message, string scenario, string evidence, string fix) => new()
    {
        Code = code,
        Severity = severity,
        Kind = family.Kind,
        Namespace = family.Namespace,
        Name = family.Name,
        Cluster = Snapshot.Cluster,
        Message = message,
        Scenario = scenario,
        Evidence = evidence,
        Fix = fix,
        Workloads = [family.ToString()],
    };

    public Family FamilyOf(NodeLossPrediction prediction) => Families.First(it => it.Kind == prediction.Kind && it.Namespace == prediction.Namespace && it.Name == prediction.Name);
}
