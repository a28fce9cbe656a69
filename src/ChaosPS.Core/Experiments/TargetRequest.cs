using ChaosPS.Clusters;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Asks an activity what it will change.</summary>
internal sealed record TargetRequest
{
    /// <summary>Method or rollbacks.</summary>
    public required RunPhase Phase { get; init; }

    /// <summary>The activity's name in the experiment.</summary>
    public required string Activity { get; init; }

    /// <summary>The arguments, placeholders filled.</summary>
    public required IReadOnlyDictionary<string, object?> Arguments { get; init; }

    /// <summary>The cluster and its machines.</summary>
    public required ChaosConnection Connection { get; init; }

    /// <summary>Makes choices.</summary>
    public required Random Random { get; init; }

    /// <summary>Machines that activities before this one were resolved to: what a rollback that names none puts back.</summary>
    public required IReadOnlyList<ScaleSetInstance> Chosen { get; init; }
}
