using ChaosPS.Experiments.Controls;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>An activity of an experiment: a probe or an action.</summary>
public sealed record ExperimentActivity
{
    internal ExperimentActivity(ActivityProvider provider) => Provider = provider;

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Probe or action.</summary>
    public required ActivityKind Kind { get; init; }

    /// <summary>Whether the method goes on while it works.</summary>
    public bool Background { get; init; }

    /// <summary>Its place in the document.</summary>
    public required DocumentMapping Node { get; init; }

    /// <summary>What carries it out.</summary>
    internal ActivityProvider Provider { get; }

    /// <summary>The controls that are declared for it.</summary>
    internal IReadOnlyList<ExperimentControl> Controls { get; init; } = [];

    /// <summary>What its output is held against in the hypothesis.</summary>
    internal DocumentNode? Tolerance => Node["tolerance"];

    /// <summary>The tolerance, when it is a probe; null when it is of another kind.</summary>
    internal ToleranceProbe? ToleranceProbe { get; init; }

    /// <summary>The pause before it, as written.</summary>
    internal DocumentNode? PauseBefore => (Node["pauses"] as DocumentMapping)?["before"];

    /// <summary>The pause after it, as written.</summary>
    internal DocumentNode? PauseAfter => (Node["pauses"] as DocumentMapping)?["after"];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
