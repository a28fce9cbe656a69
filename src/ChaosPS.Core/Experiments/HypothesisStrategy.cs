namespace ChaosPS.Experiments;

/// <summary>When the steady-state hypothesis is checked.</summary>
public enum HypothesisStrategy
{
    /// <summary>Before and after the method.</summary>
    Default,

    /// <summary>Before the method only.</summary>
    BeforeMethodOnly,

    /// <summary>After the method only.</summary>
    AfterMethodOnly,

    /// <summary>Again and again while the method is played.</summary>
    DuringMethodOnly,

    /// <summary>Before, again and again during, and after the method.</summary>
    Continuously,

    /// <summary>Not at all.</summary>
    Skip,
}
