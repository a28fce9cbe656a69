namespace ChaosPS.Experiments;

/// <summary>How an activity ended.</summary>
public enum ActivityStatus
{
    /// <summary>It did its work; for a probe this says nothing about its tolerance.</summary>
    Succeeded,

    /// <summary>It could not do its work.</summary>
    Failed,

    /// <summary>It was cut short. The journal then has no status for it, as the Chaos Toolkit's.</summary>
    Interrupted,

    /// <summary>It was not carried out, for the run was a dry one or a control left it out. The journal then says <c>succeeded</c>, as the Chaos Toolkit's, and <c>dry</c>.</summary>
    Skipped,
}
