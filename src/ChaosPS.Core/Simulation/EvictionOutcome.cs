namespace ChaosPS.Simulation;

/// <summary>What the API answers to an eviction.</summary>
/// <param name="StatusCode">201 evicted, 429 not now, 500 never as things are.</param>
/// <param name="Message">Why not, in the API's words; empty for 201.</param>
/// <param name="Cause">Which budget is in the way, in the API's words; null when none is.</param>
/// <param name="RetryAfterSeconds">When to ask again; null when the API does not say.</param>
public sealed record EvictionOutcome(int StatusCode, string Message = "", string? Cause = null, int? RetryAfterSeconds = null)
{
    /// <summary>Whether the pod is, or was already, on its way out.</summary>
    public bool Evicted => StatusCode == 201;
}
