using System.Globalization;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Resilience;

namespace ChaosPS.Experiments.Runs;

/// <summary>What a run that takes nodes away is going to do to the workloads, said before it acts, and held against what its probes have measured then.</summary>
/// <remarks>It is an extra: whatever is in its way is written down, and the run goes on.</remarks>
internal sealed class RunPrediction(RunScope run)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

    private IReadOnlyList<ExperimentActivity> _losing = [];
    private LossForecast? _forecast;
    private string? _reason;

    /// <summary>Predicts, if anything is going to be lost, and writes it to the journal.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        if (!LosingActions.Any(run)) return;
        using var limit = new CancellationTokenSource(s_longest, run.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var losing = LosingActions.Of(run, await run.Connection.Cluster.GetNodesAsync(both.Token));
            if (losing.Count == 0) return;
            _losing = [.. losing.Select(static entry => entry.Activity)];
            _forecast = await LossForecaster.MakeAsync(run.Connection, [.. losing.SelectMany(static entry => entry.Actions)], run.Log, both.Token);
            foreach (var line in _forecast.Describe()) run.Log.Write(ChaosLogLevel.Verbose, line);
        }
        catch (ChaosException exception)
        {
            _reason = exception.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _reason = $"It would have taken longer than {Text.Seconds(s_longest)}.";
        }

        if (_reason is not null) run.Log.Write(ChaosLogLevel.Verbose, $"There is no prediction. {_reason}");
        var written = _forecast is null ? new JsonObject { ["reason"] = _reason } : PredictionJson.Of(_forecast);
        run.Journal.Update(root => root["prediction"] = written);
    }

    /// <summary>Holds what was predicted against what was measured, and writes it to the journal.</summary>
    /// <returns>The outcome in a sentence; null when nothing was predicted.</returns>
    public string? Compare()
    {
        if (_reason is not null) return $"none. {_reason}";
        if (_forecast is not { } forecast) return null;
        var compared = Measured(forecast);
        run.Journal.Update(root => root["prediction"]!["measured"] = new JsonArray([.. compared.Select(static it => it.ToJson())]));
        var worst = string.Join(' ', forecast.Describe().ElementAt(1).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (compared.Count == 0) return $"no probe measured it, for none called a path while the nodes were away. At worst: {worst}";
        MeasuredWay[] others = [.. compared.Where(static it => !it.Agrees)];
        var calls = compared.Sum(static it => it.Calls);
        return others.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"agrees with the probes; {compared.Sum(static it => it.Failed)} of {calls} calls failed while the nodes were away.")
            : $"differs from the probes. {string.Join(" ", others.Select(static it => it.Difference))}";
    }

    private List<MeasuredWay> Measured(LossForecast forecast)
    {
        var played = run.Player.Played();
        var begun = played.Where(it => it.Phase == RunPhase.Method && _losing.Any(activity => activity.Name == it.Name)).ToArray();
        if (begun.Length == 0) return [];

        // From when the last of the nodes is being taken until the first is being given back.
        var lost = begun.Max(static it => it.Start);
        var back = played.Where(it => it.Start > lost && (it.Phase == RunPhase.Rollbacks || GivesBack(it))).Select(static it => it.Start).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        var calls = from it in played
                    where it.Kind == ActivityKind.Probe && it.Start >= lost && it.Start < back && it.Attempts == 1 && it.Status is ActivityStatus.Succeeded or ActivityStatus.Failed
                    let way = Address(it) is { } address ? forecast.Course.Find(address) : null
                    where way is not null
                    group (it.Name, At: it.Start - lost, Failed: HasFailed(it)) by way;
        return [.. calls.Select(group => MeasuredWay.Of(group.Key, [.. group], forecast.Course)).OrderBy(static it => it.Way, StringComparer.Ordinal)];
    }

    private bool GivesBack(ActivityRun played) => played.Phase == RunPhase.Method && run.Work.Targets
        .Any(entry => entry.Key.Name == played.Name && entry.Value.Any(LosingActions.GivesBack));

    private Uri? Address(ActivityRun played)
    {
        IReadOnlyList<ExperimentActivity> activities = played.Phase == RunPhase.Method ? run.Experiment.Method : run.Experiment.Hypothesis?.Probes ?? [];
        return activities.FirstOrDefault(activity => activity.Name == played.Name)?.Provider is HttpProvider http ? http.Address(run.Work.Context.Substitution) : null;
    }

    /// <summary>Whether the cluster gave no answer, or one of its own; what the application answers is the application's affair.</summary>
    private static bool HasFailed(ActivityRun played) =>
        played.Status == ActivityStatus.Failed || (played.Output as JsonObject)?["status"] is JsonValue status && status.TryGetValue(out long code) && code >= 500;
}
