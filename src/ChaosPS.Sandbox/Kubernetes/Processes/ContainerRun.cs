using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Processes;

/// <summary>A line of a log.</summary>
internal readonly record struct LogLine(DateTimeOffset Time, string Text);

/// <summary>The life of a container from a start to its end. Nothing runs in the sandbox: what it writes is told from what happens to it.</summary>
/// <param name="Pod">Its pod.</param>
/// <param name="Name">The container.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="ReadyAt">When it became ready; null when it has not been.</param>
/// <param name="FinishedAt">When it ended; null while it runs.</param>
/// <param name="ExitCode">Its exit code, when it has ended; null where a machine took it down.</param>
internal sealed record ContainerRun(
    SimulatedPod Pod, string Name, DateTimeOffset StartedAt, DateTimeOffset? ReadyAt, DateTimeOffset? FinishedAt, int? ExitCode)
{
    /// <summary>Its present or last life, or the one before that; null when there was none.</summary>
    public static ContainerRun? Of(SimulatedPod pod, string container, bool isPrevious)
    {
        if (pod.Containers.FirstOrDefault(status => status.Name == container) is not { } status) return null;
        if (!isPrevious && status is { State: not ContainerState.Waiting, StartedAt: { } start })
            return new ContainerRun(pod, container, start, status.ReadyAt, status.FinishedAt, status.FinishedAt is null ? null : status.ExitCode);
        return status.LastEnd is { StartedAt: { } before } end
            ? new ContainerRun(pod, container, before, end.ReadyAt, end.FinishedAt, end.Reason == "Unknown" ? null : end.ExitCode)
            : null;
    }

    /// <summary>The life that began then; null when nothing is known of it any more.</summary>
    public static ContainerRun? At(SimulatedPod pod, string container, DateTimeOffset startedAt) =>
        new[] { Of(pod, container, isPrevious: false), Of(pod, container, isPrevious: true) }.FirstOrDefault(run => run?.StartedAt == startedAt);

    /// <summary>What it has written from a time on, in the order of time.</summary>
    public IReadOnlyList<LogLine> Lines(DateTimeOffset since)
    {
        var spec = Pod.Spec.Containers.First(container => container.Name == Name);
        List<LogLine> lines = [new(StartedAt, $"{Name} starts: {spec.Image}")];
        if (ReadyAt is { } ready) lines.Add(new(ready > StartedAt ? ready : StartedAt, $"{Name} serves"));
        if (spec == Pod.Spec.Containers[0])
            lines.AddRange(Pod.Output.Where(line => line.Time >= StartedAt && !(line.Time > FinishedAt)).Select(static line => new LogLine(line.Time, line.Text)));
        if (FinishedAt is { } end && ExitCode is { } code) lines.Add(new(end, $"{Name} ends with exit code {code}"));
        return [.. lines.Where(line => line.Time >= since).OrderBy(static line => line.Time)];
    }
}
