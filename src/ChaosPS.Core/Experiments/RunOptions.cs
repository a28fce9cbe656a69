using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Experiments;

/// <summary>How to run an experiment.</summary>
public sealed record RunOptions
{
    /// <summary>Values that come before the experiment's own configuration and secrets, by key.</summary>
    public IReadOnlyDictionary<string, object?> Variables { get; init; } = new Dictionary<string, object?>();

    /// <summary>Values that come before the experiment's own secrets only, by key.</summary>
    public IReadOnlyDictionary<string, object?> SecretVariables { get; init; } = new Dictionary<string, object?>();

    /// <summary>Environment variables that come before those of the connection and the process.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>The session of PowerShell that powershell activities run in, and secrets are read in; null when there is none.</summary>
    public ICallerSession? Session { get; init; }

    /// <summary>What all chance in the run comes from: one seed, one choice of targets.</summary>
    public int Seed { get; init; }

    /// <summary>Where the journal is written; null means <c>journal.json</c> in the run's folder.</summary>
    public string? JournalPath { get; init; }

    /// <summary>The directory that holds the run folders; null means the user's state directory.</summary>
    public string? StatePath { get; init; }

    /// <summary>The directory that paths of files begin in which are not whole.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Whether actions that cannot be undone may run.</summary>
    public bool AllowIrreversible { get; init; }

    /// <summary>Whether the warnings of the validation keep the run from starting.</summary>
    public bool Strict { get; init; }

    /// <summary>
    /// Whether the run begins although the validation finds errors in activities, and in what is for readers only: an activity with an error fails in its turn. What
    /// is no experiment, or unsafe, is refused all the same.
    /// </summary>
    public bool SkipValidation { get; init; }

    /// <summary>Whether a run in a sandbox may run programs and send to hosts that the sandbox does not serve.</summary>
    public bool AllowExternal { get; init; }

    /// <summary>The cluster whose copy the run is rehearsed on, for the journal; null when it is no rehearsal.</summary>
    public string? RehearsalOf { get; init; }

    /// <summary>What parameters and policy files say about how much may be hit. The cluster's own policy comes on top.</summary>
    public IReadOnlyList<BlastPolicy> Policies { get; init; } = [];

    /// <summary>Whether the run is marked in the cluster by a Lease, so that other machines see it and can put back what it leaves.</summary>
    public bool Lease { get; init; }

    /// <summary>How long the run may take until it is interrupted; null means as long as it takes. Rollbacks and undo come after that.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>How long to wait, when all is put back, until the steady state holds again.</summary>
    public TimeSpan SteadyStateTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the rollbacks, and then the undo, may take each; they do not end with the run's own token.</summary>
    public TimeSpan RollbackTimeout { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Lets the caller see what is left to put back, and say that the process has only seconds left; null when nobody asks.</summary>
    public UndoControl? Undo { get; init; }

    /// <summary>When the hypothesis is checked; null means as the experiment says, else before and after.</summary>
    public HypothesisStrategy? HypothesisStrategy { get; init; }

    /// <summary>When the rollbacks are played; null means as the experiment says, else whenever the method was entered.</summary>
    public RollbackStrategy? RollbackStrategy { get; init; }

    /// <summary>The pause between two checks of the hypothesis while the method is played.</summary>
    public TimeSpan HypothesisFrequency { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether the method is ended when a check of the hypothesis beside it is not met.</summary>
    public bool FailFast { get; init; }

    /// <summary>What is not carried out; null means that everything is.</summary>
    public DryMode? Dry { get; init; }

    /// <summary>Whether the run goes without the controls that this version does not apply.</summary>
    public bool SkipUnknownControls { get; init; }

    /// <summary>Whose judgement of the run counts.</summary>
    public RunCompatibility Compatibility { get; init; }

    /// <summary>What counts the moment that an activity has to heed the end of the run: real time, whatever clock the run has.</summary>
    internal TimeProvider Patience { get; init; } = TimeProvider.System;
}
