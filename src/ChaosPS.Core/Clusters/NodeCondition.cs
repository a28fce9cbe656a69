namespace ChaosPS.Clusters;

/// <summary>A condition of a node: Ready, MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable.</summary>
/// <param name="Type">The condition's type.</param>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
/// <param name="Reason">A machine word for the last change.</param>
/// <param name="Message">The same for people.</param>
/// <param name="LastTransitionTime">When the status last changed.</param>
/// <param name="LastHeartbeatTime">When the kubelet last posted it: on its start, on a change, and every 5 minutes; null when unknown.</param>
public sealed record NodeCondition(
    string Type, string Status, string Reason, string Message, DateTimeOffset LastTransitionTime, DateTimeOffset? LastHeartbeatTime = null);
