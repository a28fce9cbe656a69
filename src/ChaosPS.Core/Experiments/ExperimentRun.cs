using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Experiments;

/// <summary>One run of an experiment, from its first look at the targets to the last thing put back.</summary>
internal sealed class ExperimentRun : IDisposable
{
    private static readonly TimeSpan s_watchInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_releaseTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_probeInterval = TimeSpan.FromSeconds(5);

    /// <summary>How long an activity has to heed the end of the run; after that it is left behind.</summary>
    private static readonly TimeSpan s_heed = TimeSpan.FromMilliseconds(800);

    private readonly Experiment _experiment;
    private readonly ChaosConnection _connection;
    private readonly RunOptions _options;
    private readonly Redactor _redactor;
    private readonly IChaosLog _log;
    private readonly RecoveryLog _recovery;
    private readonly BlastGate _gate;
    private readonly ChangeSet _changes;
    private readonly Journal _journal;
    private ActivityContext _context;
    private readonly HypothesisStrategy _hypothesisStrategy;
    private readonly RollbackStrategy _rollbackStrategy;
    private readonly string _title;
    private readonly IReadOnlyDictionary<string, object?> _secrets;

    private readonly Lock _lock = new();
    private readonly List<ActivityRun?> _activities = [];
    private readonly List<(RunOutcome Outcome, string Reason)> _setbacks = [];
    private readonly Dictionary<ExperimentActivity, IReadOnlyList<ActivityTarget>> _targets = new(ReferenceEqualityComparer.Instance);
    private bool _methodEntered;
    private readonly CancellationTokenSource _leaseOver = new();
    private LeaseKeeper? _lease;
    private Task _renewing = Task.CompletedTask;
    private bool _aborted;
    private bool _steadyBefore;
    private string? _errorId;
    private string _interruption = "The run was interrupted.";

    /// <summary>Begins a run: from here on it has a journal.</summary>
    public ExperimentRun(
        Experiment experiment, ChaosConnection connection, RunOptions options, ConfigurationReading values, Redactor redactor, IChaosLog log,
        RecoveryLog recovery, BlastGate gate)
    {
        _experiment = experiment;
        _connection = connection;
        _options = options;
        _redactor = redactor;
        _log = log;
        _recovery = recovery;
        _gate = gate;
        _changes = new ChangeSet(connection, recovery, log);
        options.Undo?.Watch(_changes);
        _hypothesisStrategy = options.HypothesisStrategy ?? experiment.HypothesisStrategy;
        _rollbackStrategy = options.RollbackStrategy ?? experiment.RollbackStrategy;
        var substitution = new Substitution(values.Configuration, values.Secrets);
        _secrets = values.Secrets;
        _context = new ActivityContext
        {
            Connection = connection,
            AllowExternal = options.AllowExternal,
            Substitution = substitution,
            Power = new GuardedPower(connection, _changes, gate, log),
            Changes = _changes,
            Gate = gate,
            Log = log,
            Files = new SpecFiles(experiment.Documents, experiment.Source),
            Random = new Random(options.Seed),
            AllowIrreversible = options.AllowIrreversible,
        };
        _title = redactor.Redact(PythonValue.Text(substitution.Apply(experiment.Title)));
        _journal = Journal.Begin(options.JournalPath ?? Path.Combine(recovery.Folder, "journal.json"), Copy(), Ours(values), connection.Time, log);
    }

    private GuardedPower Guard() => new(_connection, _changes, _gate, _log);

    /// <summary>Lets go of what renews the run's mark.</summary>
    public void Dispose() => _leaseOver.Dispose();

