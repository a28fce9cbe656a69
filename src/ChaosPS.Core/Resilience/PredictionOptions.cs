using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>How losses are predicted.</summary>
public sealed record PredictionOptions
{
    /// <summary>The cluster's times and rates. <see cref="SimulationOptions.Seed"/> is what all chance comes from.</summary>
    public SimulationOptions Simulation { get; init; } = new();

    /// <summary>
    /// The usual times and rates of a cluster's version: on Azure those of AKS, where machines that are off are found out, and Kubernetes' own elsewhere, and in a
    /// sandbox, which does what Kubernetes does by itself unless it is asked for more.
    /// </summary>
    public static SimulationOptions UsualFor(ClusterSnapshot snapshot, bool isSandbox)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return !isSandbox && snapshot.Nodes.Any(static node => node.ResourceId is not null) ? SimulationOptions.ForAks(snapshot.Version) : SimulationOptions.For(snapshot.Version);
    }

    /// <summary>How many times each loss is simulated at most, at least 1. Fewer where more would tell nothing new.</summary>
    public int Runs { get; init; } = 20;

    /// <summary>How long after the loss it is looked at; what lasts longer counts as so long.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromMinutes(20);
}
