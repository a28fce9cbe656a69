using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Experiments;

/// <summary>One run of an experiment, from its first look at the targets to the last thing put back.</summary>
internal sealed class ExperimentRun
{
    private readonly Experiment _experiment;
    private readonly ChaosConnection _connection;
    private readonly RunOptions _options;
    private readonly Redactor _redactor;
    private readonly IChaosLog _log;
    private readonly RecoveryLog _recovery;
    private readonly GuardedPower _power;
    private readonly Journal _journal;
    private readonly ActivityContext _context;
    private readonly HypothesisStrategy _hypothesisStrategy;
    private readonly RollbackStrategy _rollbackStrategy;
    private readonly string _title;

    private readonly Lock _lock = new();
    private readonly List<ActivityRun?> _activities = [];
    private readonly List<(RunOutcome Outcome, string Reason)> _setbacks = [];
    private readonly Dictionary<ExperimentActivity, IReadOnlyList<ActivityTarget>> _targets = new(ReferenceEqualityComparer.Instance);
    private bool _methodEntered;
    private bool _aborted;
    private string? _errorId;

    /// <summary>Begins a run: from here on it has a journal.</summary>
    public ExperimentRun(
        Experiment experiment, ChaosConnection connection, RunOptions options, ConfigurationReading values, Redactor redactor, IChaosLog log,
        RecoveryLog recovery)
    {
        _experiment = experiment;
        _connection = connection;
        _options = options;
        _redactor = redactor;
        _log = log;
        _recovery = recovery;
        _power = new GuardedPower(connection, recovery, new BlastRadius(options.MaxNodesDown), log);
        _hypothesisStrategy = options.HypothesisStrategy ?? experiment.HypothesisStrategy;
        _rollbackStrategy = options.RollbackStrategy ?? experiment.RollbackStrategy;
        var substitution = new Substitution(values.Configuration, values.Secrets);
        _context = new ActivityContext { Connection = connection, Substitution = substitution, Power = _power };
        _title = redactor.Redact(PythonValue.Text(substitution.Apply(experiment.Title)));
        _journal = Journal.Begin(options.JournalPath ?? Path.Combine(recovery.Folder, "journal.json"), Copy(), Ours(values), connection.Time, log);
    }

    /// <summary>Runs it to its end.</summary>
    public async Task<ChaosRun> RunAsync(CancellationToken cancellationToken)
    {
        var start = _connection.Time.GetUtcNow();
        _log.Write(ChaosLogLevel.Information, $"Running the experiment: {_title}");
        try
        {
            await ExperimentAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Setback(RunOutcome.Interrupted, "The run was interrupted.");
        }
        catch (Exception exception)
        {
            // Whatever it is, what was changed must be put back.
            _aborted = true;
            Setback(_methodEntered ? RunOutcome.ActivityFailed : RunOutcome.NotStarted, $"The run ended unexpectedly: {Describe(exception)}");
        }

        await RollBackAsync();
        var undo = await UndoAsync();
        return End(start, undo);
    }

