namespace ChaosPS.Sandboxes;

/// <summary>How a sandbox is made.</summary>
public sealed record SandboxOptions
{
    /// <summary>What all chance in it comes from: one seed, one history.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// How many of its seconds pass in one of this machine's, for a sandbox that other processes use; null for a clock that stands still while anybody
    /// works and jumps over every wait. <see cref="Time.RunningClock.MinSpeed"/> to <see cref="Time.RunningClock.MaxSpeed"/>.
    /// </summary>
    public double? Speed { get; init; }
}
