namespace ChaosPS.Experiments;

/// <summary>Whose judgement of a run counts.</summary>
public enum RunCompatibility
{
    /// <summary>ChaosPS's.</summary>
    None,

    /// <summary>
    /// The Chaos Toolkit's: its status, its <c>deviated</c>, its rules for when rollbacks are played, and its exit codes. What the run has changed is put back all
    /// the same, and targets are still resolved before anything is touched.
    /// </summary>
    ChaosToolkit,
}
