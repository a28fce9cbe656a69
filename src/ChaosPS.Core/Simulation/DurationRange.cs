namespace ChaosPS.Simulation;

/// <summary>A duration that differs from one time to the next: even chance between two bounds.</summary>
/// <param name="Shortest">The lower bound, not negative.</param>
/// <param name="Longest">The upper bound, not below <paramref name="Shortest"/>.</param>
public readonly record struct DurationRange(TimeSpan Shortest, TimeSpan Longest)
{
    /// <summary>A range in seconds.</summary>
    public static DurationRange FromSeconds(double shortest, double longest) =>
        new(TimeSpan.FromSeconds(shortest), TimeSpan.FromSeconds(longest));

    /// <summary>A range in milliseconds.</summary>
    public static DurationRange FromMilliseconds(double shortest, double longest) =>
        new(TimeSpan.FromMilliseconds(shortest), TimeSpan.FromMilliseconds(longest));

    internal TimeSpan Draw(Random chance) => Shortest + TimeSpan.FromTicks((long)(chance.NextDouble() * (Longest - Shortest).Ticks));
}
