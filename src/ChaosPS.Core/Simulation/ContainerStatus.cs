namespace ChaosPS.Simulation;

/// <summary>What the kubelet last reported of a container.</summary>
public enum ContainerState
{
    /// <summary>Not started yet (<c>ContainerCreating</c>).</summary>
    Waiting,

    /// <summary>Started.</summary>
    Running,

    /// <summary>Ended.</summary>
    Terminated,
}

/// <summary>The status of a container as the kubelet last reported it: on a dead node it stays as it was.</summary>
/// <param name="Name">The container's name.</param>
/// <param name="Image">Its image.</param>
/// <param name="State">Waiting, running or terminated.</param>
/// <param name="Ready">Whether its readiness probe succeeded.</param>
/// <param name="RestartCount">How often it was started again.</param>
/// <param name="StartedAt">When it was last started.</param>
/// <param name="FinishedAt">When it ended; null unless it is terminated.</param>
public sealed record ContainerStatus(
    string Name, string Image, ContainerState State, bool Ready, int RestartCount, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    /// <summary>The exit code of one that is terminated, or waits to be started again; 0 is success.</summary>
    public int ExitCode { get; init; }

    /// <summary>Why it waits or has ended: <c>ContainerCreating</c>, <c>CrashLoopBackOff</c>, <c>Completed</c>, <c>Error</c>; null while it runs.</summary>
    public string? Reason { get; init; }

    /// <summary>When it became ready in its present or last run; null when it never did.</summary>
    public DateTimeOffset? ReadyAt { get; init; }

    /// <summary>How its last run ended, once it is started again or waits for that; null for one that never ended.</summary>
    public ContainerEnd? LastEnd { get; init; }
}
