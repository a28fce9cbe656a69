namespace ChaosPS.Experiments;

/// <summary>The part of a run that an activity was carried out in.</summary>
public enum RunPhase
{
    /// <summary>The steady-state hypothesis before the method.</summary>
    Before,

    /// <summary>The method.</summary>
    Method,

    /// <summary>The steady-state hypothesis while the method was played.</summary>
    During,

    /// <summary>The steady-state hypothesis after the method.</summary>
    After,

    /// <summary>The rollbacks.</summary>
    Rollbacks,
}
