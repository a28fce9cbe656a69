namespace ChaosPS.Sandboxes;

/// <summary>How a sandbox is made.</summary>
public sealed record SandboxOptions
{
    /// <summary>What all chance in it comes from: one seed, one history.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// How many of its seconds pass in one of this machine's, for a sandbox that other processes use; null for a clock that stands still while anybody
    /// works and jumps over every wait. <see cref="Time.RunningClock.MinSpeed"/> to <see cref="Time.RunningClock.MaxSpeed"/>.
    /// </summary>
    public double? Speed { get; init; }

    /// <summary>How many nodes a sandbox of manifests has; null for three. Only for manifests without Nodes of their own, as the next two.</summary>
    public int? Nodes { get; init; }

    /// <summary>The zones that its nodes are in, in turn, such as <c>1</c> or <c>westeurope-1</c>; empty for 1, 2 and 3 of westeurope.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>Azure's name of its nodes' size; null for <c>Standard_D4s_v3</c>.</summary>
    public string? NodeSize { get; init; }

    /// <summary>
    /// Times and rates of the simulation that are not as usual, by name: those of <see cref="Simulation.SimulationSettings.Names"/>, such as
    /// <c>NodeMonitorGracePeriod</c>, <c>20s</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Simulation { get; init; } = new Dictionary<string, string>();
}
