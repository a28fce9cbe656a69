namespace ChaosPS.Simulation;

/// <summary>What became of a request to the application.</summary>
/// <param name="StatusCode">The HTTP status; null when no answer ever comes and the caller waits until it gives up.</param>
/// <param name="Latency">How long the answer takes; zero when none comes.</param>
/// <param name="Reason">What happened on the way, for people.</param>
/// <param name="Service">The Service that the path leads to; null when the request did not get so far.</param>
/// <param name="Pod">The pod that was asked; null when the request did not get so far.</param>
public sealed record RouteOutcome(int? StatusCode, TimeSpan Latency, string Reason, SimulatedService? Service, SimulatedPod? Pod)
{
    /// <summary>Whether the caller waits in vain.</summary>
    public bool Hangs => StatusCode is null;
}
