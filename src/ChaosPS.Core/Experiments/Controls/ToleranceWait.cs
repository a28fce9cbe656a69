namespace ChaosPS.Experiments.Controls;

/// <summary>How long a probe is waited for.</summary>
/// <param name="Timeout">How long.</param>
/// <param name="Interval">What is between two times that it is carried out.</param>
internal sealed record ToleranceWait(TimeSpan Timeout, TimeSpan Interval);
