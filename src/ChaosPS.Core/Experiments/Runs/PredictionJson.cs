using System.Text.Json.Nodes;
using ChaosPS.Resilience;

namespace ChaosPS.Experiments.Runs;

/// <summary>A prediction as the journal has it; times in seconds.</summary>
internal static class PredictionJson
{
    /// <summary>Writes it.</summary>
    public static JsonObject Of(LossForecast forecast) => new()
    {
        ["reason"] = null,
        ["actions"] = new JsonArray([.. forecast.Actions.Select(static action => JsonValue.Create(action.ToString()))]),
        ["nodes"] = new JsonArray([.. forecast.Actions.SelectMany(static action => action.Nodes).Distinct().Select(static node => JsonValue.Create(node))]),
        ["simulations"] = forecast.Runs,
        ["horizon"] = Journal.Seconds(forecast.Horizon),
        ["unknown"] = new JsonArray([.. forecast.Missing.Select(static kind => JsonValue.Create(kind))]),
        ["drain"] = forecast.Drain is { } drain ? new JsonObject { ["time"] = Interval(drain.Time), ["left"] = drain.Left } : null,
        ["workloads"] = new JsonArray([.. forecast.Workloads.Select(Workload)]),
        ["paths"] = new JsonArray([.. forecast.Paths.Select(Path)]),
        ["other_paths"] = forecast.OtherPaths is { } others ? Path(others) : null,
        ["measured"] = new JsonArray(),
    };

    private static JsonNode Workload(NodeLossPrediction it) => new JsonObject
    {
        ["kind"] = it.Kind,
        ["namespace"] = it.Namespace,
        ["name"] = it.Name,
        ["ready"] = it.Ready,
        ["lost"] = it.Lost,
        ["survives"] = it.Survives,
        ["recovers"] = it.Recovers,
        ["down"] = Interval(it.Down),
        ["degraded"] = Interval(it.Degraded),
        ["failing_share"] = it.FailingShare,
        ["pending"] = it.Pending,
        ["pending_reason"] = it.PendingReason,
        ["freed_by"] = it.FreedBy,
    };

    private static JsonNode Path(PathPrediction it) => new JsonObject
    {
        ["uri"] = it.Uri.Scheme == "about" ? null : it.Uri.ToString(),
        ["down"] = Interval(it.Down),
        ["degraded"] = Interval(it.Degraded),
        ["failing_share"] = it.FailingShare,
    };

    private static JsonObject Interval(DurationInterval time) =>
        new JsonObject { ["best"] = Journal.Seconds(time.Best), ["likely"] = Journal.Seconds(time.Likely), ["worst"] = Journal.Seconds(time.Worst) };
}
