namespace ChaosPS.Experiments.Controls;

/// <summary>What controls make of one activity.</summary>
/// <param name="BypassedBy">The control that leaves it out; null when it is carried out.</param>
/// <param name="Count">How often it is played.</param>
/// <param name="EndsOnFailure">Whether it is not played again after it has failed.</param>
/// <param name="HoldsTolerance">Whether its tolerance counts in the method and the rollbacks.</param>
/// <param name="Wait">How long it is waited for that it is within its tolerance; null when it is looked at once.</param>
internal sealed record ActivityControls(string? BypassedBy, int Count, bool EndsOnFailure, bool HoldsTolerance, ToleranceWait? Wait)
{
    /// <summary>Of an activity that nothing controls.</summary>
    public static ActivityControls None { get; } = new(null, 1, false, false, null);
}