    private async Task ExperimentAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ResolveAsync(cancellationToken);
        }
        catch (ChaosException exception)
        {
            _errorId = exception.ErrorId;
            Setback(RunOutcome.NotStarted, exception.RecommendedAction is { } advice ? $"{exception.Message} {advice}" : exception.Message);
            return;
        }

        if (_hypothesisStrategy is HypothesisStrategy.Default or HypothesisStrategy.BeforeMethodOnly
            && await CheckHypothesisAsync(RunPhase.Before, cancellationToken) is { } notMet)
        {
            Setback(RunOutcome.NotStarted, $"The steady state was not met before the method, so nothing was done. {notMet}");
            return;
        }

        _methodEntered = true;
        await PlayAllAsync(RunPhase.Method, _experiment.Method, cancellationToken);
        foreach (var failed in Played(RunPhase.Method).Where(static activity => activity.Status == ActivityStatus.Failed))
            Setback(RunOutcome.ActivityFailed, $"'{failed.Name}' of the method failed: {failed.Reason}");

        if (_hypothesisStrategy is HypothesisStrategy.Default or HypothesisStrategy.AfterMethodOnly
            && await CheckHypothesisAsync(RunPhase.After, cancellationToken) is { } deviation)
        {
            Setback(RunOutcome.Deviated, $"The steady state was not met after the method. {deviation}");
        }
    }

    /// <summary>Finds the targets of all actions, also of the rollbacks, before any of them touches anything.</summary>
    private async Task ResolveAsync(CancellationToken cancellationToken)
    {
        foreach (var (activity, targets) in await TargetResolver.ResolveAsync(_experiment, _connection, _options, _context.Substitution, cancellationToken))
        {
            _targets[activity] = targets;
            foreach (var (_, name, action, instance) in targets)
                _log.Write(ChaosLogLevel.Verbose, $"'{name}' will {action} {instance.Name} ({instance.ComputerName}).");
        }

        _journal.Update(root => root["targets"] = new JsonArray([.. _targets.Values.SelectMany(static targets => targets).Select(TargetJson)]));
    }

    /// <summary>Checks the hypothesis: each probe in order, until one is not within its tolerance.</summary>
    /// <returns>What was not met; null when all was.</returns>
    private async Task<string?> CheckHypothesisAsync(RunPhase phase, CancellationToken cancellationToken)
    {
        if (_experiment.Hypothesis is not { } hypothesis) return null;
        _log.Write(ChaosLogLevel.Information, $"Steady-state hypothesis: {hypothesis.Title}");
        var state = new JsonObject { ["steady_state_met"] = null, ["probes"] = new JsonArray() };
        _journal.Update(root => root["steady_states"]![phase == RunPhase.Before ? "before" : "after"] = state);
        string? notMet = null;
        foreach (var probe in hypothesis.Probes)
        {
            var run = await PlayAsync(phase, probe, (JsonArray)state["probes"]!, cancellationToken);
            if (run.ToleranceMet == true) continue;
            var why = run is { Status: ActivityStatus.Succeeded, Reason: { } reason } ? $" ({reason})" : "";
            notMet = $"'{run.Name}': expected {run.Expected}, got {run.Got}{why}.";
            break;
        }

        _journal.Update(_ => state["steady_state_met"] = notMet is null);
        _journal.Save();
        if (notMet is null) _log.Write(ChaosLogLevel.Information, "The steady state is met.");
        return notMet;
    }

    private async Task PlayAllAsync(RunPhase phase, IReadOnlyList<ExperimentActivity> activities, CancellationToken cancellationToken)
    {
        var entries = (JsonArray)_journal.Content[phase == RunPhase.Method ? "run" : "rollbacks"]!;
        var background = new List<Task>();
        try
        {
            foreach (var activity in activities)
            {
                if (activity.Background) background.Add(_connection.Time.RunAsync(() => PlayAsync(phase, activity, entries, cancellationToken)));
                else await PlayAsync(phase, activity, entries, cancellationToken);
            }
        }
        finally
        {
            if (background.Count > 0) await _connection.Time.WhenAllAsync(background);
            _journal.Save();
        }
    }

    /// <summary>Plays the rollbacks, whatever happened, each whatever became of the others; on a token and a time of their own.</summary>
    private async Task RollBackAsync()
    {
        var play = _experiment.Rollbacks.Count > 0 && _rollbackStrategy switch
        {
            RollbackStrategy.Always => true,
            RollbackStrategy.Never => false,
            RollbackStrategy.Deviated => _methodEntered && Has(RunOutcome.Deviated),
            _ => _methodEntered,
        };
        if (!play) return;
        _log.Write(ChaosLogLevel.Information, "Playing the rollbacks.");
        using var limit = new CancellationTokenSource(_options.RollbackTimeout, _connection.Time);
        try
        {
            await PlayAllAsync(RunPhase.Rollbacks, _experiment.Rollbacks, limit.Token);
        }
        catch (OperationCanceledException)
        {
            Setback(RunOutcome.RollbackIncomplete, $"The rollbacks took longer than {Text.Seconds(_options.RollbackTimeout)}.");
        }

        foreach (var failed in Played(RunPhase.Rollbacks).Where(static activity => activity.Status == ActivityStatus.Failed))
            Setback(RunOutcome.RollbackIncomplete, $"The rollback '{failed.Name}' failed: {failed.Reason}");
    }

    /// <summary>Puts back what the run changed and the rollbacks did not put back.</summary>
    private async Task<UndoResult> UndoAsync()
    {
        if (!_power.HasChanges) return new UndoResult([], []);
        using var limit = new CancellationTokenSource(_options.RollbackTimeout, _connection.Time);
        UndoResult undo;
        try
        {
            undo = await _power.UndoAsync(limit.Token);
        }
        catch (Exception exception)
        {
            undo = new UndoResult([], [$"The undo ended unexpectedly: {Describe(exception)} What is left is in {_recovery.Folder}."]);
        }

        foreach (var remaining in undo.Remaining) Setback(RunOutcome.RollbackIncomplete, remaining);
        return undo;
    }

    private async Task<ActivityRun> PlayAsync(RunPhase phase, ExperimentActivity activity, JsonArray entries, CancellationToken cancellationToken)
    {
        await PauseAsync(activity.PauseBefore, $"before '{activity.Name}'", cancellationToken);
        _log.Write(ChaosLogLevel.Information, $"{activity.Kind}: {activity.Name}");
        _log.Progress(_title, activity.Name, Percent(), completed: false);
        var start = _connection.Time.GetUtcNow();
        var entry = new JsonObject { ["activity"] = _redactor.ToJson(activity.Node), ["output"] = null, ["start"] = Journal.Time(start) };
        int place;
        lock (_lock)
        {
            place = _activities.Count;
            _activities.Add(null);
        }

        _journal.Update(_ => entries.Add(entry));
        var run = new ActivityRun
        {
            Phase = phase,
            Name = activity.Name,
            Kind = activity.Kind,
            Status = ActivityStatus.Interrupted,
            Start = start,
            End = start,
        };
        try
        {
            run = await WorkAsync(run, activity, cancellationToken);
        }
        finally
        {
            run = run with { End = _connection.Time.GetUtcNow() };
            lock (_lock) _activities[place] = run;
            _journal.Update(_ => Complete(entry, run));
            _journal.SaveSometimes();
        }

        await PauseAsync(activity.PauseAfter, $"after '{activity.Name}'", cancellationToken);
        return run;
    }

    /// <summary>How much of what may be played has been: the method, the rollbacks and, as often as it is checked, the hypothesis.</summary>
    private int Percent()
    {
        var checks = _hypothesisStrategy switch
        {
            HypothesisStrategy.Default => 2,
            HypothesisStrategy.Skip => 0,
            _ => 1,
        };
        var planned = (checks * (_experiment.Hypothesis?.Probes.Count ?? 0)) + _experiment.Method.Count + _experiment.Rollbacks.Count;
        return planned == 0 ? 0 : Math.Min(100, Played(null).Count() * 100 / planned);
    }

    /// <summary>Carries an activity out and holds what came of it against its tolerance. Only the end of the run is thrown.</summary>
    private async Task<ActivityRun> WorkAsync(ActivityRun run, ExperimentActivity activity, CancellationToken cancellationToken)
    {
        var tolerance = run.Phase is RunPhase.Before or RunPhase.After ? activity.Tolerance : null;
        var expected = tolerance is null ? null : DocumentValues.ToValue(tolerance);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var context = _context with { Targets = _targets.GetValueOrDefault(activity, []) };
            var output = await activity.Provider.RunAsync(context, cancellationToken);
            run = run with { Status = ActivityStatus.Succeeded, Output = _redactor.ToJson(output) };
            if (tolerance is null) return run;
            var verdict = Tolerances.Evaluate(expected, output, _context.Substitution);
            return run with
            {
                ToleranceMet = verdict.Met,
                Expected = _redactor.Redact(verdict.Expected),
                Got = _redactor.Redact(verdict.Got),
                Reason = verdict.Problem is { } problem ? _redactor.Redact(problem) : null,
            };
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            var reason = _redactor.Redact(Describe(exception));
            run = run with { Status = ActivityStatus.Failed, Reason = reason };
            if (tolerance is null) return run;
            return run with
            {
                ToleranceMet = false,
                Expected = _redactor.Redact(Tolerances.Expected(expected, _context.Substitution, activity.Provider.HasStatus)),
                Got = $"nothing: {reason}",
            };
        }
    }

    private async Task PauseAsync(DocumentNode? pause, string when, CancellationToken cancellationToken)
    {
        // Validation has refused what is no pause.
        if (pause is null || PauseLength.Read(pause, _context.Substitution) is not { } length || length == TimeSpan.Zero) return;
        _log.Write(ChaosLogLevel.Information, $"Pausing {Text.Seconds(length)} {when}.");
        _log.Progress(_title, $"Pausing {Text.Seconds(length)} {when}", Percent(), completed: false);
        await _connection.Time.DelayAsync(length, cancellationToken);
    }

    private ChaosRun End(DateTimeOffset start, UndoResult undo)
    {
        var end = _connection.Time.GetUtcNow();
        var (outcome, reason) = _setbacks.Count == 0 ? (RunOutcome.Passed, null) : _setbacks.MaxBy(static setback => setback.Outcome);
        var played = Played(null).ToArray();
        var status = Has(RunOutcome.Interrupted) ? "interrupted"
            : _aborted ? "aborted"
            : _errorId is not null || played.Any(static run => run is { Status: ActivityStatus.Failed, Phase: not RunPhase.Rollbacks }) ? "failed"
            : "completed";
        var deviated = Has(RunOutcome.Deviated);
        _journal.Update(root =>
        {
            root["status"] = status;
            root["deviated"] = deviated;
            root["end"] = Journal.Time(end);
            root["duration"] = Journal.Seconds(end - start);
            root["outcome"] = outcome.ToString();
            root["exit_code"] = (int)outcome;
            root["reason"] = reason;
            root["undo"] = new JsonObject
            {
                ["complete"] = undo.Complete,
                ["steps"] = new JsonArray([.. undo.Steps.Select(static step => JsonValue.Create(step))]),
                ["remaining"] = new JsonArray([.. undo.Remaining.Select(static step => JsonValue.Create(step))]),
            };
        });
        _journal.Save();
        _log.Progress(_title, outcome.ToString(), 100, completed: true);
        _log.Write(ChaosLogLevel.Information, $"The experiment ended: {outcome}.");
        return new ChaosRun
        {
            Outcome = outcome,
            Title = _title,
            Source = _experiment.Source,
            RunId = _recovery.RunId,
            Start = start,
            End = end,
            Status = status,
            Deviated = deviated,
            Reason = reason,
            ErrorId = _errorId,
            Activities = played,
            Targets = [.. _targets.Values.SelectMany(static targets => targets)],
            UndoSteps = undo.Steps,
            Journal = _journal.Content,
            JournalPath = _journal.FilePath,
        };
    }

    private void Setback(RunOutcome outcome, string reason)
    {
        _setbacks.Add((outcome, _redactor.Redact(reason)));
        _log.Write(ChaosLogLevel.Warning, reason);
    }

    private bool Has(RunOutcome outcome) => _setbacks.Exists(setback => setback.Outcome == outcome);

    private IEnumerable<ActivityRun> Played(RunPhase? phase)
    {
        lock (_lock) return [.. _activities.OfType<ActivityRun>().Where(run => phase is null || run.Phase == phase)];
    }

    private static string Describe(Exception exception) =>
        exception is ChaosException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}";

    /// <summary>The rest of an activity's entry, in the order of the original: of one that was cut there is no status.</summary>
    private static void Complete(JsonObject entry, ActivityRun run)
    {
        entry["output"] = run.Output?.DeepClone();
        if (run.Status != ActivityStatus.Interrupted) entry["status"] = run.Status == ActivityStatus.Succeeded ? "succeeded" : "failed";
        if (run.Status == ActivityStatus.Failed) entry["exception"] = new JsonArray($"ActivityFailed: {run.Reason}");
        entry["end"] = Journal.Time(run.End);
        entry["duration"] = Journal.Seconds(run.Duration);
        if (run.ToleranceMet is not { } met) return;
        entry["tolerance_met"] = met;
        entry["expected"] = run.Expected;
        entry["got"] = run.Got;
        if (run.Status == ActivityStatus.Succeeded && run.Reason is not null) entry["reason"] = run.Reason;
    }

    private JsonObject Copy()
    {
        var copy = _redactor.ToJson((DocumentMapping)_experiment.Document);
        copy["title"] = _title;
        copy["dry"] = null;
        return copy;
    }

    private JsonObject Ours(ConfigurationReading values) => new()
    {
        ["run_id"] = _recovery.RunId,
        ["chaosps_version"] = typeof(ExperimentRun).Assembly.GetName().Version?.ToString(3),
        ["source"] = _experiment.Source,
        ["seed"] = _options.Seed,
        ["strategies"] = new JsonObject { ["hypothesis"] = _hypothesisStrategy.ToString(), ["rollbacks"] = _rollbackStrategy.ToString() },
        ["cluster"] = new JsonObject
        {
            ["name"] = _connection.Name,
            ["server"] = _connection.Server,
            ["kind"] = _connection.Kind.ToString(),
        },
        ["environment"] = new JsonObject(values.Sources.Select(static source => KeyValuePair.Create(source.Key, (JsonNode?)source.Value))),
        ["targets"] = new JsonArray(),
        ["undo"] = null,
    };

    private static JsonObject TargetJson(ActivityTarget target) => new()
    {
        ["phase"] = target.Phase.ToString(),
        ["activity"] = target.Activity,
        ["action"] = target.Action.ToString(),
        ["id"] = target.Instance.ResourceId,
        ["name"] = target.Instance.Name,
        ["node"] = target.Instance.ComputerName,
        ["power_state"] = target.Instance.PowerState.ToString(),
    };
}
