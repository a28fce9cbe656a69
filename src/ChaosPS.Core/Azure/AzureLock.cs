namespace ChaosPS.Azure;

/// <summary>A lock that somebody has put on a resource or on what it is in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ResourceId">Its own resource id.</param>
/// <param name="IsReadOnly">Whether nothing may be changed; otherwise nothing may be deleted.</param>
/// <param name="Notes">Why it is there.</param>
public sealed record AzureLock(string Name, string ResourceId, bool IsReadOnly, string? Notes);
