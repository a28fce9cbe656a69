using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Experiments;

/// <summary>What an activity works with.</summary>
internal sealed record ActivityContext
{
    /// <summary>The cluster, its machines, its application and its clock.</summary>
    public required ChaosConnection Connection { get; init; }

    /// <summary>Whether hosts may be reached that the sandbox does not serve.</summary>
    public bool AllowExternal { get; init; }

    /// <summary>Fills placeholders.</summary>
    public required Substitution Substitution { get; init; }

    /// <summary>The only way to change a machine's power.</summary>
    public required GuardedPower Power { get; init; }

    /// <summary>What the activity was resolved to before anything was touched.</summary>
    public IReadOnlyList<ActivityTarget> Targets { get; init; } = [];
}
