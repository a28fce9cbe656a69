namespace ChaosPS.Simulation;

/// <summary>How a container ended.</summary>
/// <param name="ExitCode">Its exit code; 0 is success.</param>
/// <param name="Reason"><c>Completed</c>, <c>Error</c>, or <c>Unknown</c> where a machine took it down.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="FinishedAt">When it ended.</param>
public sealed record ContainerEnd(int ExitCode, string Reason, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    /// <summary>When it had become ready; null when it never was.</summary>
    public DateTimeOffset? ReadyAt { get; init; }
}
