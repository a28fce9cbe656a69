namespace ChaosPS.Experiments.Runs;

/// <summary>When the declared rollbacks are played.</summary>
internal static class RollbackTable
{
    /// <summary>By the judgement of ChaosPS: what may have changed something is followed by its rollbacks, however it ended.</summary>
    /// <param name="strategy">What the experiment or the caller asks for.</param>
    /// <param name="methodEntered">Whether the method was entered, however it ended.</param>
    /// <param name="deviated">Whether the steady state was not met after the method or beside it, or a tolerance in it.</param>
    public static bool Plays(RollbackStrategy strategy, bool methodEntered, bool deviated) => strategy switch
    {
        RollbackStrategy.Always => true,
        RollbackStrategy.Never => false,
        RollbackStrategy.Deviated => methodEntered && deviated,
        _ => methodEntered,
    };

    /// <summary>By the judgement of the Chaos Toolkit.</summary>
    /// <param name="strategy">What the experiment or the caller asks for.</param>
    /// <param name="status">Its status so far: <c>completed</c>, <c>failed</c>, <c>aborted</c> or <c>interrupted</c>.</param>
    /// <param name="deviated">Whether the hypothesis after the method was not met.</param>
    /// <param name="crashed">Whether its runner would have died of an exception outside the method: nothing follows that.</param>
    public static bool PlaysThere(RollbackStrategy strategy, string status, bool deviated, bool crashed) => !crashed && strategy switch
    {
        RollbackStrategy.Always => true,
        RollbackStrategy.Never => false,
        RollbackStrategy.Deviated => deviated,
        _ => status is not ("failed" or "interrupted"),
    };
}
