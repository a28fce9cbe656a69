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

    private readonly Experiment _experiment;
    private readonly ChaosConnection _connection;
    private readonly RunOptions _options;
    private readonly Redactor _redactor;
    private readonly IChaosLog _log;
    private readonly RecoveryLog _recovery;
    private readonly BlastGate _gate;
    private readonly ChangeSet _changes;
    private readonly Journal _journal;
    private readonly ActivityPlayer _player;
    private readonly ToolkitVerdict _toolkit = new();
    private readonly HypothesisStrategy _hypothesisStrategy;
    private readonly RollbackStrategy _rollbackStrategy;
    private readonly ConfigurationReading _values;
    private string _title;

    private readonly Lock _lock = new();
    private readonly List<(RunOutcome Outcome, string Reason)> _setbacks = [];
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
        _values = values;
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
        _title = redactor.Redact(PythonValue.Text(substitution.Apply(experiment.Title)));
        _journal = Journal.Begin(options.JournalPath ?? Path.Combine(recovery.Folder, "journal.json"), Copy(), Ours(values), connection.Time, log);
        _player = new ActivityPlayer(connection, options, _journal, redactor, log, _title, Planned())
        {
            Context = new ActivityContext
            {
                Connection = connection,
                AllowExternal = options.AllowExternal,
                Environment = EnvironmentVariables.For(connection, options.EnvironmentVariables),
                Substitution = substitution,
                Power = Guard(),
                Changes = _changes,
                Gate = gate,
                Log = log,
                Files = new SpecFiles(experiment.Documents, experiment.Source),
                Random = new Random(options.Seed),
                AllowIrreversible = options.AllowIrreversible,
            },
        };
    }

    private bool JudgedAsThere => _options.Compatibility == RunCompatibility.ChaosToolkit;

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
            _toolkit.Interrupted();
            Setback(RunOutcome.Interrupted, _interruption);
            _journal.Defer();
        }
        catch (Exception exception)
        {
            // Whatever it is, what was changed must be put back.
            _aborted = true;
            _toolkit.Crashed();
            Setback(_methodEntered ? RunOutcome.ActivityFailed : RunOutcome.NotStarted, $"The run ended unexpectedly: {ActivityPlayer.Describe(exception)}");
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
            _toolkit.Crashed();
            Setback(RunOutcome.RollbackIncomplete, $"The rollbacks ended unexpectedly: {ActivityPlayer.Describe(exception)}");
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
            _log.Write(ChaosLogLevel.Verbose, $"The stop lever in the cluster cannot be looked at: {ActivityPlayer.Describe(exception)}");
            return null;
        }
    }

    private async Task ExperimentAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await _gate.StoppedByAsync(cancellationToken) is { } lever) throw ChaosErrors.StopLeverPulled(_title, lever);
            await ConfigureAsync(cancellationToken);
            await ResolveAsync(cancellationToken);
            await TakeLeaseAsync(cancellationToken);
        }
        catch (ChaosException exception)
        {
            _errorId = exception.ErrorId;
            Setback(RunOutcome.NotStarted, exception.RecommendedAction is { } advice ? $"{exception.Message} {advice}" : exception.Message);
            return;
        }

        if (_hypothesisStrategy is HypothesisStrategy.Default or HypothesisStrategy.BeforeMethodOnly or HypothesisStrategy.Continuously)
        {
            var before = await CheckHypothesisAsync(RunPhase.Before, cancellationToken);
            if (before.NotMet is { } notMet)
            {
                _toolkit.NotMetBefore(before.ProbeFailed);
                Setback(RunOutcome.NotStarted, $"The steady state was not met before the method, so nothing was done. {notMet}");
                return;
            }

            _steadyBefore = true;
        }

        await PlayMethodAsync(cancellationToken);
        if (JudgedAsThere && !_toolkit.GoesOnAfterMethod) return;
        if (_hypothesisStrategy is HypothesisStrategy.Default or HypothesisStrategy.AfterMethodOnly or HypothesisStrategy.Continuously)
        {
            var after = await CheckHypothesisAsync(RunPhase.After, cancellationToken);
            if (after.NotMet is not { } deviation) return;
            _toolkit.NotMetAfter(after.ProbeFailed);
            Setback(RunOutcome.Deviated, $"The steady state was not met after the method. {deviation}");
        }
    }

    /// <summary>Plays the method, and checks the hypothesis beside it when the strategy says so.</summary>
    private async Task PlayMethodAsync(CancellationToken cancellationToken)
    {
        _methodEntered = true;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beside = _hypothesisStrategy is HypothesisStrategy.DuringMethodOnly or HypothesisStrategy.Continuously && _experiment.Hypothesis is not null
            ? _connection.Time.RunAsync(() => CheckHypothesisBesideAsync(end, over.Token, cancellationToken))
            : Task.CompletedTask;
        try
        {
            await PlayAllAsync(RunPhase.Method, _experiment.Method, () => _toolkit.GoesOn, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The hypothesis was not met beside it, which has been said.
        }
        catch (ToolkitCrash crash)
        {
            Crash(crash);
        }
        finally
        {
            await over.CancelAsync();
            await _connection.Time.WhenAllAsync([beside]);
        }

        foreach (var failed in _player.Played(RunPhase.Method).Where(static activity => activity.Status == ActivityStatus.Failed))
            Setback(RunOutcome.ActivityFailed, $"'{failed.Name}' of the method failed: {failed.Reason}");
    }

    /// <summary>Checks the hypothesis again and again until the method is over.</summary>
    private async Task CheckHypothesisBesideAsync(CancellationTokenSource method, CancellationToken over, CancellationToken cancellationToken)
    {
        var (checks, failures) = (0, 0);
        string? first = null;
        try
        {
            while (!over.IsCancellationRequested)
            {
                var check = await CheckHypothesisAsync(RunPhase.During, cancellationToken);
                checks++;
                if (check.NotMet is { } notMet)
                {
                    failures++;
                    first ??= notMet;
                    if (_options.FailFast)
                    {
                        _toolkit.FailFast();
                        if (!JudgedAsThere) await method.CancelAsync(); // there, the activity that is being played is played to its end
                        break;
                    }
                }
                else if (checks == 1)
                {
                    _steadyBefore = true;
                }

                await _connection.Time.DelayAsync(_options.HypothesisFrequency, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The method is over.
        }
        catch (ToolkitCrash crash)
        {
            Crash(crash);
        }

        if (first is not null)
            Setback(RunOutcome.Deviated, $"The steady state was not met in {failures} of {checks} checks while the method was played. The first: {first}");
    }

    /// <summary>The method ends as that of the Chaos Toolkit, which does not catch what has happened.</summary>
    private void Crash(ToolkitCrash crash)
    {
        _toolkit.MethodCrashed();
        Setback(RunOutcome.ActivityFailed, crash.Message);
    }

    /// <summary>Plays the probes of the configuration. What they answer is in the placeholders from then on.</summary>
    private async Task ConfigureAsync(CancellationToken cancellationToken)
    {
        if (_experiment.DynamicConfiguration.Count == 0) return;
        var (configuration, missing) = await DynamicConfiguration.LoadAsync(_experiment, _values, _player.Context, cancellationToken);
        if (missing.Count > 0)
        {
            var problem = ChaosErrors.ConfigurationNotFound(string.Join("; ", missing.Select(static item => $"'{item.Key}': {item.Reason}")));
            if (!JudgedAsThere) throw problem;
            _log.Write(ChaosLogLevel.Warning, problem.Message);
        }

        _player.Context = _player.Context with { Substitution = new Substitution(configuration, _values.Secrets) };
        _title = _redactor.Redact(PythonValue.Text(_player.Context.Substitution.Apply(_experiment.Title)));
        _journal.Update(root => root["experiment"]!["title"] = _title);
    }

    /// <summary>Finds the targets of all actions, also of the rollbacks, before any of them touches anything.</summary>
    private async Task ResolveAsync(CancellationToken cancellationToken)
    {
        foreach (var (activity, targets) in await TargetResolver.ResolveAsync(
            _experiment, _connection, _options, _gate, _player.Context.Substitution, _values.Secrets, _log, cancellationToken))
        {
            _player.Targets[activity] = targets;
            foreach (var target in targets) _log.Write(ChaosLogLevel.Verbose, $"'{target.Activity}' will {target} ({target.Id}).");
        }

        _journal.Update(root => root["targets"] = new JsonArray([.. _player.Targets.Values.SelectMany(static targets => targets).Select(TargetJson)]));
    }

    /// <summary>Sees to it that no two runs are at work on one machine, as far as runs are marked.</summary>
    private async Task TakeLeaseAsync(CancellationToken cancellationToken)
    {
        string[] targets = [.. _player.Targets.Values.SelectMany(static list => list).Select(static target => target.Id).Distinct()];
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
    private async Task<HypothesisCheck> CheckHypothesisAsync(RunPhase phase, CancellationToken cancellationToken)
    {
        if (_experiment.Hypothesis is not { } hypothesis) return default;
        _log.Write(phase == RunPhase.During ? ChaosLogLevel.Verbose : ChaosLogLevel.Information, $"Steady-state hypothesis: {hypothesis.Title}");
        var state = new JsonObject { ["steady_state_met"] = null, ["probes"] = new JsonArray() };
        _journal.Update(root =>
        {
            var states = root["steady_states"]!;
            if (phase == RunPhase.During) states["during"]!.AsArray().Add(state);
            else states[phase == RunPhase.Before ? "before" : "after"] = state;
        });
        var check = default(HypothesisCheck);
        foreach (var probe in hypothesis.Probes)
        {
            var run = await _player.PlayAsync(phase, probe, (JsonArray)state["probes"]!, cancellationToken);
            if (run.ToleranceMet == true) continue;
            var why = run is { Status: ActivityStatus.Succeeded, Reason: { } reason } ? $" ({reason})" : "";
            check = new HypothesisCheck($"'{run.Name}': expected {run.Expected}, got {run.Got}{why}.", run.Status == ActivityStatus.Failed);
            break;
        }

        _journal.Update(_ => state["steady_state_met"] = check.NotMet is null);
        if (phase == RunPhase.During) return check;
        _journal.Save();
        if (check.NotMet is null) _log.Write(ChaosLogLevel.Information, "The steady state is met.");
        return check;
    }

    private Task PlayAllAsync(RunPhase phase, IReadOnlyList<ExperimentActivity> activities, Func<bool> goesOn, CancellationToken cancellationToken) =>
        _player.PlayAllAsync(
            phase, activities, (JsonArray)_journal.Content[phase == RunPhase.Method ? "run" : "rollbacks"]!, () => JudgedAsThere && !goesOn(), cancellationToken);

    /// <summary>Plays the rollbacks, whatever happened, each whatever became of the others; on a token and a time of their own.</summary>
    private async Task RollBackAsync()
    {
        var play = _experiment.Rollbacks.Count > 0 && _options.Undo?.SkipsRollbacks != true && (JudgedAsThere ? _toolkit.Plays(_rollbackStrategy) : _rollbackStrategy switch
        {
            RollbackStrategy.Always => true,
            RollbackStrategy.Never => false,
            RollbackStrategy.Deviated => _methodEntered && Has(RunOutcome.Deviated),
            _ => _methodEntered,
        });
        if (!play) return;
        _log.Write(ChaosLogLevel.Information, "Playing the rollbacks.");

        // An activity of the method that was left behind may still have its turn at the machines, and never give it back.
        _player.Context = _player.Context with { Power = Guard() };
        using var limit = new CancellationTokenSource(_options.RollbackTimeout, _connection.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Hurried);
        try
        {
            await PlayAllAsync(RunPhase.Rollbacks, _experiment.Rollbacks, static () => true, either.Token);
        }
        catch (OperationCanceledException)
        {
            Setback(RunOutcome.RollbackIncomplete, Hurried.IsCancellationRequested
                ? "The rollbacks were cut short, for the process had seconds left."
                : $"The rollbacks took longer than {Text.Seconds(_options.RollbackTimeout)}.");
        }

        foreach (var failed in _player.Played(RunPhase.Rollbacks).Where(static activity => activity.Status == ActivityStatus.Failed))
            Setback(RunOutcome.RollbackIncomplete, $"The rollback '{failed.Name}' failed: {failed.Reason}");
    }

    /// <summary>Puts back what the run changed and the rollbacks did not put back, then waits until users are served again.</summary>
    private async Task<UndoResult> UndoAsync()
    {
        _changes.Close();
        if (!_changes.Any) return new UndoResult([], []);
        _log.Progress(_title, "Putting back what was changed", _player.Percent, completed: false);
        UndoResult undo;
        try
        {
            using var limit = new CancellationTokenSource(_options.RollbackTimeout, _connection.Time);
            undo = await _changes.UndoAsync(includeHeld: false, limit.Token);
        }
        catch (Exception exception)
        {
            undo = new UndoResult([], [$"The undo ended unexpectedly: {ActivityPlayer.Describe(exception)} What is left is in {_recovery.Folder}."]);
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
                _log.Progress(_title, $"Waiting for the steady state: {notMet}", _player.Percent, completed: false);
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
            var run = await _player.LookAsync(probe, cancellationToken);
            if (run.ToleranceMet != true) return $"'{run.Name}': expected {run.Expected}, got {run.Got}.";
        }

        return null;
    }

    /// <summary>How many activities may be played: the method, the rollbacks and, as often as it is checked, the hypothesis.</summary>
    private int Planned()
    {
        var checks = _hypothesisStrategy switch
        {
            HypothesisStrategy.Default or HypothesisStrategy.Continuously => 2,
            HypothesisStrategy.Skip => 0,
            _ => 1,
        };
        return (checks * (_experiment.Hypothesis?.Probes.Count ?? 0)) + _experiment.Method.Count + _experiment.Rollbacks.Count;
    }

    private ChaosRun End(DateTimeOffset start, UndoResult undo)
    {
        var end = _connection.Time.GetUtcNow();
        var (outcome, reason) = _setbacks.Count == 0 ? (RunOutcome.Passed, Pretence()) : _setbacks.MaxBy(static setback => setback.Outcome);
        var played = _player.Played();
        var status = JudgedAsThere ? _toolkit.Status
            : Has(RunOutcome.Interrupted) ? "interrupted"
            : _aborted ? "aborted"
            : _errorId is not null || played.Any(static run => run is { Status: ActivityStatus.Failed, Phase: not RunPhase.Rollbacks }) ? "failed"
            : "completed";
        var deviated = JudgedAsThere ? _toolkit.Deviated : Has(RunOutcome.Deviated);
        var exitCode = !JudgedAsThere ? (int)outcome : undo.Complete && _errorId is null ? _toolkit.ExitCode : 1;
        _journal.Update(root =>
        {
            root["status"] = status;
            root["deviated"] = deviated;
            root["end"] = Journal.Time(end);
            root["duration"] = Journal.Seconds(end - start);
            root["outcome"] = outcome.ToString();
            root["exit_code"] = exitCode;
            root["reason"] = reason;
            root["undo"] = new JsonObject
            {
                ["complete"] = undo.Complete,
                ["steps"] = new JsonArray([.. undo.Steps.Select(static step => JsonValue.Create(step))]),
                ["remaining"] = new JsonArray([.. undo.Remaining.Select(static step => JsonValue.Create(step))]),
            };
        });
        _journal.End();
        _changes.End(outcome.ToString());
        _log.Progress(_title, outcome.ToString(), 100, completed: true);
        _log.Write(ChaosLogLevel.Information, $"The experiment ended: {outcome}.");
        return new ChaosRun
        {
            Outcome = outcome,
            ExitCode = exitCode,
            Dry = _options.Dry,
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
            Targets = [.. _player.Targets.Values.SelectMany(static targets => targets)],
            UndoSteps = undo.Steps,
            Journal = _journal.Content,
            JournalPath = _journal.FilePath,
        };
    }

    /// <summary>That nothing was tested must not pass for a test.</summary>
    private string? Pretence() => _options.Dry switch
    {
        null => null,
        DryMode.Pause => "Dry run: the pauses were left out.",
        _ => $"Dry run: {_player.Played().Count(static run => run.Status == ActivityStatus.Skipped)} of {_player.Played().Count} activities were not carried out.",
    };

    private void Setback(RunOutcome outcome, string reason)
    {
        lock (_lock) _setbacks.Add((outcome, _redactor.Redact(reason)));
        _log.Write(ChaosLogLevel.Warning, reason);
    }

    private CancellationToken Hurried => _options.Undo?.Hurried ?? CancellationToken.None;

    private bool Has(RunOutcome outcome)
    {
        lock (_lock) return _setbacks.Exists(setback => setback.Outcome == outcome);
    }

    private JsonObject Copy()
    {
        var copy = _redactor.ToJson((DocumentMapping)_experiment.Document);
        copy["title"] = _title;
        copy["dry"] = _options.Dry?.ToString().ToLowerInvariant();
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
        ["compatibility"] = JudgedAsThere ? _options.Compatibility.ToString() : null,
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