    /// <summary>Runs it to its end.</summary>
    public async Task<ChaosRun> RunAsync(CancellationToken cancellationToken)
    {
        var start = _connection.Time.GetUtcNow();
        _log.Write(ChaosLogLevel.Information, _options.RehearsalOf is { } original
            ? $"Rehearsing on a copy of {original}, which is not touched: {_title}"
            : $"Running the experiment: {_title}");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var over = new CancellationTokenSource();
        var watch = _connection.Time.RunAsync(() => WatchAsync(stop, over.Token));
        try
        {
            await ExperimentAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Setback(RunOutcome.Interrupted, _interruption);
        }
        catch (Exception exception)
        {
            // Whatever it is, what was changed must be put back.
            _aborted = true;
            Setback(_methodEntered ? RunOutcome.ActivityFailed : RunOutcome.NotStarted, $"The run ended unexpectedly: {Describe(exception)}");
        }

        await over.CancelAsync();
        await _connection.Time.WhenAllAsync([watch]);
        try
        {
            await RollBackAsync();
        }
        catch (Exception exception)
        {
            // Rollbacks are the experiment's; what is left to put back is ours, whatever became of them.
            _aborted = true;
            Setback(RunOutcome.RollbackIncomplete, $"The rollbacks ended unexpectedly: {Describe(exception)}");
        }

        var undo = await UndoAsync();
        await ReleaseLeaseAsync(undo.Complete);
        return End(start, undo);
    }

    /// <summary>Interrupts the run when it takes too long, or when somebody pulls a stop lever.</summary>
    private async Task WatchAsync(CancellationTokenSource stop, CancellationToken over)
    {
        var time = _connection.Time;
        var began = time.GetUtcNow();
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var left = _options.MaxDuration - (time.GetUtcNow() - began);
                if (left <= TimeSpan.Zero) Interrupt($"The run took longer than {Text.Seconds(_options.MaxDuration!.Value)}, the most that it may take.");
                else if (await LeverAsync(over) is { } lever) Interrupt($"The run was stopped by {lever}.");
                else await time.DelayAsync(left < s_watchInterval ? left.Value : s_watchInterval, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The run has come to its end by itself.
        }

        void Interrupt(string reason)
        {
            _interruption = reason;
            stop.Cancel();
        }
    }

