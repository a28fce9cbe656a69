namespace ChaosPS.Experiments;

/// <summary>The longest pause and the longest time-out of an experiment.</summary>
internal static class Longest
{
    /// <summary>In seconds, 24 days: a timer takes no more milliseconds.</summary>
    public const int Seconds = int.MaxValue / 1000;
}
