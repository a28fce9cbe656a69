using ChaosPS.Ports;
using ChaosPS.Safety;

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

    /// <summary>Reads the files that the experiment names.</summary>
    public required SpecFiles Files { get; init; }

    /// <summary>The directory that paths begin in which are not whole.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Refuses what the rules forbid.</summary>
    public required BlastGate Gate { get; init; }

    /// <summary>Takes the warnings of rules that only warn; null to leave them out.</summary>
    public required IChaosLog? Log { get; init; }

    /// <summary>Makes choices.</summary>
    public required Random Random { get; init; }

    /// <summary>What activities before this one were resolved to: machines that a rollback which names none puts back; objects that do not exist yet.</summary>
    public required IReadOnlyList<ActivityTarget> Earlier { get; init; }
}