    /// <summary>What stops all runs. A lever that cannot be looked at is not pulled: the run goes on under the rules that let it begin.</summary>
    private async Task<string?> LeverAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _gate.StoppedByAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever it is, it must not come between the run and its undo.
            _log.Write(ChaosLogLevel.Verbose, $"The stop lever in the cluster cannot be looked at: {Describe(exception)}");
            return null;
        }
    }

    private async Task ExperimentAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await _gate.StoppedByAsync(cancellationToken) is { } lever) throw ChaosErrors.StopLeverPulled(_title, lever);
            await ResolveAsync(cancellationToken);
            await TakeLeaseAsync(cancellationToken);
        }
        catch (ChaosException exception)
        {
            _errorId = exception.ErrorId;
            Setback(RunOutcome.NotStarted, exception.RecommendedAction is { } advice ? $"{exception.Message} {advice}" : exception.Message);
            return;
        }

        if (_hypothesisStrategy is HypothesisStrategy.Default or HypothesisStrategy.BeforeMethodOnly)
        {
            if (await CheckHypothesisAsync(RunPhase.Before, cancellationToken) is { } notMet)
            {
                Setback(RunOutcome.NotStarted, $"The steady state was not met before the method, so nothing was done. {notMet}");
                return;
            }

            _steadyBefore = true;
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
        foreach (var (activity, targets) in await TargetResolver.ResolveAsync(
            _experiment, _connection, _options, _gate, _context.Substitution, _secrets, _log, cancellationToken))
        {
            _targets[activity] = targets;
            foreach (var target in targets) _log.Write(ChaosLogLevel.Verbose, $"'{target.Activity}' will {target} ({target.Id}).");
        }

        _journal.Update(root => root["targets"] = new JsonArray([.. _targets.Values.SelectMany(static targets => targets).Select(TargetJson)]));
    }

    /// <summary>Sees to it that no two runs are at work on one machine, as far as runs are marked.</summary>
    private async Task TakeLeaseAsync(CancellationToken cancellationToken)
    {
        string[] targets = [.. _targets.Values.SelectMany(static list => list).Select(static target => target.Id).Distinct()];
        if (targets.Length == 0) return;
        try
        {
            await LeaseKeeper.CheckAsync(_connection, targets, cancellationToken);
        }
        catch (ChaosException exception) when (exception.Kind == ErrorKind.PermissionDenied && !_options.Lease)
        {
            _log.Write(ChaosLogLevel.Verbose, $"Whether other runs are at work on the targets cannot be read: {exception.Message}");
        }

        if (!_options.Lease) return;
        var lease = new LeaseKeeper(_connection, _recovery, targets, _log);
        _lease = lease; // from here on it is taken away in the end, also when nobody saw the answer to its writing
        await lease.BeginAsync(cancellationToken);
        _changes.AnnounceBy(lease);
        _renewing = _connection.Time.RunAsync(() => lease.KeepAsync(_leaseOver.Token));
    }

    private async Task ReleaseLeaseAsync(bool complete)
    {
        if (_lease is null) return;
        await _leaseOver.CancelAsync();
        await _connection.Time.WhenAllAsync([_renewing]);
        using var limit = new CancellationTokenSource(s_releaseTimeout, _connection.Time);
        await _lease.ReleaseAsync(complete, limit.Token);
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
        }

        // An interrupted run may have seconds left: it puts back first, and its journal is written at its end.
        if (!Has(RunOutcome.Interrupted)) _journal.Save();
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

        // An activity of the method that was left behind may still have its turn at the machines, and never give it back.
        _context = _context with { Power = Guard() };
        using var limit = new CancellationTokenSource(_options.RollbackTimeout, _connection.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Hurried);
        try
        {
            await PlayAllAsync(RunPhase.Rollbacks, _experiment.Rollbacks, either.Token);
        }
        catch (OperationCanceledException)
        {
            Setback(RunOutcome.RollbackIncomplete, Hurried.IsCancellationRequested
                ? "The rollbacks were cut short, for the process had seconds left."
                : $"The rollbacks took longer than {Text.Seconds(_options.RollbackTimeout)}.");
        }

        foreach (var failed in Played(RunPhase.Rollbacks).Where(static activity => activity.Status == ActivityStatus.Failed))
            Setback(RunOutcome.RollbackIncomplete, $"The rollback '{failed.Name}' failed: {failed.Reason}");
    }

    /// <summary>Puts back what the run changed and the rollbacks did not put back, then waits until users are served again.</summary>
    private async Task<UndoResult> UndoAsync()
    {
        _changes.Close();
        if (!_changes.Any) return new UndoResult([], []);
        _log.Progress(_title, "Putting back what was changed", Percent(), completed: false);
        UndoResult undo;
        try
        {
            using var limit = new CancellationTokenSource(_options.RollbackTimeout, _connection.Time);
            undo = await _changes.UndoAsync(includeHeld: false, limit.Token);
        }
        catch (Exception exception)
        {
            undo = new UndoResult([], [$"The undo ended unexpectedly: {Describe(exception)} What is left is in {_recovery.Folder}."]);
        }

        if (undo.Complete && _steadyBefore) undo = await WaitForSteadyStateAsync(undo);
        foreach (var remaining in undo.Remaining) Setback(RunOutcome.RollbackIncomplete, remaining);
        return undo;
    }

    /// <summary>The machines are back; pods, endpoints and caches may need longer.</summary>
    private async Task<UndoResult> WaitForSteadyStateAsync(UndoResult undo)
    {
        if (_experiment.Hypothesis is not { } hypothesis) return undo;
        var began = _connection.Time.GetUtcNow();
        _log.Write(ChaosLogLevel.Information, "Waiting until the steady state holds again.");
        using var limit = new CancellationTokenSource(_options.SteadyStateTimeout, _connection.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Hurried);
        string? notMet = null;
        try
        {
            while (true)
            {
                notMet = await LookAsync(hypothesis, either.Token);
                if (notMet is null) break;
                _log.Progress(_title, $"Waiting for the steady state: {notMet}", Percent(), completed: false);
                await _connection.Time.DelayAsync(s_probeInterval, either.Token);
            }
        }
        catch (OperationCanceledException) when (Hurried.IsCancellationRequested)
        {
            return undo with { Remaining = [.. undo.Remaining, "All machines are as before; the steady state was not waited for, for the process had seconds left."] };
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            notMet ??= "the probes did not answer in time.";
        }

        var waited = Text.Seconds(_connection.Time.GetUtcNow() - began);
        return notMet is null
            ? undo with { Steps = [.. undo.Steps, $"The steady state holds again after {waited}."] }
            : undo with { Remaining = [.. undo.Remaining, $"All machines are as before, but the steady state does not hold again after {waited}: {notMet}"] };
    }

    /// <summary>Looks at the hypothesis without a place in the journal.</summary>
    private async Task<string?> LookAsync(ExperimentHypothesis hypothesis, CancellationToken cancellationToken)
    {
        foreach (var probe in hypothesis.Probes)
        {
            var now = _connection.Time.GetUtcNow();
            var run = await WorkAsync(
                new ActivityRun { Phase = RunPhase.After, Name = probe.Name, Kind = probe.Kind, Status = ActivityStatus.Interrupted, Start = now, End = now },
                probe, cancellationToken);
            if (run.ToleranceMet != true) return $"'{run.Name}': expected {run.Expected}, got {run.Got}.";
        }

        return null;
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
        }

        if (!Has(RunOutcome.Interrupted)) _journal.SaveSometimes();
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
            var context = _context with
            {
                Phase = run.Phase,
                Activity = activity.Name,
                Targets = _targets.GetValueOrDefault(activity, []),
                All = [.. _targets.Values.SelectMany(static targets => targets)],
            };
            var output = await HeedAsync(() => activity.Provider.RunAsync(context, cancellationToken), cancellationToken);
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

    /// <summary>Waits for an activity, and no longer than a moment beyond the end of the run, whether the activity heeds it, hangs or blocks.</summary>
    private async Task<object?> HeedAsync(Func<Task<object?>> work, CancellationToken cancellationToken)
    {
        // On a virtual clock nothing hangs on its own, and whoever waits is counted: nobody may be left behind.
        if (_connection.Time is VirtualClock) return await work();
        var activity = Task.Run(work, CancellationToken.None);
        var hangs = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        ITimer? patience = null;
        await using var registration = cancellationToken.Register(() => patience = _options.Patience.CreateTimer(
            _ => hangs.TrySetCanceled(cancellationToken), null, s_heed, Timeout.InfiniteTimeSpan));
        var first = await Task.WhenAny(activity, hangs.Task);
        patience?.Dispose();
        return await first;
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
        _changes.End(outcome.ToString());
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

    private CancellationToken Hurried => _options.Undo?.Hurried ?? CancellationToken.None;

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

    private JsonObject Cluster()
    {
        var cluster = new JsonObject
        {
            ["name"] = _connection.Name,
            ["server"] = _connection.Server,
            ["kind"] = _connection.Kind.ToString(),
        };
        if (_options.RehearsalOf is { } original) cluster["rehearsal_of"] = original;
        return cluster;
    }

    private JsonObject Ours(ConfigurationReading values) => new()
    {
        ["run_id"] = _recovery.RunId,
        ["chaosps_version"] = typeof(ExperimentRun).Assembly.GetName().Version?.ToString(3),
        ["source"] = _experiment.Source,
        ["seed"] = _options.Seed,
        ["strategies"] = new JsonObject { ["hypothesis"] = _hypothesisStrategy.ToString(), ["rollbacks"] = _rollbackStrategy.ToString() },
        ["cluster"] = Cluster(),
        ["environment"] = new JsonObject(values.Sources.Select(static source => KeyValuePair.Create(source.Key, (JsonNode?)source.Value))),
        ["targets"] = new JsonArray(),
        ["undo"] = null,
    };

    private static JsonObject TargetJson(ActivityTarget target)
    {
        var json = new JsonObject
        {
            ["phase"] = target.Phase.ToString(),
            ["activity"] = target.Activity,
            ["action"] = target.Action,
            ["id"] = target.Id,
        };
        switch (target)
        {
            case MachineTarget machine:
                json["name"] = machine.Instance.Name;
                json["node"] = machine.Instance.ComputerName;
                json["power_state"] = machine.Instance.PowerState.ToString();
                break;
            case ObjectTarget { Object: var item }:
                json["kind"] = item.Resource.Kind;
                json["namespace"] = item.Namespace;
                json["name"] = item.Name;
                break;
        }

        return json;
    }
}
