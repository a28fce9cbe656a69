using System.Text.Json.Nodes;

namespace ChaosPS.Experiments;

/// <summary>A run of an experiment, finished.</summary>
public sealed record ChaosRun
{
    /// <summary>What became of it.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>The experiment's title, placeholders filled.</summary>
    public required string Title { get; init; }

    /// <summary>The experiment's file.</summary>
    public required string Source { get; init; }

    /// <summary>The run's id, which is also the name of its folder.</summary>
    public required string RunId { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>When it ended, everything put back.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>From <see cref="Start"/> to <see cref="End"/>.</summary>
    public TimeSpan Duration => End - Start;

    /// <summary>The Chaos Toolkit's status: <c>completed</c>, <c>failed</c>, <c>aborted</c> or <c>interrupted</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Whether the steady state was not met after the method.</summary>
    public required bool Deviated { get; init; }

    /// <summary>Why the outcome is not <see cref="RunOutcome.Passed"/>, or what was left out of a run that passed; null when nothing was.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// The id of the error that kept the run from starting, such as <c>ScaleSetNotMatched</c>, or that ended it where it is judged as the Chaos Toolkit judges;
    /// null when there was none.
    /// </summary>
    public string? ErrorId { get; init; }

    /// <summary>Every activity as it was carried out, in order.</summary>
    public required IReadOnlyList<ActivityRun> Activities { get; init; }

    /// <summary>How the probes' measurements compare with what was predicted before nodes were taken away, in a sentence; null when none were.</summary>
    public string? Prediction { get; init; }

    /// <summary>The machines that the actions were resolved to before anything was touched.</summary>
    public required IReadOnlyList<ActivityTarget> Targets { get; init; }

    /// <summary>What was put back after the rollbacks, a line a step.</summary>
    public required IReadOnlyList<string> UndoSteps { get; init; }

    /// <summary>The journal: the Chaos Toolkit's fields and ours, secrets taken out.</summary>
    public required JsonObject Journal { get; init; }

    /// <summary>Where the journal was written.</summary>
    public required string JournalPath { get; init; }

    /// <summary>What was not carried out; null when everything was.</summary>
    public DryMode? Dry { get; init; }

    /// <summary>Whether nothing was tested because nothing was to be.</summary>
    internal bool IsPretended => Outcome == RunOutcome.Untested && Dry is not (null or DryMode.Pause);

    /// <summary>The exit code of the command line: the outcome's number, 0 for a dry run that tested nothing; or the Chaos Toolkit's when the run is judged as there.</summary>
    public required int ExitCode { get; init; }
}
