namespace ChaosPS.Clusters;

/// <summary>How an object is deleted.</summary>
/// <param name="GracePeriodSeconds">Seconds that it has to end; 0 takes it away at once; null for its own.</param>
/// <param name="Uid">The object that is meant: another one of its name is left alone; null for whichever there is.</param>
public sealed record ObjectDeletion(int? GracePeriodSeconds = null, string? Uid = null);
