using System.Globalization;

namespace ChaosPS.Resilience;

/// <summary>What actions that take nodes away would do, predicted from one look at the cluster.</summary>
public sealed record LossForecast
{
    /// <summary>So many workloads and paths are named by <see cref="Describe"/>.</summary>
    private const int MostLines = 12;

    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(0.5);

    internal LossForecast()
    {
    }

    /// <summary>The actions.</summary>
    public required IReadOnlyList<LossAction> Actions { get; init; }

    /// <summary>The workloads with pods on the nodes, the worst first.</summary>
    public required IReadOnlyList<NodeLossPrediction> Workloads { get; init; }

    /// <summary>The paths that lead to them, the worst first.</summary>
    public required IReadOnlyList<PathPrediction> Paths { get; init; }

    /// <summary>What happens to the calls on each of all other paths, where ingress controllers are lost; null otherwise.</summary>
    public required PathPrediction? OtherPaths { get; init; }

    /// <summary>Of drains what becomes of them; null of all else.</summary>
    public required DrainForecast? Drain { get; init; }

    /// <summary>How long it was looked at in the simulations; what lasts longer counts as so long.</summary>
    public required TimeSpan Horizon { get; init; }

    /// <summary>How many times it was simulated.</summary>
    public required int Runs { get; init; }

    /// <summary>What of the cluster could not be read, such as <c>poddisruptionbudgets.policy</c>: it is predicted as if there were none.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Which calls fail when.</summary>
    internal LossCourse Course { get; init; } = LossCourse.Empty;

    /// <summary>It for people, a line a workload and path that something happens to, the worst first.</summary>
    public IReadOnlyList<string> Describe()
    {
        List<(string Name, string What)> rows =
        [
            .. Workloads.Where(static it => it.Down.Worst + it.Degraded.Worst > TimeSpan.Zero || it.Pending > 0).Select(static it => ($"{it.Namespace}/{it.Name}", Fate(it))),
        ];
        var more = rows.Count - MostLines;
        if (more > 0) rows.RemoveRange(MostLines, more);
        rows.AddRange(Paths.Where(static it => it.Down.Worst + it.Degraded.Worst > TimeSpan.Zero).Take(MostLines).Select(it => (it.Uri.ToString(), Times(it))));
        if (OtherPaths is { } others && others.Down.Worst + others.Degraded.Worst > TimeSpan.Zero) rows.Add(("all other paths", Times(others)));
        List<string> lines = [$"Prediction, {string.Join("; ", Actions)}{(rows.Count == 0 && Drain is null ? "" : " (best/likely/worst)")}:"];
        if (Drain is { } drain)
            lines.Add(drain.Left is null ? $"  the drain takes {Seconds(drain.Time)}" : $"  the drain is given up, or still goes on, after {Seconds(drain.Time)}. {drain.Left}");
        if (rows.Count == 0) lines.Add(Workloads.Count == 0 ? "  No workload has pods there." : "  No workload loses pods.");
        var width = rows.Select(static row => row.Name.Length).DefaultIfEmpty().Max();
        lines.AddRange(rows.Select(row => $"  {row.Name.PadRight(width)}  {row.What}"));
        if (more > 0) lines.Add($"  and {more} more workloads that fare no worse");
        if (Missing.Count > 0) lines.Add($"  not known, and so left out: {string.Join(", ", Missing)}");
        return lines;
    }

    private static string Fate(NodeLossPrediction it)
    {
        var text = Times(it.Down, it.Degraded, it.FailingShare, it.Returns, it.Recovers);
        if (it.Pending > 0) text += $"; {it.Pending} {(it.Pending == 1 ? "pod stays" : "pods stay")} pending: {it.PendingReason}";
        return it.FreedBy is { } freed ? $"{text}; freed by {freed}" : text;
    }

    private string Times(PathPrediction it) => Times(it.Down, it.Degraded, it.FailingShare, it.Down.Worst < Horizon, it.Degraded.Worst < Horizon);

    private static string Times(DurationInterval down, DurationInterval degraded, double? failing, bool returns, bool recovers)
    {
        List<string> parts = [];
        if (down.Worst > TimeSpan.Zero) parts.Add($"down {(returns ? "" : ">")}{Seconds(down)}");
        if (degraded.Worst >= s_moment || (degraded.Worst > TimeSpan.Zero && parts.Count == 0))
            parts.Add($"degraded {(recovers ? "" : ">")}{Seconds(degraded)}{(failing is > 0 ? string.Create(CultureInfo.InvariantCulture, $", {failing * 100:0} % of calls fail") : "")}");
        return string.Join(", ", parts);
    }

    private static string Seconds(DurationInterval time) => time.Worst < s_moment ? "<1 s" : $"{time} s";
}
