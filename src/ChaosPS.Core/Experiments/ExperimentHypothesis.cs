using ChaosPS.Experiments.Controls;

namespace ChaosPS.Experiments;

/// <summary>The steady-state hypothesis: what must hold for the system to be well.</summary>
/// <param name="Title">What it claims.</param>
/// <param name="Probes">What is looked at, each with its tolerance.</param>
public sealed record ExperimentHypothesis(string Title, IReadOnlyList<ExperimentActivity> Probes)
{
    /// <summary>The controls that are declared for it.</summary>
    internal IReadOnlyList<ExperimentControl> Controls { get; init; } = [];
}
