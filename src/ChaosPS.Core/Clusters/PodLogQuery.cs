namespace ChaosPS.Clusters;

/// <summary>Which part of a container's log is wanted.</summary>
/// <param name="Container">The container; null for the only one.</param>
/// <param name="Previous">Whether the log of the container's last incarnation is wanted.</param>
/// <param name="SinceSeconds">The last seconds of it, 1 or more; null for all that is kept.</param>
public sealed record PodLogQuery(string? Container = null, bool Previous = false, int? SinceSeconds = null);
