using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>An activity of an experiment: a probe or an action.</summary>
public sealed record ExperimentActivity
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Probe or action.</summary>
    public required ActivityKind Kind { get; init; }

    /// <summary>Whether the method goes on while it works.</summary>
    public bool Background { get; init; }

    /// <summary>Its place in the document.</summary>
    public required DocumentMapping Node { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
