namespace ChaosPS.Resilience;

/// <summary>What a loss does to the calls on one path: load balancer, ingress controller, Service, pods.</summary>
/// <param name="Uri">Where users reach it.</param>
/// <param name="Down">How long every call fails.</param>
/// <param name="Degraded">How long some calls fail.</param>
/// <param name="FailingShare">The share of calls that fail while some do, 0 to 1: the mean over that time, in the likely run.</param>
public sealed record PathPrediction(Uri Uri, DurationInterval Down, DurationInterval Degraded, double FailingShare)
{
    /// <summary>Where users reach it.</summary>
    public override string ToString() => Uri.ToString();
}
