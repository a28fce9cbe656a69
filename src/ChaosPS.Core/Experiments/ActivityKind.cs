namespace ChaosPS.Experiments;

/// <summary>What an activity does to the system.</summary>
public enum ActivityKind
{
    /// <summary>It looks.</summary>
    Probe,

    /// <summary>It changes something.</summary>
    Action,
}
