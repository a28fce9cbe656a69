using System.Text.Json.Nodes;
using ChaosPS.Experiments.Azure;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Experiments.Runs;

/// <summary>What the phases of one run share.</summary>
internal sealed class RunScope
{
    /// <summary>Begins a run: from here on it has a journal.</summary>
    /// <exception cref="Errors.ChaosException">The journal cannot be written: id <c>JournalUnwritable</c>.</exception>
    public RunScope(
        Experiment experiment, ChaosConnection connection, RunOptions options, ConfigurationReading values, Redactor redactor, IChaosLog log,
        RecoveryLog recovery, BlastGate gate)
    {
        Experiment = experiment;
        Connection = connection;
        Options = options;
        Values = values;
        Redactor = redactor;
        Log = log;
        Recovery = recovery;
        Gate = gate;
        Changes = new ChangeSet(connection, recovery, log) { Redact = redactor.Redact };
        options.Undo?.Watch(Changes);
        HypothesisStrategy = options.HypothesisStrategy ?? experiment.HypothesisStrategy;

        // The original takes a strategy that there is not, and plays no rollbacks then.
        RollbackStrategy = options.RollbackStrategy ?? experiment.NamedRollbackStrategy ?? (JudgedAsThere ? RollbackStrategy.Never : RollbackStrategy.Default);
        Verdict = new RunVerdict(options, redactor, log);
        var substitution = new Substitution(values.Configuration, values.Secrets);
        Title = redactor.Redact(PythonValue.Text(substitution.Apply(experiment.Title)));
        Journal = Journal.Begin(options.JournalPath ?? Path.Combine(recovery.Folder, "journal.json"), JournalParts.Copy(this), JournalParts.Ours(this), connection.Time, log);
        Work = new ActivityWork(connection, options, redactor)
        {
            Context = new ActivityContext
            {
                Connection = connection,
                AllowExternal = options.AllowExternal,
                Environment = EnvironmentVariables.For(connection, options.EnvironmentVariables, options.WorkingDirectory),
                Session = options.Session,
                Substitution = substitution,
                Power = NewPower(),
                Azure = new AzureAskers(connection, values.Secrets, log),
                Changes = Changes,
                Gate = gate,
                Log = log,
                Files = new SpecFiles(experiment.Documents, options.WorkingDirectory, experiment.Folder),
                Compatibility = options.Compatibility,
                Random = new Random(options.Seed),
                AllowIrreversible = options.AllowIrreversible,
            },
        };
        Prediction = new RunPrediction(this);
        Player = new ActivityPlayer(Work, connection, options, Journal, redactor, log, Title, Planned());
    }

    /// <summary>What is run.</summary>
    public Experiment Experiment { get; }

    /// <summary>The cluster, and the clock of the run.</summary>
    public ChaosConnection Connection { get; }

    /// <summary>The clock of the run.</summary>
    public TimeProvider Time => Connection.Time;

    /// <summary>How it is run.</summary>
    public RunOptions Options { get; }

    /// <summary>The configuration and the secrets, but for what probes find out.</summary>
    public ConfigurationReading Values { get; }

    /// <summary>Takes secrets out of all that is written.</summary>
    public Redactor Redactor { get; }

    /// <summary>Says what is done.</summary>
    public IChaosLog Log { get; }

    /// <summary>Where undo is written down before anything is changed.</summary>
    public RecoveryLog Recovery { get; }

    /// <summary>Refuses what the rules forbid.</summary>
    public BlastGate Gate { get; }

    /// <summary>What the run has changed.</summary>
    public ChangeSet Changes { get; }

    /// <summary>Takes what becomes of the run.</summary>
    public Journal Journal { get; }

    /// <summary>Carries activities out.</summary>
    public ActivityWork Work { get; }

    /// <summary>Plays the activities.</summary>
    public ActivityPlayer Player { get; }

    /// <summary>What it is going to do to the workloads.</summary>
    public RunPrediction Prediction { get; }

    /// <summary>What has gone wrong so far.</summary>
    public RunVerdict Verdict { get; }

    /// <summary>When the hypothesis is checked.</summary>
    public HypothesisStrategy HypothesisStrategy { get; }

    /// <summary>When the rollbacks are played.</summary>
    public RollbackStrategy RollbackStrategy { get; }

    /// <summary>The title, placeholders filled, without secrets.</summary>
    public string Title { get; set; }

    /// <summary>Whether the run is judged as the Chaos Toolkit judges.</summary>
    public bool JudgedAsThere => Options.Compatibility == RunCompatibility.ChaosToolkit;

    /// <summary>Fires when the process has only seconds left.</summary>
    public CancellationToken Hurried => Options.Undo?.Hurried ?? CancellationToken.None;

    /// <summary>A way to the machines' power of its own.</summary>
    public GuardedPower NewPower() => new(Connection, Changes, Gate, Log);

    /// <summary>Plays the activities of the method or of the rollbacks.</summary>
    /// <param name="phase">Which of them.</param>
    /// <param name="isOver">Whether the rest is not to be played any more; asked before each.</param>
    /// <param name="cancellationToken">Ends what is being played.</param>
    public Task PlayAllAsync(RunPhase phase, Func<bool> isOver, CancellationToken cancellationToken)
    {
        var (activities, entries) = phase == RunPhase.Method ? (Experiment.Method, "run") : (Experiment.Rollbacks, "rollbacks");
        return Player.PlayAllAsync(phase, activities, (JsonArray)Journal.Content[entries]!, isOver, cancellationToken);
    }

    /// <summary>How many activities may be played: the method, the rollbacks and, as often as it is checked, the hypothesis.</summary>
    private int Planned()
    {
        var checks = HypothesisStrategy switch
        {
            HypothesisStrategy.Default or HypothesisStrategy.Continuously => 2,
            HypothesisStrategy.Skip => 0,
            _ => 1,
        };
        return (checks * (Experiment.Hypothesis?.Probes.Count ?? 0)) + Experiment.Method.Count + Experiment.Rollbacks.Count;
    }
}
