namespace ChaosPS.Experiments;

/// <summary>When the declared rollbacks are played.</summary>
/// <remarks>It is about the declared rollbacks only: what the run itself changed and they did not put back is always put back.</remarks>
public enum RollbackStrategy
{
    /// <summary>Whenever the method was entered: also after failure and interruption.</summary>
    Default,

    /// <summary>Even when the run ended before the method.</summary>
    Always,

    /// <summary>Only when the steady state was not met after the method.</summary>
    Deviated,

    /// <summary>Never.</summary>
    Never,
}
