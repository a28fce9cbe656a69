namespace ChaosPS.Safety;

/// <summary>A budget that no selection can exceed: how much may be down at once.</summary>
/// <param name="MaxNodesDown">Nodes that may be down at the same time, counting those that are down already; at least 1.</param>
public sealed record BlastRadius(int MaxNodesDown = 1);
