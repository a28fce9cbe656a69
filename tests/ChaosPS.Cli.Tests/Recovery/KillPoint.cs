namespace ChaosPS.Cli.Tests.Recovery;

/// <summary>When a run's process is killed.</summary>
internal enum KillPhase
{
    /// <summary>A request has arrived and is never processed.</summary>
    Unprocessed,

    /// <summary>A request was processed; nobody gets to know.</summary>
    Unanswered,

    /// <summary>The answer was sent; whether the process still read it is left to chance.</summary>
    Answered,

    /// <summary>The process was writing to its log: the line is cut, and what it announces was not sent.</summary>
    Writing,
}

/// <summary>A moment of a run at which its process is killed.</summary>
/// <param name="Experiment">What runs.</param>
/// <param name="Phase">In what.</param>
/// <param name="At">The request's number; for <see cref="KillPhase.Writing"/>, the number of times that the log had grown.</param>
/// <param name="Cut">For <see cref="KillPhase.Writing"/>: which share of what was written is there; 0 to 1.</param>
internal sealed record KillPoint(RecoveryExperiment Experiment, KillPhase Phase, int At, double Cut = 0)
{
    public override string ToString() => $"'{Experiment.Name}', {Phase} {At}" + (Phase == KillPhase.Writing ? $" cut at {Cut:P0}" : "");
}
