using ChaosPS.Clusters;

namespace ChaosPS.Safety;

/// <summary>A change that was made to a node's machine.</summary>
/// <param name="Action">What was done.</param>
/// <param name="At">When the call was sent: waiting counts from here.</param>
/// <param name="RunId">The run whose recovery log has the undo.</param>
public sealed record NodeChange(PowerAction Action, DateTimeOffset At, string RunId);
