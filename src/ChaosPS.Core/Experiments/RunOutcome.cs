namespace ChaosPS.Experiments;

/// <summary>What became of a run: the worst that applies; untested only where nothing worse does. The number is the exit code of the command line.</summary>
/// <remarks>2 is the exit code of wrong usage, 3 that of an invalid definition: neither is a run.</remarks>
public enum RunOutcome
{
    /// <summary>The steady state held before and after.</summary>
    Passed = 0,

    /// <summary>The steady state was not met after the method: the experiment found a weakness.</summary>
    Deviated = 1,

    /// <summary>Nothing was touched: the steady state was not met before the method, or a target could not be resolved.</summary>
    NotStarted = 4,

    /// <summary>An activity of the method could not do its work, so the experiment proves nothing.</summary>
    ActivityFailed = 5,

    /// <summary>It was interrupted; what it had changed was put back.</summary>
    Interrupted = 6,

    /// <summary>Not everything could be put back: somebody has to look.</summary>
    RollbackIncomplete = 7,

    /// <summary>
    /// Nothing went wrong, and nothing was tested: the steady state was never looked at, no action was carried out, or the run was a dry one. The exit code of a dry
    /// run is 0: it was not to test.
    /// </summary>
    Untested = 8,
}
